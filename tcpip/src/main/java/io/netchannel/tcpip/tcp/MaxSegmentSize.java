package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.MIN_HEADER_BYTES;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.PADDED_TIMESTAMPS_BYTES;

import io.netchannel.tcpip.ip.Path;

/** How much a segment may hold, in each direction (RFC 9293, 3.7.1; RFC 6691). */
final class MaxSegmentSize {

    private static final int DEFAULT_IPV4_BYTES = 536;
    private static final int DEFAULT_IPV6_BYTES = 1220;
    // RFC 9293 has no lower bound; below this a peer could make us send a hundred headers for a byte (CVE-2019-11479).
    private static final int MIN_BYTES = 64;

    private MaxSegmentSize() {
    }

    /** What our MSS option says: options are the sender's to subtract. */
    static int toReceive(final Path path) {
        return path.mtuBytes() - path.networkHeaderBytes() - MIN_HEADER_BYTES;
    }

    /** Payload of a full segment on a path that takes {@code pathMtuBytes}. */
    static int toSend(final Path path, final int pathMtuBytes, final int peerMssBytes, final boolean timestamps) {
        final int unsaid = path.isIpv6() ? DEFAULT_IPV6_BYTES : DEFAULT_IPV4_BYTES;
        final int peer = peerMssBytes == TcpOptions.ABSENT ? unsaid : Math.max(peerMssBytes, MIN_BYTES);
        final int fitting = Math.min(path.mtuBytes(), pathMtuBytes) - path.networkHeaderBytes() - MIN_HEADER_BYTES;
        return Math.min(peer, fitting) - (timestamps ? PADDED_TIMESTAMPS_BYTES : 0);
    }
}
