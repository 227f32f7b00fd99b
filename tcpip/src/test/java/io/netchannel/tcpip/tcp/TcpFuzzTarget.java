package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.TestRegion;
import io.netchannel.tcpip.fuzz.ByteRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Segments, errors, time and an application, into one stack: {@link Hostile}, whose choices are the input. */
public final class TcpFuzzTarget {

    private static final TestHost.Setup SETUP = TestHost.Setup.plain().withBuffers(256, 2048);
    private static final TestRegion REGION = new TestRegion(256, 2048, 1, 64);
    private static final int MAX_STEPS = 300;
    private static final int SEEDS = 40;

    private TcpFuzzTarget() {
    }

    public static List<byte[]> seeds() {
        final List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < SEEDS; i++) {
            final byte[] seed = new byte[100 + 20 * i];
            new Random(i).nextBytes(seed);
            seeds.add(seed);
        }
        return seeds;
    }

    public static void fuzzerTestOneInput(final byte[] input) {
        final ByteRandom random = new ByteRandom(input);
        try (Hostile hostile = Hostile.on(SETUP, REGION, random)) {
            for (int i = 0; i < MAX_STEPS && !random.isExhausted(); i++) {
                hostile.step();
            }
        }
    }
}
