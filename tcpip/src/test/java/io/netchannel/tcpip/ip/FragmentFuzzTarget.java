package io.netchannel.tcpip.ip;

import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.TestRegion;
import io.netchannel.tcpip.wire.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Parts of a few datagrams, in any order and overlapping as they like: what is delivered is one of them, whole.
 *
 * <pre>
 *  input: { which(8) | from(8), of 8 bytes | length(8), of 8 bytes | how(8) } ...
 *  which: 0 IPv6 | 1-2 datagram | 3-7 time passes
 *  how:   0 more fragments, whatever is true | 1-2 traffic class | 3 the datagram's end | 4 its last byte is another
 *         5 in small buffers | 6-7 to its length
 * </pre>
 */
public final class FragmentFuzzTarget {

    private static final TestRegion REGION = new TestRegion(256, 2048, 1, 16);
    private static final NetStackConfig CONFIG = NetStackConfig.of(InterfaceConfig.of(Fragments.US, "10.7.0.1/24",
            "fd00::1/64"));
    private static final int STEP_BYTES = 4;
    private static final int[] PAYLOAD_BYTES = {100, 1500, 2000, 40};
    private static final long STEP_NS = 1_000_000_000L;
    private static final int MAX_PARTS = 128;

    private FragmentFuzzTarget() {
    }

    public static List<byte[]> seeds() {
        final List<byte[]> seeds = new ArrayList<>();
        for (int which = 0; which < 8; which++) {
            final int units = PAYLOAD_BYTES[which >>> 1] / 8 / 3 + 1;
            seeds.add(bytes(which, 0, units, 1, which, units, units, 1, which, 2 * units, units, 8));
            seeds.add(bytes(which, 2 * units, units, 8, which, units, units, 1 | 6, which, 0, units, 1));
            seeds.add(bytes(which, 0, units, 1, which, 0, units, 1, which | 0xF8, units - 1, units, 1));
            seeds.add(bytes(which, 0, units, 33, which, units, 255, 32 + 8));
        }
        return seeds;
    }

    private static byte[] bytes(final int... values) {
        final byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    public static void fuzzerTestOneInput(final byte[] input) {
        final ByteBuffer in = ByteBuffer.wrap(input);
        try (TestHost host = new TestHost(CONFIG, REGION)) {
            host.pollUntil(2 * STEP_NS);
            learn(host, "10.7.0.2");
            learn(host, "fd00::2");
            host.stack().udp().bind(0, 0, 7, (socket, high, low, port, address, length) -> {
                final byte[] bytes = new byte[length];
                host.pool().packets().memory().copyToArray(address, bytes, 0, length);
                if (Arrays.stream(PAYLOAD_BYTES).noneMatch(b -> Arrays.equals(bytes, Frames.pattern(b)))) {
                    throw new AssertionError("delivered " + length + " bytes that nobody has sent");
                }
            });
            for (int i = 0; i < MAX_PARTS && in.remaining() >= STEP_BYTES; i++) {
                step(host, in);
            }
            // All is given up in the end.
            host.pollUntil(host.nowNs() + 120 * STEP_NS);
            if (host.pool().available() != host.pool().capacity()) {
                throw new AssertionError("available=" + host.pool().available() + " of " + host.pool().capacity());
            }
        }
    }

    private static void learn(final TestHost host, final String peer) {
        final IpAddress address = IpAddress.parse(peer);
        host.stack().neighbors().onSolicitationSource(host.stack().neighbors().findOrCreate(address.high(),
                address.low()), 0x0200_0000_0002L, host.nowNs());
    }

    private static void step(final TestHost host, final ByteBuffer in) {
        final int which = in.get() & 0xFF;
        final int start = (in.get() & 0xFF) * 8;
        final int length = (in.get() & 0xFF) * 8;
        final int how = in.get() & 0xFF;
        final Fragments fragments = new Fragments((which & 1) != 0, Frames.UDP, which >>> 1 & 3);
        final byte[] whole = fragments.udp(7, Frames.pattern(PAYLOAD_BYTES[which >>> 1 & 3]));
        final int from = Math.min(start, whole.length & ~7);
        final int to = (how & 8) != 0 ? whole.length : Math.min(whole.length, from + length + (how >>> 6));
        final byte[] part = fragments.part(whole, from, to, (how & 1) != 0, how >>> 1 & 3);
        if ((how & 16) != 0) {
            part[part.length - 1] ^= 1;
        }
        host.receiveBufferBytes((how & 32) != 0 ? 200 : Integer.MAX_VALUE);
        if (part.length < 1800) {
            host.receive(part);
        }
        host.pollUntil(host.nowNs() + (which >>> 3) * STEP_NS);
    }
}
