package io.netchannel.tcpip.script;

import io.netchannel.tcpip.script.Sysctls.Kind;
import io.netchannel.tcpip.script.Sysctls.Result;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/** Rows of a system's table: what each of its names does. */
final class SysctlTable {

    /** What a name does with a value. */
    @FunctionalInterface
    interface Row {

        Outcome apply(TcpConfig config, String value);
    }

    /** @param config the settings from here on */
    record Outcome(TcpConfig config, Result result) {
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();

    Row find(final String name) {
        return rows.get(name);
    }

    void row(final String name, final Row row) {
        if (rows.put(name, row) != null) {
            throw new IllegalArgumentException(name + " has two rows");
        }
    }

    /** A name for a setting of ours, in another unit perhaps. */
    void setting(final String name, final TcpSetting setting, final LongUnaryOperator conversion) {
        row(name, (config, value) -> set(config, setting, conversion.applyAsLong(number(value))));
    }

    void setting(final String name, final TcpSetting setting) {
        setting(name, setting, number -> number);
    }

    /** A switch, of which any number but 0 is on. */
    void switching(final String name, final TcpSetting setting) {
        setting(name, setting, number -> number == 0 ? 0 : 1);
    }

    /** Changes nothing here, whatever the value. */
    void harmless(final String name, final String reason) {
        row(name, (config, value) -> new Outcome(config, new Result(Kind.HARMLESS, reason)));
    }

    /** For a name of which we behave as with some values. */
    void fixed(final String name, final LongPredicate ours, final String reason) {
        row(name, (config, value) -> new Outcome(config, ours.test(number(value))
                ? new Result(Kind.HARMLESS, reason)
                : Result.unsupported("else than that " + reason)));
    }

    static Outcome mapped(final TcpConfig config) {
        return new Outcome(config, new Result(Kind.MAPPED, ""));
    }

    static Outcome set(final TcpConfig config, final TcpSetting setting, final long value) {
        if (value < setting.min() || value > setting.max()) {
            return new Outcome(config, Result.unsupported(setting.camelCase() + "=" + value + " is not within "
                    + setting.min() + ".." + setting.max()));
        }
        return mapped(config.with(setting, value));
    }

    /** The nearest value that we take. */
    static TcpConfig clamped(final TcpConfig config, final TcpSetting setting, final long value) {
        return config.with(setting, Math.clamp(value, setting.min(), setting.max()));
    }

    /** @throws NumberFormatException if the text is none: decimal, or hexadecimal with 0x */
    static long number(final String text) {
        return Long.decode(text.isBlank() ? text : decimal(text.trim()));
    }

    // Long.decode() takes leading zeros for octal; sysctl doesn't.
    private static String decimal(final String text) {
        return text.startsWith("0x") || text.startsWith("0X") ? text : text.replaceFirst("^0+(?=\\d)", "");
    }

    /** Numbers between blanks. */
    static long[] numbers(final String text, final int count) {
        final String[] words = text.trim().split("\\s+");
        if (words.length != count) {
            throw new NumberFormatException(words.length + " numbers, not " + count);
        }
        final long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = number(words[i]);
        }
        return numbers;
    }
}
