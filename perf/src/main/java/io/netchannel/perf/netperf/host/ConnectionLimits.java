package io.netchannel.perf.netperf.host;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netchannel.node.NodeConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import java.lang.management.ManagementFactory;

/** What many connections need: of a node, of the kernel. */
final class ConnectionLimits {

    /** Threads of blocking hosts, of both sides; more of them are no measurement of anything. */
    private static final int MAX_THREADS = 8_192;
    // Of the class path, event loops, listeners.
    private static final int OTHER_DESCRIPTORS = 512;
    private static final int USUAL_BUFFERS_PER_LOOP = 4096;
    private static final int USUAL_FLOWS_PER_LOOP = 1 << 14;

    private ConnectionLimits() {
    }

    /** @throws PathUnavailableException if a path can't have so many connections, naming the limit */
    static void check(final PathName path, final PathSettings settings) {
        final int ends = 2 * (settings.connections() + settings.idle());
        final boolean blocks = path == PathName.CONVENTIONAL || path == PathName.NIO || path == PathName.VETH
                || path == PathName.TAP;
        if (blocks && ends > MAX_THREADS) {
            throw new PathUnavailableException("a thread for each end: " + ends + " > MAX=" + MAX_THREADS);
        }
        if (!path.isOurs() && ManagementFactory.getOperatingSystemMXBean() instanceof final UnixOperatingSystemMXBean os
                && ends + OTHER_DESCRIPTORS > os.getMaxFileDescriptorCount()) {
            throw new PathUnavailableException("file descriptors=" + (ends + OTHER_DESCRIPTORS) + " > MAX="
                    + os.getMaxFileDescriptorCount() + " of this process (ulimit -n)");
        }
    }

    /** Room for the connections, and for as many that have ended and wait. */
    static NodeConfig.Builder sized(final NodeConfig.Builder node, final PathSettings settings) {
        final int connections = settings.connections() + settings.idle();
        // Hashes don't spread them evenly over loops.
        final int perLoop = settings.loops() == 1 ? connections : connections / settings.loops() * 3 / 2;
        final int flows = Math.max(USUAL_FLOWS_PER_LOOP, perLoop + USUAL_FLOWS_PER_LOOP);
        // Each busy one has a segment in the send queue, on its way and received.
        final int buffers = Math.max(USUAL_BUFFERS_PER_LOOP, 4 * settings.connections() / settings.loops());
        return node.flowsPerLoop(flows).buffersPerLoop(buffers).tcp(settings.tcp().with(TcpSetting.MAX_CONNECTIONS,
                Math.max(settings.tcp().get(TcpSetting.MAX_CONNECTIONS), flows)));
    }
}
