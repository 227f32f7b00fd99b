package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.MIN_HEADER_BYTES;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.PADDED_TIMESTAMPS_BYTES;

import io.netchannel.tcpip.ip.Path;

/** How much a segment may hold, in each direction (RFC 9293, 3.7.1; RFC 6691). */
final class MaxSegmentSize {

    private static final int DEFAULT_IPV4_BYTES = 536;
    private static final int DEFAULT_IPV6_BYTES = 1220;

    private MaxSegmentSize() {
    }

    /**
     * What our MSS option says: options are the sender's to subtract, and so is what either has learned of the path, which
     * may be another one in the other direction.
     *
     * @param limitBytes a setting, or 0 for what the link takes
     */
    static int toReceive(final Path path, final int limitBytes) {
        return limited(path.localMtuBytes() - path.networkHeaderBytes() - MIN_HEADER_BYTES, limitBytes);
    }

    /** Payload of a full segment on a path that takes {@code pathMtuBytes}. */
    static int toSend(final Path path, final int pathMtuBytes, final Negotiation negotiated,
            final FlowSettings settings) {
        final int unsaid = path.isIpv6() ? DEFAULT_IPV6_BYTES : DEFAULT_IPV4_BYTES;
        final int said = negotiated.peerMssBytes();
        // An MSS of 0 says nothing, as in Linux.
        final int peer = limited(said == TcpOptions.ABSENT || said == 0 ? unsaid : said, settings.maxSegmentBytes);
        final int fitting = Math.min(path.mtuBytes(), pathMtuBytes) - path.networkHeaderBytes() - MIN_HEADER_BYTES;
        // Lower, a peer could make us send a hundred headers for a byte (CVE-2019-11479).
        final int bytes = Math.max(Math.min(peer, fitting), settings.config.getInt(TcpSetting.MIN_SEND_SEGMENT_BYTES));
        return bytes - (negotiated.timestamps() ? PADDED_TIMESTAMPS_BYTES : 0);
    }

    private static int limited(final int bytes, final int limitBytes) {
        return limitBytes == 0 ? bytes : Math.min(bytes, limitBytes);
    }
}
