package io.netchannel.perf.netperf;

import io.netchannel.perf.netperf.NetperfTest.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/** Sizes and numbers of the tests, under netperf's letters where it has them. */
final class CaseOptions {

    private static final int DEFAULT_DATAGRAM_BYTES = 1024;

    @Option(names = {"-m",
        "--message"}, split = ",", paramLabel = "BYTES", description = "Bytes of each message of a stream; several sizes make several tests (default: 65536, 1024 of a datagram).")
    private List<Integer> messageBytes = List.of();

    @Option(names = {"-r",
        "--request"}, paramLabel = "REQUEST,RESPONSE", defaultValue = "1,1", description = "Bytes of request and response (default: ${DEFAULT-VALUE}).")
    private String requestResponse;

    @Option(names = {"-b",
        "--burst"}, paramLabel = "N", defaultValue = "0", description = "Requests outstanding besides the one (default: ${DEFAULT-VALUE}).")
    private int burst;

    @Option(names = {"-w",
        "--rate"}, paramLabel = "PER-SECOND", defaultValue = "0", description = "TCP_RR, UDP_RR: requests of each connection that are to be sent, whether or not answers came in time; a late one's latency counts from when it should have gone (default: as fast as answers come).")
    private double perSecond;

    @Option(names = {"-P",
        "--connections"}, split = ",", paramLabel = "N", description = "Connections at a time; several numbers make several tests (default: 1).")
    private List<Integer> connections = List.of(1);

    @Option(names = {"-I",
        "--idle"}, split = ",", paramLabel = "N", description = "Connections that are open besides: each has exchanged a byte, and has nothing to do meanwhile; several numbers make several tests (default: 0).")
    private List<Integer> idle = List.of(0);

    @Option(names = "--loops", split = ",", paramLabel = "N", description = "Loops of each side, of nodes and of Netty; several numbers make several tests (default: 1).")
    private List<Integer> loops = List.of(1);

    /** @throws IllegalArgumentException naming what is wrong */
    List<TestCase> cases(final List<NetperfTest> tests, final boolean verify) {
        if (!(perSecond >= 0 && perSecond <= 1e8)) {
            throw new IllegalArgumentException("--rate " + perSecond + " is not within 0..100000000");
        }
        final int[] sizes = requestResponse();
        final List<TestCase> cases = new ArrayList<>();
        for (final NetperfTest test : tests) {
            for (final int bytes : messages(test)) {
                for (final int connectionCount : connections) {
                    for (final int idleCount : idle) {
                        for (final int loopCount : loops) {
                            cases.add(new TestCase(test, bytes, sizes[0], sizes[1],
                                    test.kind() == Kind.TRANSACTIONS ? burst : 0, rate(test), connectionCount,
                                    idleCount, loopCount, verify));
                        }
                    }
                }
            }
        }
        return cases.stream().distinct().toList();
    }

    private double rate(final NetperfTest test) {
        if (perSecond > 0 && test == NetperfTest.TCP_CRR) {
            throw new IllegalArgumentException("--rate " + perSecond + " is for TCP_RR and UDP_RR, not for " + test);
        }
        return test.kind() == Kind.TRANSACTIONS ? perSecond : 0;
    }

    private List<Integer> messages(final NetperfTest test) {
        if (test.kind() == Kind.PACKETS) {
            return List.of(NetperfTest.SMALLEST_PAYLOAD_BYTES);
        }
        if (!test.hasMessages()) {
            return List.of(1);
        }
        if (!messageBytes.isEmpty()) {
            return messageBytes;
        }
        return List.of(test.isUdp() ? DEFAULT_DATAGRAM_BYTES : 1 << 16);
    }

    private int[] requestResponse() {
        try {
            final int[] sizes = Arrays.stream(requestResponse.split(",", -1)).mapToInt(s -> Integer.parseInt(s.strip()))
                    .toArray();
            if (sizes.length == 2) {
                return sizes;
            }
        } catch (final NumberFormatException e) {
            // As below.
        }
        throw new IllegalArgumentException("-r " + requestResponse + ": two numbers of bytes are needed, like 1,1");
    }
}
