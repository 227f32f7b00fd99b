package io.netchannel.perf.iperf3;

import io.netchannel.tcpip.wire.IpAddress;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** iperf3's lines and columns. Threading: as {@link Report}. */
final class TextReport extends Report {

    private static final String SEPARATOR = "- - - - - - - - - - - - - - - - - - - - - - - - -";
    private static final String HEADER = "Interval           Transfer     Bitrate";
    private static final String UDP_RECEIVER = "         Jitter    Lost/Total Datagrams";
    private static final String UDP_SENDER = "         Total Datagrams";
    private static final int SUM = -1;
    /** What a client may ask for at the end; a test of a day with a line a second fits. */
    private static final int MAX_KEPT_CHARACTERS = 900_000;

    private final Consumer<String> out;
    private final Consumer<String> err;
    private final boolean verbose;
    private final boolean server;
    private final StringBuilder kept = new StringBuilder();
    private TestParameters parameters;
    private boolean any;

    TextReport(final Consumer<String> out, final Consumer<String> err, final boolean verbose, final boolean server) {
        this.out = out;
        this.err = err;
        this.verbose = verbose;
        this.server = server;
    }

    /** What was printed so far. */
    String text() {
        return kept.toString();
    }

    private void line(final String format, final Object... values) {
        final String text = String.format(Locale.ROOT, format, values);
        if (server && kept.length() + text.length() < MAX_KEPT_CHARACTERS) {
            kept.append(text).append('\n');
        }
        out.accept(text);
    }

    static String time() {
        return DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                .format(ZonedDateTime.now(ZoneOffset.UTC));
    }

    @Override
    void connecting(final boolean accepted, final String host, final int port, final String cookie,
            final TestParameters asked) {
        parameters = asked;
        if (verbose) {
            line("Time: %s", time());
        }
        line(accepted ? "Accepted connection from %s, port %d" : "Connecting to host %s, port %d", host, port);
        if (!accepted && asked.reverse()) {
            line("Reverse mode, remote host %s is sending", host);
        }
        if (verbose) {
            line("      Cookie: %s", cookie);
            if (!asked.udp()) {
                line("      TCP MSS: %d (%s)", asked.maxSegmentBytes(),
                        asked.maxSegmentBytes() == 0 ? "default" : "given");
            }
        }
    }

    @Override
    void started(final TestParameters agreed, final List<DataStream> streams) {
        parameters = agreed;
        for (final DataStream stream : streams) {
            final DataStream.Ends ends = stream.ends;
            line("[%3d] local %s port %d connected to %s port %d", stream.socket(),
                    IpAddress.format(ends.localHigh(), ends.localLow()), ends.localPort(),
                    IpAddress.format(ends.remoteHigh(), ends.remoteLow()), ends.remotePort());
        }
        if (verbose) {
            final String start = String.format(Locale.ROOT,
                    "Starting Test: protocol: %s, %d streams, %d byte blocks, omitting %d seconds, ",
                    agreed.udp() ? "UDP" : "TCP", agreed.parallel(), agreed.blockBytes(), agreed.omitSeconds());
            final String length;
            if (agreed.bytes() > 0) {
                length = agreed.bytes() + " bytes to send";
            } else if (agreed.blocks() > 0) {
                length = agreed.blocks() + " blocks to send";
            } else {
                length = agreed.seconds() + " second test";
            }
            line("%s%s, tos %d", start, length, agreed.trafficClass());
        }
    }

    // -- intervals

    @Override
    void interval(final List<Interval> rows) {
        final boolean sends = rows.stream().anyMatch(Interval::sender);
        if (!any) {
            any = true;
            if (parameters.udp()) {
                header(parameters.bidirectional() || !sends ? UDP_RECEIVER : UDP_SENDER);
            } else {
                header(sends ? "         Retr  Cwnd" : "");
            }
        } else if (rows.size() > 1) {
            line(SEPARATOR);
        }
        rows.forEach(row -> interval(row.socket(), row));
        if (parameters.parallel() > 1) {
            for (final boolean sender : new boolean[]{true, false}) {
                final List<Interval> side = rows.stream().filter(row -> row.sender() == sender).toList();
                if (!side.isEmpty()) {
                    interval(SUM, sum(side));
                }
            }
        }
    }

