package io.netchannel.tcpip.script.syntax;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.StringJoiner;

/**
 * An option of TCP, as on the wire.
 *
 * @param value without kind and length
 */
public record TcpOption(int kind, byte[] value) {

    public static final int EOL = 0;
    public static final int NOP = 1;
    public static final int MSS = 2;
    public static final int WINDOW_SCALE = 3;
    public static final int SACK_PERMITTED = 4;
    public static final int SACK = 5;
    public static final int TIMESTAMPS = 8;
    public static final int MD5 = 19;
    public static final int FAST_OPEN = 34;
    /** AccECN with ECT(0) first, and with ECT(1) first (RFC 9768, 3.2.3). */
    public static final int ACCECN_0 = 172;
    public static final int ACCECN_1 = 174;
    public static final int EXPERIMENTAL = 254;
    /** Fast Open's identifier within the experimental kind (RFC 7413, appendix A). */
    public static final int FAST_OPEN_MAGIC = 0xF989;

    private static final int TIMESTAMPS_VALUE_BYTES = 8;

    /** Of 32-bit words, in network order. */
    public static TcpOption ofInts(final int kind, final int... words) {
        final byte[] bytes = new byte[4 * words.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (words[i >> 2] >>> 24 - 8 * (i & 3));
        }
        return new TcpOption(kind, bytes);
    }

    public boolean isPadding() {
        return kind == NOP || kind == EOL;
    }

    public boolean isTimestamps() {
        return kind == TIMESTAMPS && value.length == TIMESTAMPS_VALUE_BYTES;
    }

    /** Of kind, length and value. */
    public int lengthBytes() {
        return isPadding() ? 1 : 2 + value.length;
    }

    /** The big-endian word that begins at a byte. */
    public int intAt(final int offset) {
        return number(offset, 4);
    }

    private int number(final int offset, final int bytes) {
        int number = 0;
        for (int i = 0; i < bytes; i++) {
            number = number << 8 | value[offset + i] & 0xFF;
        }
        return number;
    }

    /** With {@code offset} added to each word: what SACK blocks need. */
    public TcpOption shifted(final int offset) {
        final int[] words = new int[value.length / 4];
        for (int i = 0; i < words.length; i++) {
            words[i] = intAt(4 * i) + offset;
        }
        return ofInts(kind, words);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof final TcpOption option && option.kind == kind && Arrays.equals(option.value, value);
    }

    @Override
    public int hashCode() {
        return 31 * kind + Arrays.hashCode(value);
    }

    /** As a script writes it. */
    @Override
    public String toString() {
        final int length = value.length;
        return switch (kind) {
            case EOL -> "eol";
            case NOP -> "nop";
            case MSS -> length == 2 ? "mss " + number(0, 2) : raw();
            case WINDOW_SCALE -> length == 1 ? "wscale " + (value[0] & 0xFF) : raw();
            case SACK_PERMITTED -> "sackOK";
            case SACK -> length % 8 == 0 ? "sack" + blocks() : raw();
            case TIMESTAMPS -> isTimestamps()
                    ? "TS val " + Integer.toUnsignedString(intAt(0)) + " ecr " + Integer.toUnsignedString(intAt(4))
                    : raw();
            case MD5 -> "md5 " + hex(0);
            case FAST_OPEN -> length == 0 ? "FO" : "FO " + hex(0);
            case ACCECN_0, ACCECN_1 -> length % 3 == 0 ? "ECN" + counters() : raw();
            case EXPERIMENTAL -> length >= 2 && number(0, 2) == FAST_OPEN_MAGIC
                    ? length == 2 ? "FOEXP" : "FOEXP " + hex(2)
                    : raw();
            default -> raw();
        };
    }

    private String blocks() {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < value.length; i += 8) {
            text.append(' ').append(Integer.toUnsignedString(intAt(i))).append(':')
                    .append(Integer.toUnsignedString(intAt(i + 4)));
        }
        return text.toString();
    }

    private String counters() {
        final String[] names = kind == ACCECN_0 ? new String[]{"e0b", "ceb", "e1b"} : new String[]{"e1b", "ceb", "e0b"};
        final StringJoiner text = new StringJoiner(" ", " ", "");
        for (int i = 0; i < value.length / 3 && i < names.length; i++) {
            text.add(names[i] + " " + number(3 * i, 3));
        }
        return text.toString();
    }

    private String raw() {
        return "kind" + kind + " " + hex(0);
    }

    private String hex(final int from) {
        return HexFormat.of().formatHex(value, from, value.length);
    }
}
