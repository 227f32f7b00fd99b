package io.netchannel.perf.iperf3;

import java.util.Locale;

/** Numbers with a unit, four characters wide, as iperf3 prints them: bytes by 1024, bits by 1000. */
final class Units {

    private static final String[] BYTES = {" Bytes", " KBytes", " MBytes", " GBytes", " TBytes"};
    private static final String[] BITS = {" bits", " Kbits", " Mbits", " Gbits", " Tbits"};
    // So that rounding doesn't make a digit more.
    private static final double TWO_DECIMALS_BELOW = 9.995;
    private static final double ONE_DECIMAL_BELOW = 99.95;

    private Units() {
    }

    static String bytes(final double bytes) {
        return scaled(bytes, 1024, BYTES);
    }

    static String bitsPerSecond(final double bits) {
        return scaled(bits, 1000, BITS) + "/sec";
    }

    private static String scaled(final double value, final int step, final String[] names) {
        double rest = value;
        int unit = 0;
        while (rest >= step && unit < names.length - 1) {
            rest /= step;
            unit++;
        }
        final String format = rest < TWO_DECIMALS_BELOW ? "%4.2f" : rest < ONE_DECIMAL_BELOW ? "%4.1f" : "%4.0f";
        return String.format(Locale.ROOT, format, rest) + names[unit];
    }
}
