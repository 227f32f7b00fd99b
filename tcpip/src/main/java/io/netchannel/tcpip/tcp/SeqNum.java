package io.netchannel.tcpip.tcp;

/**
 * Sequence numbers: unsigned 32-bit integers that wrap (RFC 9293, 3.4). The only place with arithmetic on them.
 *
 * <p>Comparisons hold for numbers less than 2<sup>31</sup> apart; windows are at most 2<sup>30</sup> (RFC 7323, 2.3),
 * so all numbers of a connection are.
 */
public final class SeqNum {

    private SeqNum() {
    }

    /** The number {@code count} octets after {@code sequence}, or before it for a negative count. */
    public static int add(final int sequence, final int count) {
        return sequence + count;
    }

    /** Octets from {@code from} to {@code to}; negative if {@code to} comes first. */
    public static int distance(final int from, final int to) {
        return to - from;
    }

    public static boolean lessThan(final int a, final int b) {
        return a - b < 0;
    }

    public static boolean lessOrEqual(final int a, final int b) {
        return a - b <= 0;
    }

    public static boolean greaterThan(final int a, final int b) {
        return a - b > 0;
    }

    public static boolean greaterOrEqual(final int a, final int b) {
        return a - b >= 0;
    }

    public static int max(final int a, final int b) {
        return a - b >= 0 ? a : b;
    }

    public static int min(final int a, final int b) {
        return a - b <= 0 ? a : b;
    }

    /** Whether {@code sequence} is one of the {@code sizeBytes} numbers from {@code start} on. */
    public static boolean inWindow(final int sequence, final int start, final int sizeBytes) {
        return Integer.compareUnsigned(sequence - start, sizeBytes) < 0;
    }
}
