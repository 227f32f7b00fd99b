package io.netchannel.tcpip.tcp;

import java.util.Locale;

/**
 * What can be set for TCP: for the stack by {@link io.netchannel.tcpip.NetStackConfig}, and for the flows of one
 * listener or one connect. Defaults are Linux's where Linux has the setting.
 *
 * <p>A switch is 0 or 1; its range says so.
 */
public enum TcpSetting {

    // -- buffers and windows

    /** Memory for what a flow writes, at first: data and overhead, as Linux counts, and the end of a frame more. */
    SEND_BUFFER_BYTES(1 << 20, 1 << 12, 1 << 30),
    /** What the send buffer may grow to while the congestion window grows. */
    SEND_BUFFER_MAX_BYTES(4 << 20, 1 << 12, 1 << 30),
    /** The receive window at first: data in order that the application has not consumed. */
    RECEIVE_BUFFER_BYTES(1 << 16, 1 << 11, 1 << 30),
    /** What the receive buffer may grow to; the window scale is chosen for it. */
    RECEIVE_BUFFER_MAX_BYTES(6 << 20, 1 << 11, 1 << 30),
    /** Whether buffers grow with the path's need. */
    BUFFER_AUTOTUNING(1, 0, 1),
    /**
     * Show the peer all that is free of the receive buffer, as FreeBSD does; without it the window grows with what comes,
     * and an unscaled one moves by whole segments, as in Linux.
     */
    EXACT_WINDOW(0, 0, 1),
    /** Unsent bytes above which the application isn't told that it can write; 0 for no limit. */
    NOT_SENT_LOW_WATER_BYTES(0, 0, 1 << 30),
    /** Largest segment, sent and asked for; 0 for what the path takes. */
    MAX_SEGMENT_BYTES(0, 0, 65_495),

    // -- header options

    /** Offer timestamps (RFC 7323). */
    TIMESTAMPS(1, 0, 1),
    /** Offer window scaling (RFC 7323); without it windows end at 65,535. */
    WINDOW_SCALING(1, 0, 1),
    /** Offer selective acknowledgments (RFC 2018). */
    SACK(1, 0, 1),
    /** Report segments that came twice (RFC 2883). */
    DSACK(1, 0, 1),
    /** Explicit congestion notification (RFC 3168): 0 never, 1 ask for it and agree to it, 2 agree to it. */
    ECN(2, 0, 2),
    /** After so many SYNs with ECN that went unanswered, the next go without (RFC 3168, 6.1.1.1); 0: never. */
    ECN_FALLBACK(1, 0, 64),

    // -- sending

    /** Small segments wait for an acknowledgment (RFC 896); a flow's noDelay overrides. */
    NAGLE(1, 0, 1),
    /** Initial congestion window (RFC 6928). */
    INITIAL_WINDOW_SEGMENTS(10, 1, 64),
    /** The congestion window decays while nothing is sent (RFC 7661 and 5681, 4.1). */
    SLOW_START_AFTER_IDLE(1, 0, 1),
    /** Leave slow start when the delay grows (RFC 9406). */
    HYSTART(1, 0, 1),
    /** Answer ECN's mark with a smaller reduction than loss (RFC 8511). */
    ALTERNATIVE_BACKOFF(0, 0, 1),
    /** Spread segments over the round-trip time. */
    PACING(0, 0, 1),
    /** Limit of the sending rate; 0 for none. Switches pacing on. */
    MAX_PACING_RATE_BYTES_PER_SECOND(0, 0, 1L << 40),
    /** Segments of a super-frame, at least, however low the rate. */
    MIN_FRAME_SEGMENTS(2, 1, 64),
    /** The part of the window, as a divisor, that is worth a frame before more of it is free; 0 for three segments. */
    FRAME_WINDOW_DIVISOR(3, 0, 1_000),
    /** Pacing in slow start, in percent of a window for each round trip. */
    PACING_SLOW_START_PERCENT(200, 100, 1_000),
    /** Pacing in congestion avoidance, likewise. */
    PACING_AVOIDANCE_PERCENT(120, 100, 1_000),

    // -- recovery

