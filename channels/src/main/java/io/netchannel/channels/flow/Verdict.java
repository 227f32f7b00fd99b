package io.netchannel.channels.flow;

/** What {@link FlowClassifier#classify} says of a packet. */
public final class Verdict {

    /** For {@link FlowClassifier#loop()}: an exact flow or a listener. */
    public static final int DELIVER = 0;
    /** ARP, ICMP, ICMPv6, IGMP and the like: a copy for each loop. */
    public static final int CONTROL_BROADCAST = 1;
    /**
     * Nobody's TCP or UDP packet, or one with IPv6 options to be answered: for loop 0 only, which answers as RFCs
     * demand.
     */
    public static final int CONTROL_UNKNOWN = 2;
    /** An IP fragment: a copy for each loop, for the one whose flow it turns out to be. */
    public static final int CONTROL_FRAGMENT = 3;
    /** To be released; counted with {@link FlowClassifier#dropReason()}. */
    public static final int DROP = 4;

    static final int COUNT = 5;

    private Verdict() {
    }

    public static String toString(final int verdict) {
        return switch (verdict) {
            case DELIVER -> "DELIVER";
            case CONTROL_BROADCAST -> "CONTROL_BROADCAST";
            case CONTROL_UNKNOWN -> "CONTROL_UNKNOWN";
            case CONTROL_FRAGMENT -> "CONTROL_FRAGMENT";
            case DROP -> "DROP";
            default -> "verdict " + verdict;
        };
    }
}