    private void header(final String columns) {
        line("[ ID]%s %s%s", parameters.bidirectional() ? "[Role]" : "", HEADER, columns);
    }

    static Interval sum(final List<Interval> rows) {
        long bytes = 0;
        long retransmits = 0;
        long packets = 0;
        long lost = 0;
        long outOfOrder = 0;
        double jitter = 0;
        for (final Interval row : rows) {
            bytes += row.counts().bytes();
            retransmits += row.counts().retransmits();
            packets += row.counts().packets();
            lost += row.counts().lost();
            outOfOrder += row.counts().outOfOrder();
            jitter += row.counts().jitterSeconds() / rows.size();
        }
        final Interval first = rows.getFirst();
        return new Interval(SUM, first.sender(), first.start(), first.end(),
                new StreamSample(bytes, retransmits, 0, 0, 0, 0, 0, packets, lost, outOfOrder, jitter),
                first.omitted());
    }

    private String id(final int socket, final boolean weSend) {
        final String name = socket == SUM ? "[SUM]" : String.format(Locale.ROOT, "[%3d]", socket);
        return parameters.bidirectional() ? name + (weSend ? "[TX-" : "[RX-") + (server ? "S]" : "C]") : name;
    }

    private String columns(final int socket, final boolean weSend, final double start, final double end,
            final long bytes, final double bitsPerSecond) {
        return String.format(Locale.ROOT, "%s %6.2f-%-6.2f sec  %s  %s", id(socket, weSend), start, end,
                Units.bytes(bytes), Units.bitsPerSecond(bitsPerSecond));
    }

    private void interval(final int socket, final Interval row) {
        final StreamSample counts = row.counts();
        final String omitted = row.omitted() ? "(omitted)" : "";
        final String columns = columns(socket, row.sender(), row.start(), row.end(), counts.bytes(),
                row.bitsPerSecond());
        if (parameters.udp()) {
            if (row.sender()) {
                line("%s%s  %d  %s", columns, parameters.bidirectional() ? "                " : "", counts.packets(),
                        omitted);
            } else {
                line("%s  %s  %s", columns, datagrams(counts.jitterSeconds(), counts.lost(), counts.packets()),
                        omitted);
            }
        } else if (!row.sender()) {
            line("%s                  %s", columns, omitted);
        } else if (socket == SUM) {
            line("%s  %3d             %s", columns, counts.retransmits(), omitted);
        } else {
            line("%s  %3d   %s       %s", columns, counts.retransmits(), Units.bytes(counts.windowBytes()), omitted);
        }
    }

    private static String datagrams(final double jitterSeconds, final long lost, final long packets) {
        return String.format(Locale.ROOT, "%5.3f ms  %d/%d (%s%%)", jitterSeconds * 1e3, lost, packets,
                percent(lost, packets));
    }

    /** Two significant digits, as C's %.2g. */
    private static String percent(final long part, final long whole) {
        final double value = whole == 0 ? 0 : 100.0 * part / whole;
        if (value == 0) {
            return "0";
        }
        return new BigDecimal(value).round(new MathContext(2)).stripTrailingZeros().toPlainString();
    }

    @Override
    void omitDone() {
        if (verbose) {
            line("Finished omit period, starting real test");
        }
    }

    // -- the end