    /** Retransmission timeout before the first sample (RFC 6298, 2.1). */
    INITIAL_RTO_NS(Ms.of(1_000), Ms.of(1), Ms.of(3_600_000)),
    /** Least variance term of the retransmission timeout. */
    MIN_RTO_NS(Ms.of(200), Ms.of(1), Ms.of(3_600_000)),
    /** Largest retransmission timeout, and interval of window probes. */
    MAX_RTO_NS(Ms.of(120_000), Ms.of(1), Ms.of(3_600_000)),
    /** Loss is found by time (RFC 8985); without it by {@link #REORDERING_SEGMENTS} (RFC 6675). */
    RACK(1, 0, 1),
    /** The end of a flight is probed before the timeout (RFC 8985, 7). */
    TAIL_LOSS_PROBE(1, 0, 1),
    /** Spurious timeouts are found out (RFC 5682). */
    FRTO(1, 0, 1),
    /** Segments overtaken before one counts as lost, at first. */
    REORDERING_SEGMENTS(3, 1, 300),
    /** What reordering that was seen may raise that to. */
    MAX_REORDERING_SEGMENTS(300, 1, 1_000),
    /** Retransmissions of a SYN before the attempt fails. */
    SYN_RETRIES(6, 0, 64),
    /** A SYN is sent again so soon when the peer has answered for an older connection; 0: not before its timeout. */
    SYN_REPEAT_NS(Ms.of(2), 0, Ms.of(60_000)),
    /** Retransmissions of a SYN,ACK before the attempt is dropped. */
    SYN_ACK_RETRIES(5, 0, 64),
    /** Retransmissions of data without an answer before the flow fails (RFC 9293, 3.8.3: R2). */
    RETRIES(15, 1, 64),
    /** The same after close(), window probes included. */
    ORPHAN_RETRIES(8, 1, 64),
    /** Time that data may stay unacknowledged before the flow fails (RFC 5482); 0 to leave it to {@link #RETRIES}. */
    USER_TIMEOUT_NS(0, 0, Ms.of(2_147_483_647L)),

    // -- acknowledging

    /** Least delay of an acknowledgment (RFC 9293, MUST-40: below 0.5 s). */
    DELAYED_ACK_NS(Ms.of(40), 0, Ms.of(500)),
    /** Longest delay of an acknowledgment. */
    DELAYED_ACK_MAX_NS(Ms.of(200), 0, Ms.of(500)),
    /** Acknowledgments sent without delay at the start, while the peer's window is small. */
    QUICK_ACKS(16, 0, 1 << 16),
    /** Segments, however short, that one acknowledgment may stand for; 0: it goes by their bytes, as in Linux. */
    ACK_SEGMENTS(0, 0, 64),
    /** The acknowledgment of the peer's FIN waits for data, or our FIN, to go with; without, it goes out at once. */
    DELAYED_FIN_ACK(1, 0, 1),
    /** Acknowledgments of segments out of order are held back so long, so that one can stand for several; 0: never. */
    COMPRESSED_ACK_NS(Ms.of(1), 0, Ms.of(100)),
    /** Most that one of those stands for. */
    COMPRESSED_ACK_SEGMENTS(44, 0, 255),
    /** Out-of-order bytes that a flow holds; 0 for its receive buffer. */
    OUT_OF_ORDER_BYTES(0, 0, 1 << 30),

    // -- path MTU

    /** Packetization-layer path MTU discovery (RFC 4821): 0 never, 1 where a black hole is suspected, 2 always. */
    MTU_PROBING(0, 0, 2),
    /** Segment size that probing begins with. */
    MTU_PROBE_BASE_BYTES(1_024, 48, 65_495),
    /** Least segment size that probing tries. */
    MTU_PROBE_FLOOR_BYTES(48, 28, 65_495),
    /** Segment size differences below this end a search. */
    MTU_PROBE_THRESHOLD_BYTES(8, 1, 65_495),
    /** Pause before a search begins anew. */
    MTU_PROBE_INTERVAL_NS(Ms.of(600_000), Ms.of(1), Ms.of(86_400_000)),
    /** Least segment size that a peer or a router can make us use. */
    MIN_SEND_SEGMENT_BYTES(48, 28, 536),

    // -- life and death

