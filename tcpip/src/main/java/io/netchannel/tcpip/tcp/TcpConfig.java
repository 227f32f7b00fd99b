package io.netchannel.tcpip.tcp;

/**
 * Settings of a {@link TcpStack}: {@code TcpConfig.builder().sendBufferBytes(1 << 18).build()}.
 *
 * <p>Threading: immutable; the builder is confined to one thread.
 *
 * @param sendBufferBytes bytes that a flow takes before writes come up short
 * @param receiveBufferBytes largest receive window: data in order that the application has not consumed
 * @param initialWindowSegments initial congestion window (RFC 6928)
 * @param initialRtoNs retransmission timeout before the first sample (RFC 6298, 2.1)
 * @param minRtoNs least variance term of the retransmission timeout
 * @param maxRtoNs largest retransmission timeout, and interval of window probes
 * @param synRetries retransmissions of a SYN or SYN,ACK before the attempt fails
 * @param retries retransmissions of data without an answer before the flow fails (RFC 9293, 3.8.3: R2)
 * @param orphanRetries the same after close(), window probes included
 * @param delayedAckNs longest delay of an acknowledgment (RFC 9293, MUST-40: below 0.5 s)
 * @param quickAcks acknowledgments sent without delay at the start, while the peer's window is small
 * @param timeWaitNs 2 MSL, the stay in TIME-WAIT; 0 leaves the state out
 * @param finWait2Ns wait for the peer's FIN after close()
 * @param keepAliveIdleNs silence before the first keepalive (RFC 9293, MUST-28: two hours)
 * @param keepAliveIntervalNs between keepalives that go unanswered
 * @param keepAliveProbes unanswered keepalives before the flow fails
 * @param maxConnections flows of the stack, half-open ones included
 * @param maxTimeWaits flows in TIME-WAIT
 * @param maxReceiveBuffers packet buffers that all flows may hold unconsumed; 0 for half of the pool
 * @param challengeAcksPerSecond limit over all flows (RFC 5961, 7)
 * @param resetsPerSecond limit on RSTs to segments of no connection
 * @param firstEphemeralPort lowest port that connect() chooses
 * @param lastEphemeralPort highest port that connect() chooses
 * @param nagle small segments wait for an acknowledgment (RFC 896); a flow's noDelay overrides
 * @param keepAlive whether flows start with keepalives on
 * @param timestamps offer timestamps (RFC 7323)
 * @param windowScaling offer window scaling (RFC 7323); without it windows end at 65,535
 */