    @Override
    void ended(final Outcome outcome) {
        line(SEPARATOR);
        if (verbose) {
            line("Test Complete. Summary Results:");
        }
        final boolean anySender = outcome.totals().stream().anyMatch(total -> total.sender() != null);
        header(parameters.udp() ? UDP_RECEIVER : anySender ? "         Retr" : "");
        outcome.totals().forEach(total -> {
            side(total.socket(), total.weSend(), total.sender(), true);
            side(total.socket(), total.weSend(), total.receiver(), false);
        });
        if (parameters.parallel() > 1) {
            sums(outcome.totals(), true);
            sums(outcome.totals(), false);
        }
        if (verbose) {
            details(outcome);
        }
        if (outcome.serverText() != null) {
            line("");
            line("Server output:");
            line("%s", outcome.serverText());
        } else if (outcome.serverJson() != null) {
            line("");
            line("Server JSON output:");
            line("%s", outcome.serverJson().toPrettyString());
        }
        if (!server) {
            line("");
            line("iperf Done.");
        }
    }

    private void sums(final List<Total> totals, final boolean weSend) {
        final List<Total> ours = totals.stream().filter(total -> total.weSend() == weSend).toList();
        if (ours.isEmpty()) {
            return;
        }
        for (final boolean sender : new boolean[]{true, false}) {
            final Side sum = sumOfSides(
                    ours.stream().map(total -> sender ? total.sender() : total.receiver()).toList());
            if (sum != null) {
                side(SUM, weSend, sum, sender);
            }
        }
    }

    /** Of all streams, or null if one is not known. */
    static Side sumOfSides(final List<Side> sides) {
        long bytes = 0;
        long retransmits = 0;
        double jitter = 0;
        long lost = 0;
        long packets = 0;
        long outOfOrder = 0;
        double seconds = 0;
        for (final Side side : sides) {
            if (side == null) {
                return null;
            }
            bytes += side.bytes();
            retransmits += side.retransmits();
            jitter += side.jitterSeconds() / sides.size();
            lost += side.lost();
            packets += side.packets();
            outOfOrder += side.outOfOrder();
            seconds = Math.max(seconds, side.seconds());
        }
        return new Side(bytes, retransmits, jitter, lost, packets, outOfOrder, seconds);
    }

    private void side(final int socket, final boolean weSend, final Side side, final boolean sender) {
        final String role = sender ? "sender" : "receiver";
        if (side == null) {
            line("%s (%s statistics not available)", id(socket, weSend), role);
            return;
        }
        final String columns = columns(socket, weSend, 0, side.seconds(), side.bytes(), side.bitsPerSecond());
        if (parameters.udp()) {
            line("%s  %s  %s", columns, sender
                    ? datagrams(0, 0, side.packets())
                    : datagrams(side.jitterSeconds(), side.lost(), side.packets()), role);
            if (!sender && side.outOfOrder() > 0) {
                line("%s %4.1f-%4.1f sec  %d datagrams received out-of-order", id(socket, weSend), 0.0,
                        side.seconds(), side.outOfOrder());
            }
        } else if (sender) {
            line("%s  %3d             %s", columns, side.retransmits(), role);
        } else {
            line("%s                  %s", columns, role);
        }
    }

    private void details(final Outcome outcome) {
        if (outcome.remoteCpu() != null) {
            final ProcessTimes.Utilization local = outcome.cpu();
            final ProcessTimes.Utilization remote = outcome.remoteCpu();
            line("CPU Utilization: local/%s %.1f%% (%.1f%%u/%.1f%%s), remote/%s %.1f%% (%.1f%%u/%.1f%%s)",
                    outcome.sends() ? "sender" : "receiver", local.total(), local.user(), local.system(),
                    outcome.sends() ? "receiver" : "sender", remote.total(), remote.user(), remote.system());
        }
        if (!parameters.udp()) {
            congestion(outcome.sends() ? "snd" : "rcv", outcome.congestionControl());
            congestion(outcome.sends() ? "rcv" : "snd", outcome.remoteCongestionControl());
        }
    }

    private void congestion(final String side, final String algorithm) {
        if (!algorithm.isEmpty()) {
            line("%s_tcp_congestion %s", side, algorithm);
        }
    }

    @Override
    void failed(final String why) {
        err.accept("iperf3: error - " + why);
    }

    @Override
    void finish() {
        // Each line went out as it came.
    }
}
