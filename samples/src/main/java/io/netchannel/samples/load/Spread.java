package io.netchannel.samples.load;

import java.util.Locale;
import java.util.stream.DoubleStream;

/** What the rounds of one measurement came to. */
public record Spread(double median, double lowest, double highest) {

    /** @param values one for each round, at least one */
    public static Spread of(final DoubleStream values) {
        final double[] sorted = values.sorted().toArray();
        return new Spread((sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2, sorted[0],
                sorted[sorted.length - 1]);
    }

    /** {@code lowest..highest}, without decimals. */
    public String range() {
        return String.format(Locale.ROOT, "%.0f..%.0f", lowest, highest);
    }
}
