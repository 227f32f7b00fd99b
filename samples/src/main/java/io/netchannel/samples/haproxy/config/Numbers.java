package io.netchannel.samples.haproxy.config;

/** What several kinds of keywords say of wrong numbers. */
final class Numbers {

    private Numbers() {
    }

    /** {@code all}, {@code odd}, {@code even}, {@code N} or {@code N-M}, of processes, threads or CPUs. */
    static void range(final String text, final int max) throws ConfigException {
        if ("all".equals(text) || "odd".equals(text) || "even".equals(text)) {
            return;
        }
        final int dash = text.indexOf('-');
        final String digits = dash < 0 ? text : text.substring(0, dash) + text.substring(dash + 1);
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new ConfigException("'" + text + "' is not a valid number/range.");
        }
        final long low = Units.leadingInteger(text);
        final long high;
        if (dash < 0) {
            high = low;
        } else {
            high = dash == text.length() - 1 ? max : Units.leadingInteger(text.substring(dash + 1));
        }
        if (Math.min(low, high) < 1 || Math.max(low, high) > max) {
            throw new ConfigException("'" + text + "' is not a valid number/range. It supports numbers from 1 to " + max
                    + ".");
        }
    }

    /** Of a time that is too large or too small; {@code what} in its quotes. */
    static ConfigException overOrUnder(final Units.Parsed parsed, final String text, final String what) {
        return parsed.verdict() == Units.Verdict.OVERFLOW
                ? new ConfigException("timer overflow in argument '" + text + "' to " + what
                        + " (maximum value is 2147483647 ms or ~24.8 days)")
                : new ConfigException("timer underflow in argument '" + text + "' to " + what
                        + " (minimum non-null value is 1 ms)");
    }
}
