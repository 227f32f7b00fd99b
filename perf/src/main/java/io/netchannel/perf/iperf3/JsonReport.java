package io.netchannel.perf.iperf3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netchannel.tcpip.wire.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** iperf3's document, printed at the end. Threading: as {@link Report}. */
final class JsonReport extends Report {

    private final Consumer<String> out;
    private final boolean server;
    private final ObjectNode root = ControlChannel.MAPPER.createObjectNode();
    private final ObjectNode start = root.putObject("start");
    private final ArrayNode connected = start.putArray("connected");
    private final ArrayNode intervals = root.putArray("intervals");
    private final ObjectNode end = root.putObject("end");
    private TestParameters parameters;
    private boolean printed;

    JsonReport(final Consumer<String> out, final boolean server) {
        this.out = out;
        this.server = server;
        start.put("version", VERSION).put("system_info",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
    }

    ObjectNode document() {
        return root;
    }

    @Override
    void connecting(final boolean accepted, final String host, final int port, final String cookie,
            final TestParameters asked) {
        parameters = asked;
        start.putObject("timestamp").put("time", TextReport.time()).put("timesecs", Instant.now().getEpochSecond());
        start.putObject(accepted ? "accepted_connection" : "connecting_to").put("host", host).put("port", port);
        start.put("cookie", cookie);
        if (!asked.udp()) {
            start.put("tcp_mss_default", asked.maxSegmentBytes());
        }
        start.put("target_bitrate", asked.bitsPerSecond()).put("sock_bufsize", asked.windowBytes());
    }

    @Override
    void started(final TestParameters agreed, final List<DataStream> streams) {
        parameters = agreed;
        for (final DataStream stream : streams) {
            final DataStream.Ends ends = stream.ends;
            connected.addObject().put("socket", stream.socket())
                    .put("local_host", IpAddress.format(ends.localHigh(), ends.localLow()))
                    .put("local_port", ends.localPort())
                    .put("remote_host", IpAddress.format(ends.remoteHigh(), ends.remoteLow()))
                    .put("remote_port", ends.remotePort());
        }
        start.putObject("test_start").put("protocol", agreed.udp() ? "UDP" : "TCP")
                .put("num_streams", agreed.parallel()).put("blksize", agreed.blockBytes())
                .put("omit", agreed.omitSeconds()).put("duration", agreed.seconds()).put("bytes", agreed.bytes())
                .put("blocks", agreed.blocks()).put("reverse", agreed.reverse() ? 1 : 0)
                .put("tos", agreed.trafficClass()).put("target_bitrate", agreed.bitsPerSecond());
    }

    // -- intervals

    @Override
    void interval(final List<Interval> rows) {
        final ObjectNode node = intervals.addObject();
        final ArrayNode streams = node.putArray("streams");
        rows.forEach(row -> interval(streams.addObject().put("socket", row.socket()), row, true));
        final boolean weSend = rows.stream().anyMatch(Interval::sender);
        interval(node.putObject("sum"), TextReport.sum(rows.stream().filter(r -> r.sender() == weSend).toList()),
                false);
        if (parameters.bidirectional()) {
            interval(node.putObject("sum_bidir_reverse"),
                    TextReport.sum(rows.stream().filter(r -> !r.sender()).toList()), false);
        }
    }

    private void interval(final ObjectNode node, final Interval row, final boolean ofStream) {
        final StreamSample counts = row.counts();
        times(node, row.start(), row.end(), counts.bytes(), row.bitsPerSecond());
        if (parameters.udp()) {
            if (!row.sender()) {
                node.put("jitter_ms", counts.jitterSeconds() * 1e3).put("lost_packets", counts.lost());
            }
            node.put("packets", counts.packets());
            if (!row.sender()) {
                node.put("lost_percent", percent(counts.lost(), counts.packets()));
            }
        } else if (row.sender()) {
            node.put("retransmits", counts.retransmits());
            if (ofStream) {
                node.put("snd_cwnd", counts.windowBytes()).put("snd_wnd", counts.peerWindowBytes())
                        .put("rtt", counts.rttUs()).put("rttvar", counts.rttVariationUs())
                        .put("pmtu", counts.pathMtuBytes());
            }
        }
        node.put("omitted", row.omitted()).put("sender", row.sender());
    }

    private static void times(final ObjectNode node, final double start, final double end, final long bytes,
            final double bitsPerSecond) {
        node.put("start", start).put("end", end).put("seconds", end - start).put("bytes", bytes)
                .put("bits_per_second", bitsPerSecond);
    }

    private static double percent(final long part, final long whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }

    @Override
    void omitDone() {
        // The intervals say which were omitted.
    }

    // -- the end

    @Override
    void ended(final Outcome outcome) {
        final ArrayNode streams = end.putArray("streams");
        outcome.totals().forEach(total -> {
            final ObjectNode stream = streams.addObject();
            if (parameters.udp()) {
                datagrams(stream.putObject("udp").put("socket", total.socket()), total);
            } else {
                side(stream.putObject("sender").put("socket", total.socket()), total.sender(), total.weSend(), true);
                side(stream.putObject("receiver").put("socket", total.socket()), total.receiver(), total.weSend(),
                        false);
            }
        });
        final boolean weSend = outcome.totals().stream().anyMatch(Total::weSend);
        sums(outcome, weSend, "");
        if (parameters.bidirectional()) {
            sums(outcome, false, "_bidir_reverse");
        }
        final ProcessTimes.Utilization remote = outcome.remoteCpu() == null
                ? ProcessTimes.Utilization.NONE
                : outcome.remoteCpu();
        end.putObject("cpu_utilization_percent").put("host_total", outcome.cpu().total())
                .put("host_user", outcome.cpu().user()).put("host_system", outcome.cpu().system())
                .put("remote_total", remote.total()).put("remote_user", remote.user())
                .put("remote_system", remote.system());
        if (!parameters.udp()) {
            congestion(outcome.sends() ? "sender" : "receiver", outcome.congestionControl());
            congestion(outcome.sends() ? "receiver" : "sender", outcome.remoteCongestionControl());
        }
        if (outcome.serverText() != null) {
            root.put("server_output_text", outcome.serverText());
        } else if (outcome.serverJson() != null) {
            root.set("server_output_json", outcome.serverJson());
        }
    }

    private void congestion(final String side, final String algorithm) {
        if (!algorithm.isEmpty()) {
            end.put(side + "_tcp_congestion", algorithm);
        }
    }

    private void sums(final Outcome outcome, final boolean weSend, final String suffix) {
        final List<Total> ours = outcome.totals().stream().filter(total -> total.weSend() == weSend).toList();
        final Side sent = TextReport.sumOfSides(ours.stream().map(Total::sender).toList());
        final Side received = TextReport.sumOfSides(ours.stream().map(Total::receiver).toList());
        if (parameters.udp()) {
            datagrams(end.putObject("sum" + suffix), new Total(0, weSend, sent, received));
        }
        side(end.putObject("sum_sent" + suffix), sent, weSend, true);
        side(end.putObject("sum_received" + suffix), received, weSend, false);
    }

    private void side(final ObjectNode node, final Side side, final boolean weSend, final boolean sender) {
        final Side known = side == null ? new Side(0, 0, 0, 0, 0, 0, 0) : side;
        times(node, 0, known.seconds(), known.bytes(), known.bitsPerSecond());
        if (parameters.udp()) {
            node.put("jitter_ms", sender ? 0 : known.jitterSeconds() * 1e3)
                    .put("lost_packets", sender ? 0 : known.lost()).put("packets", known.packets())
                    .put("lost_percent", sender ? 0 : percent(known.lost(), known.packets()));
        } else if (sender && side != null) {
            node.put("retransmits", known.retransmits());
        }
        node.put("sender", weSend);
    }

    /** What was sent, and what became of it. */
    private static void datagrams(final ObjectNode node, final Total total) {
        final Side sent = total.sender() == null ? total.receiver() : total.sender();
        final Side received = total.receiver() == null ? total.sender() : total.receiver();
        times(node, 0, sent.seconds(), sent.bytes(), sent.bitsPerSecond());
        node.put("jitter_ms", received.jitterSeconds() * 1e3).put("lost_packets", received.lost())
                .put("packets", received.packets()).put("lost_percent", percent(received.lost(), received.packets()))
                .put("out_of_order", received.outOfOrder()).put("sender", total.weSend());
    }

    @Override
    void failed(final String why) {
        root.put("error", (server ? "error - " : "") + why);
    }

    @Override
    void finish() {
        if (!printed) {
            printed = true;
            try {
                out.accept(ControlChannel.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root));
            } catch (final JsonProcessingException impossible) {
                throw new IllegalStateException("a tree can be written", impossible);
            }
        }
    }
}
