package io.netchannel.tcpip.autoconf;

import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.TestRegion;
import io.netchannel.tcpip.fuzz.FrameList;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.link.AutoconfConfig;
import io.netchannel.tcpip.link.ConflictDetection;
import io.netchannel.tcpip.link.StableSecret;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Advertisements, solicitations, redirects, probes, queries and reports, with right checksums, to a host that configures
 * itself: {@link FrameList}, whose control is the time that passes, 0 to 127 (as a power of two of 50 ms from 64 on),
 * and in the highest bit that lengths and checksums stay as they are.
 */
public final class LinkMessagesFuzzTarget {

    private static final long STEP_NS = 50_000_000;
    private static final int AS_IT_IS = 128;
    private static final int MAX_FRAMES = 32;
    private static final int MAX_TURNS = 20_000;
    private static final TestRegion REGION = new TestRegion(64, 2048, 1, 16);
    private static final NetStackConfig CONFIG = NetStackConfig.of(InterfaceConfig.of("02:00:00:00:00:01",
            "10.7.0.1/24", "fd00::1/64").withAutoconf(
                    AutoconfConfig.STATIC.withConflictDetection(
                            ConflictDetection.FULL).withSlaac(new StableSecret(3, 4))
                            .withTemporaryAddresses(100, 200)));

    private LinkMessagesFuzzTarget() {
    }

    public static List<byte[]> seeds() {
        final List<byte[]> seeds = new ArrayList<>();
        final List<byte[]> frames = AutoconfFuzzTest.seeds();
        for (final byte[] frame : frames) {
            seeds.add(FrameList.of(0, List.of(frame)));
            seeds.add(FrameList.of(70, List.of(frame, frame)));
        }
        seeds.add(FrameList.of(3, frames));
        return seeds;
    }

    public static void fuzzerTestOneInput(final byte[] input) {
        final FrameList in = new FrameList(input);
        try (TestHost host = new TestHost(CONFIG, REGION)) {
            pass(host, 5 * 20 * STEP_NS);
            host.stack().network().joinGroup(IpAddress.parse("239.1.1.1"));
            host.stack().network().joinGroup(IpAddress.parse("ff05::7"));
            for (int i = 0; i < MAX_FRAMES && in.hasNext(); i++) {
                final int control = in.control();
                final byte[] frame = in.frame();
                if (frame.length < 14 + 8 || frame.length > 1500) {
                    continue;
                }
                final int message = AutoconfFuzzTest.messageOffset(frame);
                if ((control & AS_IT_IS) == 0 && frame.length >= message + 8 && message > 14) {
                    AutoconfFuzzTest.fixLengthsAndChecksums(frame, message);
                }
                host.receive(frame);
                final int time = control & AS_IT_IS - 1;
                pass(host, time < 64 ? time * STEP_NS : STEP_NS << (time - 64) % 20);
                check(host);
            }
        }
    }

    private static void pass(final TestHost host, final long durationNs) {
        final long untilNs = host.nowNs() + durationNs;
        int turns = 0;
        host.poll(host.nowNs());
        for (long next = host.stack().nextDeadlineNs(); next <= untilNs; next = host.stack().nextDeadlineNs()) {
            host.poll(Math.max(next, host.nowNs()));
            if (++turns > MAX_TURNS) {
                throw new AssertionError("the stack never rests");
            }
        }
        host.poll(untilNs);
    }

    private static void check(final TestHost host) {
        final int routes = host.stack().network().routes().all().size();
        final int addresses = host.stack().network().addresses().count();
        final int groups = host.stack().memberships().groupCount();
        if (routes > AdvertisedRoutes.MAX_ROUTERS + AdvertisedRoutes.MAX_ROUTES || addresses > Slaac.MAX_FORMED + 2
                || groups > 4 * Slaac.MAX_FORMED) {
            throw new AssertionError("routes=" + routes + " addresses=" + addresses + " groups=" + groups);
        }
    }
}
