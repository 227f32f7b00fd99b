package io.netchannel.samples.haproxy.check;

/** Names and typed values of a frame of SPOP (SPOE.txt, 3.1 and 3.2); each char is a byte. */
final class SpopItems {

    static final String INVALID = "invalid frame received";

    private static final int TYPE_MASK = 0x0f;
    private static final int NULL = 0;
    private static final int BOOLEAN = 1;
    private static final int INT32 = 2;
    private static final int UINT64 = 5;
    private static final int IPV4 = 6;
    private static final int IPV6 = 7;
    private static final int STRING = 8;
    private static final int BINARY = 9;

    private static final int ONE_BYTE = 240;
    private static final int FIRST_BITS = 4;
    private static final int BITS = 7;
    private static final int MORE = 0x80;

    /** What can't be a frame. */
    static final class InvalidException extends Exception {

        private static final long serialVersionUID = 1L;

        InvalidException() {
            super(INVALID, null, false, false);
        }
    }

    private final String frame;
    private int at;

    SpopItems(final String frame, final int at) {
        this.frame = frame;
        this.at = at;
    }

    boolean hasNext() {
        return at < frame.length();
    }

    String key() throws InvalidException {
        final String key = buffer();
        if (key.isEmpty()) {
            throw new InvalidException();
        }
        return key;
    }

    String text() throws InvalidException {
        if (type() != STRING) {
            throw new InvalidException();
        }
        return buffer();
    }

    long integer() throws InvalidException {
        final int type = type();
        if (type < INT32 || type > UINT64) {
            throw new InvalidException();
        }
        return varint();
    }

    void skip() throws InvalidException {
        switch (type()) {
            case INT32, INT32 + 1, UINT64 - 1, UINT64 -> varint();
            case IPV4 -> take(4);
            case IPV6 -> take(16);
            case STRING, BINARY -> buffer();
            case NULL, BOOLEAN -> {
                // The type says it all.
            }
            default -> {
                // haproxy 2.6 takes types to come for such.
            }
        }
    }

    private int type() throws InvalidException {
        return take(1).charAt(0) & TYPE_MASK;
    }

    private String buffer() throws InvalidException {
        return take(varint());
    }

    private String take(final long lengthBytes) throws InvalidException {
        if (lengthBytes < 0 || lengthBytes > frame.length() - at) {
            throw new InvalidException();
        }
        final int from = at;
        at += (int) lengthBytes;
        return frame.substring(from, at);
    }

    private long varint() throws InvalidException {
        long value = take(1).charAt(0);
        if (value < ONE_BYTE) {
            return value;
        }
        int shift = FIRST_BITS;
        char next;
        do {
            next = take(1).charAt(0);
            value += (long) next << shift;
            shift += BITS;
        } while (next >= MORE && shift < Long.SIZE);
        return value;
    }

    static long int32(final String data, final int at) {
        return (long) data.charAt(at) << 24 | data.charAt(at + 1) << 16 | data.charAt(at + 2) << 8
                | data.charAt(at + 3);
    }

    /** As {@code key} and {@code text} read it: a length of one byte will do. */
    static String encode(final String text) {
        if (text.length() >= ONE_BYTE) {
            throw new IllegalArgumentException("length=" + text.length() + " > MAX=" + (ONE_BYTE - 1));
        }
        return (char) text.length() + text;
    }

    /** Of {@link #ONE_BYTE} or more. */
    static String encode(final int value) {
        final StringBuilder bytes = new StringBuilder().append((char) (value & 0xff | ONE_BYTE));
        int rest = value - ONE_BYTE >>> FIRST_BITS;
        while (rest >= MORE) {
            bytes.append((char) (rest & 0xff | MORE));
            rest = rest - MORE >>> BITS;
        }
        return bytes.append((char) rest).toString();
    }
}
