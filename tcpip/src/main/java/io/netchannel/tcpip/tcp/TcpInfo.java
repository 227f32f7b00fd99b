package io.netchannel.tcpip.tcp;

import java.util.Arrays;
import java.util.Locale;

/**
 * What a flow tells of itself: Linux's {@code struct tcp_info}, field by field, in Linux's units (microseconds, segments,
 * bytes). Filled in by {@link TcpFlow#info}; can be re-used.
 *
 * <p>Threading: confined to the thread that fills it in.
 */
public final class TcpInfo {

    /** {@code tcpi_state} and so on; {@link #linuxName()} gives the name. */
    public enum Field {
        STATE, CA_STATE, RETRANSMITS, PROBES, BACKOFF, OPTIONS, SND_WSCALE, RCV_WSCALE, DELIVERY_RATE_APP_LIMITED, FASTOPEN_CLIENT_FAIL, RTO, ATO, SND_MSS, RCV_MSS, UNACKED, SACKED, LOST, RETRANS, FACKETS, LAST_DATA_SENT, LAST_ACK_SENT, LAST_DATA_RECV, LAST_ACK_RECV, PMTU, RCV_SSTHRESH, RTT, RTTVAR, SND_SSTHRESH, SND_CWND, ADVMSS, REORDERING, RCV_RTT, RCV_SPACE, TOTAL_RETRANS, PACING_RATE, MAX_PACING_RATE, BYTES_ACKED, BYTES_RECEIVED, SEGS_OUT, SEGS_IN, NOTSENT_BYTES, MIN_RTT, DATA_SEGS_IN, DATA_SEGS_OUT, DELIVERY_RATE, BUSY_TIME, RWND_LIMITED, SNDBUF_LIMITED, DELIVERED, DELIVERED_CE, BYTES_SENT, BYTES_RETRANS, DSACK_DUPS, REORD_SEEN, RCV_OOOPACK, SND_WND, RCV_WND, REHASH, TOTAL_RTO, TOTAL_RTO_RECOVERIES, TOTAL_RTO_TIME;

        private final String linuxName = "tcpi_" + name().toLowerCase(Locale.ROOT);

        public String linuxName() {
            return linuxName;
        }
    }

    // Values of OPTIONS.
    public static final int OPTION_TIMESTAMPS = 1;
    public static final int OPTION_SACK = 2;
    public static final int OPTION_WINDOW_SCALE = 4;
    public static final int OPTION_ECN = 8;
    public static final int OPTION_ECN_SEEN = 16;
    public static final int OPTION_SYN_DATA = 32;

    // Values of CA_STATE.
    public static final int CA_OPEN = 0;
    public static final int CA_DISORDER = 1;
    public static final int CA_CWR = 2;
    public static final int CA_RECOVERY = 3;
    public static final int CA_LOSS = 4;

    private static final Field[] FIELDS = Field.values();

    private final long[] values = new long[FIELDS.length];

    public long get(final Field field) {
        return values[field.ordinal()];
    }

    void set(final Field field, final long value) {
        values[field.ordinal()] = value;
    }

    void clear() {
        Arrays.fill(values, 0);
    }

    /** All fields that are not 0. */
    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder("TcpInfo[");
        for (final Field field : FIELDS) {
            if (get(field) != 0) {
                text.append(text.length() == 8 ? "" : ", ").append(field.linuxName()).append('=').append(get(field));
            }
        }
        return text.append(']').toString();
    }
}