// Longer than a screen because each setting has a builder method.
public record TcpConfig(int sendBufferBytes, int receiveBufferBytes, int initialWindowSegments, long initialRtoNs,
        long minRtoNs, long maxRtoNs, int synRetries, int retries, int orphanRetries, long delayedAckNs,
        int quickAcks, long timeWaitNs, long finWait2Ns, long keepAliveIdleNs, long keepAliveIntervalNs,
        int keepAliveProbes, int maxConnections, int maxTimeWaits, int maxReceiveBuffers, int challengeAcksPerSecond,
        int resetsPerSecond, int firstEphemeralPort, int lastEphemeralPort, boolean nagle, boolean keepAlive,
        boolean timestamps, boolean windowScaling) {

    private static final long MS = 1_000_000;

    /** @throws IllegalArgumentException naming the value that is out of range, and the limit */
    public TcpConfig {
        check("sendBufferBytes", sendBufferBytes, 1 << 12, 1 << 30);
        check("receiveBufferBytes", receiveBufferBytes, 1 << 12, 1 << 30);
        check("initialWindowSegments", initialWindowSegments, 1, 64);
        check("initialRtoNs", initialRtoNs, MS, 3_600_000 * MS);
        check("minRtoNs", minRtoNs, MS, 3_600_000 * MS);
        check("maxRtoNs", maxRtoNs, MS, 3_600_000 * MS);
        check("synRetries", synRetries, 0, 64);
        check("retries", retries, 1, 64);
        check("orphanRetries", orphanRetries, 1, 64);
        check("delayedAckNs", delayedAckNs, 0, 500 * MS);
        check("quickAcks", quickAcks, 0, 1 << 16);
        check("timeWaitNs", timeWaitNs, 0, 3_600_000 * MS);
        check("finWait2Ns", finWait2Ns, MS, 3_600_000 * MS);
        check("keepAliveIdleNs", keepAliveIdleNs, MS, 31_536_000_000L * MS);
        check("keepAliveIntervalNs", keepAliveIntervalNs, MS, 31_536_000_000L * MS);
        check("keepAliveProbes", keepAliveProbes, 1, 127);
        check("maxConnections", maxConnections, 1, 1 << 20);
        check("maxTimeWaits", maxTimeWaits, 0, 1 << 20);
        check("maxReceiveBuffers", maxReceiveBuffers, 0, 1 << 23);
        check("challengeAcksPerSecond", challengeAcksPerSecond, 1, 1 << 30);
        check("resetsPerSecond", resetsPerSecond, 1, 1 << 30);
        check("firstEphemeralPort", firstEphemeralPort, 1, 65_535);
        check("lastEphemeralPort", lastEphemeralPort, 1, 65_535);
        if (firstEphemeralPort > lastEphemeralPort) {
            throw new IllegalArgumentException("firstEphemeralPort=" + firstEphemeralPort + " > lastEphemeralPort="
                    + lastEphemeralPort);
        }
        if (minRtoNs > maxRtoNs || initialRtoNs > maxRtoNs) {
            throw new IllegalArgumentException((minRtoNs > maxRtoNs
                    ? "minRtoNs=" + minRtoNs
                    : "initialRtoNs=" + initialRtoNs) + " > maxRtoNs=" + maxRtoNs);
        }
    }

    private static void check(final String name, final long value, final long min, final long max) {
        if (value < min) {
            throw new IllegalArgumentException(name + "=" + value + " < MIN=" + min);
        }
        if (value > max) {
            throw new IllegalArgumentException(name + "=" + value + " > MAX=" + max);
        }
    }

    public static TcpConfig defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from these settings. */
    public Builder toBuilder() {
        final Builder builder = new Builder();
        builder.sendBufferBytes = sendBufferBytes;
        builder.receiveBufferBytes = receiveBufferBytes;
        builder.initialWindowSegments = initialWindowSegments;
        builder.initialRtoNs = initialRtoNs;
        builder.minRtoNs = minRtoNs;
        builder.maxRtoNs = maxRtoNs;
        builder.synRetries = synRetries;
        builder.retries = retries;
        builder.orphanRetries = orphanRetries;
        builder.delayedAckNs = delayedAckNs;
        builder.quickAcks = quickAcks;
        builder.timeWaitNs = timeWaitNs;
        builder.finWait2Ns = finWait2Ns;
        builder.keepAliveIdleNs = keepAliveIdleNs;
        builder.keepAliveIntervalNs = keepAliveIntervalNs;
        builder.keepAliveProbes = keepAliveProbes;
        builder.maxConnections = maxConnections;
        builder.maxTimeWaits = maxTimeWaits;
        builder.maxReceiveBuffers = maxReceiveBuffers;
        builder.challengeAcksPerSecond = challengeAcksPerSecond;
        builder.resetsPerSecond = resetsPerSecond;
        builder.firstEphemeralPort = firstEphemeralPort;
        builder.lastEphemeralPort = lastEphemeralPort;
        builder.nagle = nagle;
        builder.keepAlive = keepAlive;
        builder.timestamps = timestamps;
        builder.windowScaling = windowScaling;
        return builder;
    }

    /** Collects settings; {@link #build} checks them. */
    public static final class Builder {

        private int sendBufferBytes = 1 << 20;
        private int receiveBufferBytes = 1 << 20;
        private int initialWindowSegments = 10;
        private long initialRtoNs = 1_000 * MS;
        private long minRtoNs = 200 * MS;
        private long maxRtoNs = 120_000 * MS;
        private int synRetries = 6;
        private int retries = 15;
        private int orphanRetries = 8;
        private long delayedAckNs = 40 * MS;
        private int quickAcks = 16;
        private long timeWaitNs = 60_000 * MS;
        private long finWait2Ns = 60_000 * MS;
        private long keepAliveIdleNs = 7_200_000 * MS;
        private long keepAliveIntervalNs = 75_000 * MS;
        private int keepAliveProbes = 9;
        private int maxConnections = 1 << 16;
        private int maxTimeWaits = 1 << 15;
        private int maxReceiveBuffers = 0;
        private int challengeAcksPerSecond = 1_000;
        private int resetsPerSecond = 1_000;
        private int firstEphemeralPort = 32_768;
        private int lastEphemeralPort = 60_999;
        private boolean nagle = true;
        private boolean keepAlive = false;
        private boolean timestamps = true;
        private boolean windowScaling = true;

        private Builder() {
        }

        public Builder sendBufferBytes(final int value) {
            sendBufferBytes = value;
            return this;
        }

        public Builder receiveBufferBytes(final int value) {
            receiveBufferBytes = value;
            return this;
        }

        public Builder initialWindowSegments(final int value) {
            initialWindowSegments = value;
            return this;
        }

        public Builder initialRtoNs(final long value) {
            initialRtoNs = value;
            return this;
        }

        public Builder minRtoNs(final long value) {
            minRtoNs = value;
            return this;
        }

        public Builder maxRtoNs(final long value) {
            maxRtoNs = value;
            return this;
        }

        public Builder synRetries(final int value) {
            synRetries = value;
            return this;
        }

        public Builder retries(final int value) {
            retries = value;
            return this;
        }

        public Builder orphanRetries(final int value) {
            orphanRetries = value;
            return this;
        }

        public Builder delayedAckNs(final long value) {
            delayedAckNs = value;
            return this;
        }

        public Builder quickAcks(final int value) {
            quickAcks = value;
            return this;
        }

        public Builder timeWaitNs(final long value) {
            timeWaitNs = value;
            return this;
        }

        public Builder finWait2Ns(final long value) {
            finWait2Ns = value;
            return this;
        }

        public Builder keepAliveIdleNs(final long value) {
            keepAliveIdleNs = value;
            return this;
        }

        public Builder keepAliveIntervalNs(final long value) {
            keepAliveIntervalNs = value;
            return this;
        }

        public Builder keepAliveProbes(final int value) {
            keepAliveProbes = value;
            return this;
        }

        public Builder maxConnections(final int value) {
            maxConnections = value;
            return this;
        }

        public Builder maxTimeWaits(final int value) {
            maxTimeWaits = value;
            return this;
        }

        public Builder maxReceiveBuffers(final int value) {
            maxReceiveBuffers = value;
            return this;
        }

        public Builder challengeAcksPerSecond(final int value) {
            challengeAcksPerSecond = value;
            return this;
        }

        public Builder resetsPerSecond(final int value) {
            resetsPerSecond = value;
            return this;
        }

        public Builder firstEphemeralPort(final int value) {
            firstEphemeralPort = value;
            return this;
        }

        public Builder lastEphemeralPort(final int value) {
            lastEphemeralPort = value;
            return this;
        }

        public Builder nagle(final boolean on) {
            nagle = on;
            return this;
        }

        public Builder keepAlive(final boolean on) {
            keepAlive = on;
            return this;
        }

        public Builder timestamps(final boolean on) {
            timestamps = on;
            return this;
        }

        public Builder windowScaling(final boolean on) {
            windowScaling = on;
            return this;
        }

        /** @throws IllegalArgumentException naming the value that is out of range, and the limit */
        public TcpConfig build() {
            return new TcpConfig(sendBufferBytes, receiveBufferBytes, initialWindowSegments, initialRtoNs, minRtoNs,
                    maxRtoNs, synRetries, retries, orphanRetries, delayedAckNs, quickAcks, timeWaitNs, finWait2Ns,
                    keepAliveIdleNs, keepAliveIntervalNs, keepAliveProbes, maxConnections, maxTimeWaits,
                    maxReceiveBuffers, challengeAcksPerSecond, resetsPerSecond, firstEphemeralPort,
                    lastEphemeralPort, nagle, keepAlive, timestamps, windowScaling);
        }
    }
}
