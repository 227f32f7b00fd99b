package io.netchannel.samples.iperf3;

import io.netchannel.perf.iperf3.Iperf3Client;
import io.netchannel.perf.iperf3.TestParameters;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What a client asks for; a server is told by its clients. */
final class ClientOptions {

    private static final int DEFAULT_SECONDS = 10;
    /** 1 Mbit/s, by 1024 as iperf3 has it. */
    private static final long DEFAULT_UDP_RATE = 1L << 20;

    @Option(names = {"-u", "--udp"}, description = "Client: UDP rather than TCP.")
    private boolean udp;

    @Option(names = {"-t",
        "--time"}, paramLabel = "SECONDS", description = "Client: seconds of the test, up to 86400 (default: 10).")
    private Integer seconds;

    @Option(names = {"-n",
        "--bytes"}, paramLabel = "BYTES", converter = Quantity.Size.class, description = "Client: bytes to transfer, instead of -t.")
    private Long bytes;

    @Option(names = {"-k",
        "--blockcount"}, paramLabel = "N", converter = Quantity.Size.class, description = "Client: blocks to transfer, instead of -t or -n.")
    private Long blocks;

    @Option(names = {"-O",
        "--omit"}, paramLabel = "SECONDS", defaultValue = "0", description = "Client: seconds at the beginning that don't count.")
    private int omitSeconds;

    @Option(names = {"-P",
        "--parallel"}, paramLabel = "N", defaultValue = "1", description = "Client: streams, up to 128 (default: ${DEFAULT-VALUE}).")
    private int parallel;

    @Option(names = {"-R", "--reverse"}, description = "Client: the server sends.")
    private boolean reverse;

    @Option(names = "--bidir", description = "Client: both send.")
    private boolean bidirectional;

    @Option(names = {"-b",
        "--bitrate"}, paramLabel = "RATE[/BURST]", description = "Client: bits a second of each stream, 0 without limit (default: 1M for UDP, none for TCP); with a burst, blocks between looks at the clock.")
    private String rate;

    @Option(names = {"-l",
        "--length"}, paramLabel = "BYTES", converter = Quantity.Size.class, description = "Client: bytes of a write, or of a datagram (default: 128K for TCP, what the path takes for UDP).")
    private Long blockBytes;

    @Option(names = {"-w",
        "--window"}, paramLabel = "BYTES", converter = Quantity.Size.class, description = "Client: socket buffers of both ends (default: they grow).")
    private Long windowBytes;

    @Option(names = {"-M",
        "--set-mss"}, paramLabel = "BYTES", defaultValue = "0", description = "Client: maximum segment size of TCP.")
    private int maxSegmentBytes;

    @Option(names = {"-N", "--no-delay"}, description = "Client: without Nagle's algorithm.")
    private boolean noDelay;

    @Option(names = {"-S",
        "--tos"}, paramLabel = "N", defaultValue = "0", description = "Client: type of service, 0 to 255.")
    private int trafficClass;

    @Option(names = {"-C",
        "--congestion"}, paramLabel = "NAME", defaultValue = "", description = "Client: congestion control of both ends.")
    private String congestionControl;

    @Option(names = "--get-server-output", description = "Client: show the server's report too.")
    private boolean serverOutput;

    @Option(names = "--udp-counters-64bit", description = "Client: number datagrams by 64 bits.")
    private boolean wideCounters;

    boolean blockBytesGiven() {
        return blockBytes != null;
    }

    /** @throws CommandLine.ParameterException if an option is given that is a client's */
    void refuseForServer(final CommandLine commandLine) {
        commandLine.getParseResult().matchedOptions().stream()
                .filter(option -> option.description().length > 0 && option.description()[0].startsWith("Client:"))
                .findFirst().ifPresent(option -> {
                    throw new CommandLine.ParameterException(commandLine,
                            option.longestName() + " is for a client, which tells the server");
                });
    }

    /** @throws IllegalArgumentException naming what is wrong */
    TestParameters parameters() {
        if (seconds != null && bytes != null || seconds != null && blocks != null || bytes != null && blocks != null) {
            throw new IllegalArgumentException("only one of -t, -n and -k can end the test");
        }
        if (!congestionControl.isEmpty()) {
            CongestionAlgorithm.named(congestionControl);
        }
        final boolean timed = bytes == null && blocks == null;
        if (timed && seconds != null && seconds < 1) {
            throw new IllegalArgumentException("time=" + seconds + " < MIN=1");
        }
        final String[] parts = rate == null ? new String[0] : rate.split("/", 2);
        final long bitsPerSecond = rate == null ? udp ? DEFAULT_UDP_RATE : 0 : rate(parts[0]);
        final int burst = parts.length == 2 ? intOf("burst", rate(parts[1])) : 0;
        return new TestParameters(udp, omitSeconds, timed ? seconds == null ? DEFAULT_SECONDS : seconds : 0,
                bytes == null ? 0 : bytes, blocks == null ? 0 : blocks, maxSegmentBytes, noDelay, parallel, reverse,
                bidirectional, windowBytes == null ? 0 : intOf("window", windowBytes),
                blockBytes == null
                        ? udp ? Iperf3Client.DEFAULT_UDP_BLOCK_BYTES : Iperf3Client.DEFAULT_TCP_BLOCK_BYTES
                        : intOf("len", blockBytes),
                bitsPerSecond, burst, trafficClass, congestionControl, serverOutput, wideCounters);
    }

    private static long rate(final String text) {
        try {
            return new Quantity.Rate().convert(text);
        } catch (final CommandLine.TypeConversionException e) {
            throw new IllegalArgumentException("-b: " + e.getMessage(), e);
        }
    }

    private static int intOf(final String name, final long value) {
        if (value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(name + "=" + value + " > MAX=" + Integer.MAX_VALUE);
        }
        return (int) value;
    }
}