    /** Silence after which a connection with nothing to do gives back what it needs only when it has; 0: never. */
    REST_NS(Ms.of(5_000), 0, Ms.of(86_400_000)),
    /** Whether flows start with keepalives on. */
    KEEP_ALIVE(0, 0, 1),
    /** Silence before the first keepalive (RFC 9293, MUST-28: two hours). */
    KEEP_ALIVE_IDLE_NS(Ms.of(7_200_000), Ms.of(1), Ms.of(31_536_000_000L)),
    /** Between keepalives that go unanswered. */
    KEEP_ALIVE_INTERVAL_NS(Ms.of(75_000), Ms.of(1), Ms.of(31_536_000_000L)),
    /** Unanswered keepalives before the flow fails. */
    KEEP_ALIVE_PROBES(9, 1, 127),
    /** Wait for the peer's FIN after close(). */
    FIN_WAIT_2_NS(Ms.of(60_000), Ms.of(1), Ms.of(3_600_000)),
    /** 2 MSL, the stay in TIME-WAIT; 0 leaves the state out. */
    TIME_WAIT_NS(Ms.of(60_000), 0, Ms.of(3_600_000)),
    /** A new SYN may take over a connection in TIME-WAIT, a connect() too (RFC 6191): 0 never, 1 always. */
    TIME_WAIT_REUSE(1, 0, 1),
    /** A RST doesn't end TIME-WAIT (RFC 1337). */
    RFC1337(0, 0, 1),

    // -- defence, of the stack as a whole

    /** SYN cookies (RFC 4987, 3.6): 0 never, 1 when a listener's queue is full, 2 always. */
    SYN_COOKIES(1, 0, 2),
    /** Half-open connections of one listener, at most; 0 for its backlog. */
    SYN_QUEUE_SEGMENTS(0, 0, 1 << 20),
    /** A connection that finds its listener's queue full is reset, not left to try again. */
    ABORT_ON_OVERFLOW(0, 0, 1),
    /** Segments with SYN and FIN: 0 counts as a SYN, 1 is nothing for a listener (as in Linux), 2 nothing for anybody. */
    SYN_FIN(1, 0, 2),
    /** A RST in the window that is not exact is challenged (RFC 5961, 3.2); without, it is obeyed. */
    EXACT_RESETS(1, 0, 1),
    /** A SYN in the window is challenged (RFC 5961, 4.2); without, it resets the connection (RFC 793). */
    CHALLENGE_SYNS(1, 0, 1),
    /** Limit over all flows (RFC 5961, 7). */
    CHALLENGE_ACKS_PER_SECOND(1_000, 1, 1 << 30),
    /** Least time between two answers of one flow to segments outside its window. */
    INVALID_REPLY_INTERVAL_NS(Ms.of(500), 0, Ms.of(60_000)),
    /** Limit on RSTs to segments of no connection. */
    RESETS_PER_SECOND(1_000, 1, 1 << 30),
    /** Flows of the stack, half-open ones included. */
    MAX_CONNECTIONS(1 << 16, 1, 1 << 20),
    /** Flows in TIME-WAIT. */
    MAX_TIME_WAITS(1 << 15, 0, 1 << 20),
    /** Packet buffers that all flows may hold unconsumed; 0 for half of the pool. */
    MAX_RECEIVE_BUFFERS(0, 0, 1 << 23),
    /** Lowest port that connect() chooses. */
    FIRST_EPHEMERAL_PORT(32_768, 1, 65_535),
    /** Highest port that connect() chooses. */
    LAST_EPHEMERAL_PORT(60_999, 1, 65_535);

    private final long defaultValue;
    private final long min;
    private final long max;
    private final String camelCase;

    TcpSetting(final long defaultValue, final long min, final long max) {
        this.defaultValue = defaultValue;
        this.min = min;
        this.max = max;
        this.camelCase = camelCase(name());
    }

    private static String camelCase(final String name) {
        final StringBuilder text = new StringBuilder();
        for (final String word : name.toLowerCase(Locale.ROOT).split("_")) {
            text.append(text.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return text.toString();
    }

    public long defaultValue() {
        return defaultValue;
    }

    public long min() {
        return min;
    }

    public long max() {
        return max;
    }

    /** The name in configurations and messages, like {@code sendBufferBytes}. */
    public String camelCase() {
        return camelCase;
    }

    /** @throws IllegalArgumentException naming the value that is out of range, and the limit */
    void check(final long value) {
        if (value < min) {
            throw new IllegalArgumentException(camelCase + "=" + value + " < MIN=" + min);
        }
        if (value > max) {
            throw new IllegalArgumentException(camelCase + "=" + value + " > MAX=" + max);
        }
    }

    // An enum's constants can't use a constant of the enum.
    private static final class Ms {

        static long of(final long ms) {
            return ms * 1_000_000;
        }
    }
}
