package io.netchannel.perf.iperf3;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;

/**
 * What a test is, as the client tells the server.
 *
 * @param udp rather than TCP
 * @param omitSeconds at the beginning that don't count
 * @param seconds of the test; 0 if it ends by bytes or blocks
 * @param bytes that end it, of all streams; 0 for none
 * @param blocks that end it, of all streams; 0 for none
 * @param maxSegmentBytes 0 for the path's
 * @param noDelay whether Nagle's algorithm is off
 * @param parallel streams in each direction
 * @param reverse whether the server sends
 * @param bidirectional whether both send
 * @param windowBytes of socket buffers; 0 for those that grow
 * @param blockBytes of each write, or of a datagram's payload
 * @param bitsPerSecond of each stream; 0 without limit
 * @param burst blocks between looks at the clock; 0 for one
 * @param trafficClass of packets
 * @param congestionControl Linux's name, or empty
 * @param serverOutput whether the client wants what the server prints
 * @param wideCounters whether datagrams are counted in 64 bits
 */
public record TestParameters(boolean udp, int omitSeconds, int seconds, long bytes, long blocks, int maxSegmentBytes,
        boolean noDelay, int parallel, boolean reverse, boolean bidirectional, int windowBytes, int blockBytes,
        long bitsPerSecond, int burst, int trafficClass, String congestionControl, boolean serverOutput,
        boolean wideCounters) {

    // iperf.h
    private static final int MAX_SECONDS = 86_400;
    private static final int MAX_OMIT_SECONDS = 60;
    private static final int MAX_STREAMS = 128;
    private static final int MAX_BLOCK_BYTES = 1 << 20;
    private static final int MAX_DATAGRAM_BYTES = 65_507;
    private static final int MAX_WINDOW_BYTES = 512 << 20;
    private static final int MAX_SEGMENT_BYTES = 9 * 1024;
    private static final int MAX_BURST = 1_000;
    /** A datagram's time and 32-bit number. */
    private static final int MIN_DATAGRAM_BYTES = 16;

    public TestParameters {
        check("omit", omitSeconds, 0, MAX_OMIT_SECONDS);
        check("time", seconds, 0, MAX_SECONDS);
        check("num", bytes, 0, Long.MAX_VALUE);
        check("blockcount", blocks, 0, Long.MAX_VALUE);
        check("MSS", maxSegmentBytes, 0, MAX_SEGMENT_BYTES);
        check("parallel", parallel, 1, MAX_STREAMS);
        check("window", windowBytes, 0, MAX_WINDOW_BYTES);
        check("len", blockBytes, udp ? MIN_DATAGRAM_BYTES : 1, udp ? MAX_DATAGRAM_BYTES : MAX_BLOCK_BYTES);
        check("bandwidth", bitsPerSecond, 0, Long.MAX_VALUE);
        check("burst", burst, 0, MAX_BURST);
        check("TOS", trafficClass, 0, 255);
        if (reverse && bidirectional) {
            throw new IllegalArgumentException("reverse and bidirectional exclude each other");
        }
    }

    private static void check(final String name, final long value, final long min, final long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + "=" + value + (value < min ? " < MIN=" + min : " > MAX=" + max));
        }
    }

    /** @throws IllegalArgumentException naming what is wrong */
    static TestParameters parse(final JsonNode json) {
        if (json.path("sctp").asBoolean() || !json.path("tcp").asBoolean() && !json.path("udp").asBoolean()) {
            throw new IllegalArgumentException("the protocol is neither tcp nor udp");
        }
        if (json.has("authtoken")) {
            throw new IllegalArgumentException("authentication is not served here");
        }
        final boolean udp = json.path("udp").asBoolean();
        return new TestParameters(udp, number(json, "omit"), number(json, "time"), json.path("num").asLong(),
                json.path("blockcount").asLong(), number(json, "MSS"), isOn(json, "nodelay"),
                Math.max(1, number(json, "parallel")), isOn(json, "reverse"), isOn(json, "bidirectional"),
                number(json, "window"), json.has("len") ? number(json, "len") : 128 << 10,
                json.path("bandwidth").asLong(), number(json, "burst"), number(json, "TOS"),
                json.path("congestion").asText(""), isOn(json, "get_server_output"), isOn(json, "udp_counters_64bit"));
    }

    private static int number(final JsonNode json, final String name) {
        final long value = json.path(name).asLong();
        check(name, value, Integer.MIN_VALUE, Integer.MAX_VALUE);
        return (int) value;
    }

    private static boolean isOn(final JsonNode json, final String name) {
        return json.path(name).asBoolean() || json.path(name).asInt() != 0;
    }

    ObjectNode toJson() {
        final ObjectNode json = ControlChannel.MAPPER.createObjectNode();
        json.put(udp ? "udp" : "tcp", true).put("omit", omitSeconds).put("time", seconds).put("num", bytes)
                .put("blockcount", blocks);
        put(json, "MSS", maxSegmentBytes);
        flag(json, "nodelay", noDelay);
        json.put("parallel", parallel);
        flag(json, "reverse", reverse);
        flag(json, "bidirectional", bidirectional);
        put(json, "window", windowBytes);
        put(json, "len", blockBytes);
        put(json, "bandwidth", bitsPerSecond);
        json.put("pacing_timer", Pacer.PERIOD_NS / 1_000);
        put(json, "burst", burst);
        put(json, "TOS", trafficClass);
        if (!congestionControl.isEmpty()) {
            json.put("congestion", congestionControl);
        }
        put(json, "get_server_output", serverOutput ? 1 : 0);
        put(json, "udp_counters_64bit", wideCounters ? 1 : 0);
        return json.put("client_version", Report.VERSION);
    }

    private static void put(final ObjectNode json, final String name, final long value) {
        if (value != 0) {
            json.put(name, value);
        }
    }

    private static void flag(final ObjectNode json, final String name, final boolean value) {
        if (value) {
            json.put(name, true);
        }
    }

    /** Streams of both directions. */
    int streams() {
        return bidirectional ? 2 * parallel : parallel;
    }

    /** The algorithm, or null for the default, and for one that is not here: a server goes on with its own. */
    CongestionAlgorithm algorithm() {
        try {
            return congestionControl.isEmpty() ? null : CongestionAlgorithm.named(congestionControl);
        } catch (final IllegalArgumentException e) {
            return null;
        }
    }

    TestParameters withBlockBytes(final int length) {
        return new TestParameters(udp, omitSeconds, seconds, bytes, blocks, maxSegmentBytes, noDelay, parallel, reverse,
                bidirectional, windowBytes, length, bitsPerSecond, burst, trafficClass, congestionControl, serverOutput,
                wideCounters);
    }
}
