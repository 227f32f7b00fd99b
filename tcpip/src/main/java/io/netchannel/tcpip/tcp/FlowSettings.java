package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpSetting.*;

import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;

/**
 * What one flow is set to: its configuration, and what its application has changed since. Asked by the halves of the
 * connection when they decide.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class FlowSettings {

    /** {@link #lingerNs}: close() returns, and sending goes on. */
    static final long NO_LINGER = -1;

    final TcpConfig config;
    boolean cork;
    long userTimeoutNs;
    long lingerNs = NO_LINGER;
    // 0 for the configured time, negative for none.
    long finWait2Ns;
    int maxSegmentBytes;
    int notSentLowWaterBytes;
    // 0 while it follows the path's need.
    int fixedSendBufferBytes;
    int fixedReceiveBufferBytes;
    long maxPacingRate;
    // Shifted to where the traffic class has it.
    int differentiatedServices;
    CongestionAlgorithm congestionAlgorithm;

    FlowSettings(final TcpConfig config) {
        this.config = config;
        this.userTimeoutNs = config.get(USER_TIMEOUT_NS);
        this.maxSegmentBytes = config.getInt(MAX_SEGMENT_BYTES);
        this.notSentLowWaterBytes = config.getInt(NOT_SENT_LOW_WATER_BYTES);
        this.maxPacingRate = config.get(MAX_PACING_RATE_BYTES_PER_SECOND);
        this.congestionAlgorithm = config.congestionControl();
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        cork = image.of(cork);
        userTimeoutNs = image.of(userTimeoutNs);
        lingerNs = image.of(lingerNs);
        finWait2Ns = image.of(finWait2Ns);
        maxSegmentBytes = image.of(maxSegmentBytes);
        notSentLowWaterBytes = image.of(notSentLowWaterBytes);
        fixedSendBufferBytes = image.of(fixedSendBufferBytes);
        fixedReceiveBufferBytes = image.of(fixedReceiveBufferBytes);
        maxPacingRate = image.of(maxPacingRate);
        differentiatedServices = image.of(differentiatedServices);
    }
}
