package io.netchannel.tcpip.script.syntax;

/** Flags of a TCP header, with the letters that scripts write for them. */
public final class TcpFlags {

    public static final int FIN = 0x001;
    public static final int SYN = 0x002;
    public static final int RST = 0x004;
    public static final int PSH = 0x008;
    public static final int ACK = 0x010;
    public static final int URG = 0x020;
    public static final int ECE = 0x040;
    public static final int CWR = 0x080;
    /** RFC 9768: what was NS. */
    public static final int AE = 0x100;
    public static final int ACE_SHIFT = 6;
    public static final int ACE_MASK = AE | CWR | ECE;

    private static final String LETTERS = "FSRP.UEWA";

    private TcpFlags() {
    }

    /** @return the bits, or -1 if a letter is none */
    static int parse(final String letters) {
        int flags = 0;
        for (int i = 0; i < letters.length(); i++) {
            final int bit = LETTERS.indexOf(letters.charAt(i));
            if (bit < 0) {
                return -1;
            }
            flags |= 1 << bit;
        }
        return flags;
    }

    /** The dot for ACK comes last, where the grammar has it; {@code -} for none. */
    public static String format(final int flags) {
        final StringBuilder text = new StringBuilder();
        for (final char letter : "FSRPEWUA.".toCharArray()) {
            if ((flags & 1 << LETTERS.indexOf(letter)) != 0) {
                text.append(letter);
            }
        }
        return text.isEmpty() ? "-" : text.toString();
    }
}
