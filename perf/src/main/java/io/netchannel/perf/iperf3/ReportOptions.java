package io.netchannel.perf.iperf3;

import java.util.function.Consumer;

/**
 * How tests are reported.
 *
 * @param json as one document at the end, instead of lines
 * @param verbose more lines
 * @param intervalSeconds between reports; 0 for none
 * @param out is given each line, or document; on a loop
 * @param err is given errors, a line each; on a loop
 */
public record ReportOptions(boolean json, boolean verbose, double intervalSeconds, Consumer<String> out,
        Consumer<String> err) {

    private static final double MIN_INTERVAL = 0.1;
    private static final double MAX_INTERVAL = 60;

    public ReportOptions {
        if (intervalSeconds != 0 && !(intervalSeconds >= MIN_INTERVAL && intervalSeconds <= MAX_INTERVAL)) {
            throw new IllegalArgumentException(
                    "interval=" + intervalSeconds + " is neither 0 nor within " + MIN_INTERVAL
                            + ".." + MAX_INTERVAL + " seconds");
        }
    }

    Report newReport(final boolean server) {
        return json ? new JsonReport(out, server) : new TextReport(out, err, verbose, server);
    }
}
