package io.netchannel.samples.iperf3;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** A number with iperf3's suffixes: K, M, G and T, by 1024 for sizes and by 1000 for rates, as iperf3 has them. */
abstract sealed class Quantity implements CommandLine.ITypeConverter<Long> {

    private static final Pattern TEXT = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([kKmMgGtT]?)");
    private static final String SUFFIXES = "KMGT";

    private final double step;

    private Quantity(final double step) {
        this.step = step;
    }

    @Override
    public Long convert(final String text) {
        final Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new CommandLine.TypeConversionException("\"" + text + "\" is no number like 10, 1.5M or 2G");
        }
        final String suffix = matcher.group(2).toUpperCase(Locale.ROOT);
        final int power = suffix.isEmpty() ? 0 : SUFFIXES.indexOf(suffix) + 1;
        final double value = Double.parseDouble(matcher.group(1)) * Math.pow(step, power);
        if (value > Long.MAX_VALUE / 2.0) {
            throw new CommandLine.TypeConversionException("\"" + text + "\" is too large");
        }
        return (long) value;
    }

    /** Bytes. */
    static final class Size extends Quantity {
        Size() {
            super(1024);
        }
    }

    /** Bits a second. */
    static final class Rate extends Quantity {
        Rate() {
            super(1000);
        }
    }
}
