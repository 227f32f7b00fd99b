package io.netchannel.tcpip.fuzz;

import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.tcpip.Frame;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.NetStackFuzzTest;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.TestRegion;
import io.netchannel.tcpip.ip.InterfaceConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Frames into a whole stack: {@link FrameList}, whose control is
 *
 * <pre>
 *  0 checksums vouched for | 1 IPv4 header checksum made right | 2 destination made ours | 3-4 time passes
 *  5 in small buffers
 * </pre>
 */
public final class NetStackFuzzTarget {

    private static final int VOUCHED = 1;
    private static final int FIX_HEADER = 2;
    private static final int TO_US = 4;
    private static final int SMALL = 32;
    private static final long[] STEPS_NS = {0, 1_000_000, 1_000_000_000, 61_000_000_000L};
    private static final int MAX_FRAMES = 64;
    private static final TestRegion REGION = new TestRegion(128, 2048, 1, 64);
    private static final NetStackConfig CONFIG = NetStackConfig.of(InterfaceConfig.of(NetStackFuzzTest.OUR_MAC,
            "10.7.0.1/24", "fd00::1/64").withGateway("10.7.0.254"));

    private NetStackFuzzTarget() {
    }

    static List<byte[]> seeds() {
        final List<byte[]> seeds = new ArrayList<>();
        for (final byte[] frame : NetStackFuzzTest.seeds()) {
            seeds.add(FrameList.of(VOUCHED | TO_US, List.of(frame)));
        }
        seeds.add(FrameList.of(VOUCHED | TO_US, NetStackFuzzTest.seeds()));
        return seeds;
    }

    public static void fuzzerTestOneInput(final byte[] input) {
        final FrameList in = new FrameList(input);
        long now = 0;
        try (TestHost host = new TestHost(CONFIG, REGION)) {
            host.stack().udp().bind(0, 0, 7,
                    (socket, high, low, port, address, length) -> socket.send(high, low, port, address, length));
            host.stack().tcp().listen(0, 0, 80, 8, flow -> null);
            host.poll(now);
            for (int i = 0; i < MAX_FRAMES && in.hasNext(); i++) {
                final int control = in.control();
                final byte[] bytes = in.frame();
                if ((control & TO_US) != 0 && bytes.length >= 6) {
                    System.arraycopy(new byte[]{2, 0, 0, 0, 0, 1}, 0, bytes, 0, 6);
                }
                if ((control & FIX_HEADER) != 0) {
                    NetStackFuzzTest.fixIpv4Checksum(bytes);
                }
                host.receiveBufferBytes((control & SMALL) != 0 ? 100 : Integer.MAX_VALUE);
                if (bytes.length > 0 && bytes.length < ((control & SMALL) != 0 ? 1000 : 8000)) {
                    host.receive((control & VOUCHED) != 0
                            ? new Frame(bytes, PacketLayout.FLAG_CHECKSUM_VALID, 0, 0, 0, 0, 0)
                            : Frame.of(bytes));
                }
                now += STEPS_NS[control >>> 3 & 3];
                host.poll(now);
            }
        }
    }
}
