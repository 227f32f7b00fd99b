package io.netchannel.tcpip.script.syntax;

import io.netchannel.tcpip.script.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Parses {@code <mss 1460,sackOK,…>}. */
final class TcpOptionParser {

    private static final long MAX_INT = 0xFFFF_FFFFL;
    private static final int MAX_COUNTER = 0xFF_FFFF;
    /** A TCP header is 60 bytes at most (RFC 9293, 3.1). */
    private static final int MAX_BYTES = 40;

    private final Tokens tokens;
    private boolean needsKey;

    TcpOptionParser(final Tokens tokens) {
        this.tokens = tokens;
    }

    /** @return null for {@code <...>} */
    List<TcpOption> options() throws ScriptSyntaxException {
        final Token start = tokens.peek();
        needsKey = false;
        tokens.expect("<");
        if (tokens.accept("...")) {
            tokens.expect(">");
            return null;
        }
        final List<TcpOption> options = new ArrayList<>();
        int bytes = 0;
        do {
            final TcpOption option = option();
            options.add(option);
            bytes += option.lengthBytes();
        } while (tokens.accept(","));
        tokens.expect(">");
        if (bytes > MAX_BYTES) {
            throw tokens.error(start, "TCP options take " + bytes + " bytes > MAX=" + MAX_BYTES);
        }
        return List.copyOf(options);
    }

    private TcpOption option() throws ScriptSyntaxException {
        final Token token = tokens.expect(Kind.WORD, "a TCP option");
        return switch (token.text()) {
            case "nop" -> new TcpOption(TcpOption.NOP, new byte[0]);
            case "eol" -> new TcpOption(TcpOption.EOL, new byte[0]);
            case "sackOK" -> new TcpOption(TcpOption.SACK_PERMITTED, new byte[0]);
            case "mss" -> {
                final int mss = (int) tokens.number("mss", 0xFFFF);
                yield new TcpOption(TcpOption.MSS, new byte[]{(byte) (mss >> 8), (byte) mss});
            }
            case "wscale" -> new TcpOption(TcpOption.WINDOW_SCALE, new byte[]{(byte) tokens.number("wscale", 0xFF)});
            case "TS" -> timestamps();
            case "sack" -> sack();
            case "md5" ->
                tokens.at("valid") || tokens.at("invalid") ? signature() : new TcpOption(TcpOption.MD5, blob());
            case "FO" -> new TcpOption(TcpOption.FAST_OPEN, atBlob() ? blob() : new byte[0]);
            case "FOEXP" -> fastOpenExperimental();
            case "ECN" -> accEcn();
            default -> throw tokens.error(token,
                    "expected mss, wscale, sackOK, sack, TS, nop, eol, FO, FOEXP, ECN or md5, not " + token);
        };
    }

    private TcpOption timestamps() throws ScriptSyntaxException {
        tokens.expect("val");
        final long value = tokens.number("TS val", MAX_INT);
        tokens.expect("ecr");
        return TcpOption.ofInts(TcpOption.TIMESTAMPS, (int) value, (int) tokens.number("TS ecr", MAX_INT));
    }

    private TcpOption sack() throws ScriptSyntaxException {
        int[] edges = new int[0];
        do {
            edges = Arrays.copyOf(edges, edges.length + 2);
            edges[edges.length - 2] = (int) tokens.number("SACK's left edge", MAX_INT);
            tokens.expect(":");
            edges[edges.length - 1] = (int) tokens.number("SACK's right edge", MAX_INT);
        } while (tokens.at(Kind.INTEGER));
        return TcpOption.ofInts(TcpOption.SACK, edges);
    }

    private TcpOption fastOpenExperimental() throws ScriptSyntaxException {
        final byte[] cookie = atBlob() ? blob() : new byte[0];
        final byte[] value = new byte[2 + cookie.length];
        value[0] = (byte) (TcpOption.FAST_OPEN_MAGIC >> 8);
        value[1] = (byte) TcpOption.FAST_OPEN_MAGIC;
        System.arraycopy(cookie, 0, value, 2, cookie.length);
        return new TcpOption(TcpOption.EXPERIMENTAL, value);
    }

    private TcpOption accEcn() throws ScriptSyntaxException {
        final boolean ect0First = tokens.at("e0b");
        final String[] order = ect0First ? new String[]{"e0b", "ceb", "e1b"} : new String[]{"e1b", "ceb", "e0b"};
        byte[] value = new byte[0];
        for (int i = 0; i < order.length && tokens.at(order[i]); i++) {
            tokens.next();
            final int counter = (int) tokens.number(order[i], MAX_COUNTER);
            value = Arrays.copyOf(value, value.length + 3);
            value[3 * i] = (byte) (counter >> 16);
            value[3 * i + 1] = (byte) (counter >> 8);
            value[3 * i + 2] = (byte) counter;
        }
        if (value.length == 0) {
            throw tokens.expected("e0b or e1b");
        }
        return new TcpOption(ect0First ? TcpOption.ACCECN_0 : TcpOption.ACCECN_1, value);
    }

    /** {@code md5 valid}: to be computed with the connection's key. */
    private TcpOption signature() {
        tokens.next();
        needsKey = true;
        return new TcpOption(TcpOption.MD5, new byte[16]);
    }

    /** Whether one of the options has a value that only a key gives. */
    boolean needsKey() {
        return needsKey;
    }

    private boolean atBlob() {
        return tokens.at(Kind.WORD) || tokens.at(Kind.INTEGER) || tokens.at(Kind.HEX);
    }

    private byte[] blob() throws ScriptSyntaxException {
        if (!atBlob()) {
            throw tokens.expected("hexadecimal digits");
        }
        final Token token = tokens.next();
        final int digits = token.text().length();
        // Checked before the length of all options is, which is a multiple of what fits.
        if (digits % 2 != 0 || digits > 2 * MAX_BYTES || !token.text().matches("[0-9a-fA-F]+")) {
            throw tokens.error(token, "expected an even number of hexadecimal digits, at most " + 2 * MAX_BYTES
                    + ", not " + token);
        }
        return HexFormat.of().parseHex(token.text());
    }
}
