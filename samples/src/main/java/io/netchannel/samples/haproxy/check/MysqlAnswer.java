package io.netchannel.samples.haproxy.check;

/** Packets of MySQL's protocol: three bytes of length, one of sequence, then the payload. */
final class MysqlAnswer {

    private static final int HEADER = 4;
    private static final char ERROR = 0xff;

    private MysqlAnswer() {
    }

    /** The first packet. @param isAll nothing else is expected: its version is the check's description */
    static Step.Outcome greeting(final String data, final boolean last, final boolean isAll) {
        final Step.Outcome outcome = packet(data, 0, last);
        return outcome == Step.Outcome.GO_ON && isAll ? passed(data) : outcome;
    }

    /** The packet behind the greeting. */
    static Step.Outcome ok(final String data, final boolean last) {
        final int offset = data.length() < HEADER ? 0 : HEADER + length(data, 0);
        final Step.Outcome outcome = packet(data, offset, last);
        return outcome == Step.Outcome.GO_ON ? passed(data) : outcome;
    }

    private static Step.Outcome packet(final String data, final int offset, final boolean last) {
        if (data.length() < offset + HEADER + 1 || data.length() < offset + HEADER + length(data, offset)) {
            return last ? new Step.Outcome(CheckStatus.L7RSP, 0, "") : null;
        }
        if (data.charAt(offset + HEADER) == ERROR && data.length() >= offset + 7) {
            final int code = data.charAt(offset + 5) + (data.charAt(offset + 6) << 8);
            return new Step.Outcome(CheckStatus.L7STS, code, data.substring(offset + 7));
        }
        return Step.Outcome.GO_ON;
    }

    private static int length(final String data, final int offset) {
        return data.charAt(offset) + (data.charAt(offset + 1) << 8) + (data.charAt(offset + 2) << 16);
    }

    /** The server's version stands behind the protocol's, up to a NUL. */
    private static Step.Outcome passed(final String data) {
        final int end = data.indexOf(0, HEADER + 1);
        return new Step.Outcome(CheckStatus.L7OK, 0,
                data.substring(Math.min(HEADER + 1, data.length()), end < 0 ? data.length() : end));
    }
}
