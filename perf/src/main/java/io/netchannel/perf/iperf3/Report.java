package io.netchannel.perf.iperf3;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What one end shows of a test.
 *
 * <p>Threading: on the loop of the control connection.
 */
abstract sealed class Report permits TextReport, JsonReport {

    /** Who we are; a peer may print it. */
    static final String VERSION = "netchannel iperf 3.12";

    /** A stream during an interval; what it has counted in it. */
    record Interval(int socket, boolean sender, double start, double end, StreamSample counts, boolean omitted) {

        double bitsPerSecond() {
            return Report.rate(counts.bytes(), end - start);
        }
    }

    /** One side of a stream at the end. */
    record Side(long bytes, long retransmits, double jitterSeconds, long lost, long packets, long outOfOrder,
            double seconds) {

        double bitsPerSecond() {
            return Report.rate(bytes, seconds);
        }
    }

    /** Both sides of a stream at the end; the one that isn't known is null. */
    record Total(int socket, boolean weSend, Side sender, Side receiver) {
    }

    /**
     * What both sides have told beyond the streams.
     *
     * @param remoteCpu null if the other side has told nothing
     * @param serverText the server's own report, or null
     * @param serverJson the server's own report, or null
     */
    record Outcome(List<Total> totals, ProcessTimes.Utilization cpu, ProcessTimes.Utilization remoteCpu,
            boolean sends, String congestionControl, String remoteCongestionControl, String serverText,
            JsonNode serverJson) {
    }

    static double rate(final long bytes, final double seconds) {
        return seconds > 0 ? bytes * 8 / seconds : 0;
    }

    /** @param server whether this is the server's report, of a client at {@code host} */
    abstract void connecting(boolean server, String host, int port, String cookie, TestParameters parameters);

    /** All streams are there. */
    abstract void started(TestParameters parameters, List<DataStream> streams);

    abstract void interval(List<Interval> rows);

    abstract void omitDone();

    abstract void ended(Outcome outcome);

    /** @param why without the program's name */
    abstract void failed(String why);

    /** The last: what was collected is printed. */
    abstract void finish();
}
