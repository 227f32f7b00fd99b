package io.netchannel.perf.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** No stage of the hot path allocates, by JMH's allocation profiler; measured as a user does, into a table. */
final class HotPathAllocationIT {

    /** One set of parameters is enough for most: an allocation depends on the path, not on how much goes along it. */
    private static final List<String> STAGES = List.of("RingBenchmark", "PacketPoolBenchmark", "FlowLookupBenchmark",
            "ClassifyBenchmark", "ChecksumBenchmark", "VirtqueueDeviceBenchmark", "VirtqueueDriverBenchmark",
            "TcpInputBenchmark", "TcpOutputBenchmark", "TimerWheelBenchmark", "SwitchBenchmark", "HotPathBenchmark");
    private static final String PARAMETERS = "-f 1 -p armed=16 -p lengthBytes=1460 -p capacity=1024 -p fillPercent=50"
            + " -p checksum=VERIFIED -p traffic=TCP_V4,UDP_V6 -p chain=INDIRECT -p payloadBytes=1448 -p writeBytes=1448"
            + " -p frameBytes=1514";
    private static final String SHORT = "-wi 1 -w 800ms -i 3 -r 100ms";
    // What JMH and the compiler allocate meanwhile counts for little over so many operations.
    private static final String LONG = "-wi 2 -w 2s -i 4 -r 2s";

    static {
        // JMH lets one run at a time on a machine, for the sake of its times; what is allocated doesn't depend on who else runs.
        System.setProperty("jmh.ignoreLock", "true");
    }

    @TempDir
    private Path directory;

    @Test
    void shouldAllocateNothingPerPacket() throws IOException {
        final List<BenchmarkRow> rows = measure("all", STAGES, SHORT);
        assertThat(rows).extracting(row -> row.benchmark().substring(0, row.benchmark().indexOf('.')))
                .containsAll(STAGES);
        final List<String> doubtful = rows.stream().filter(HotPathAllocationIT::allocates).map(BenchmarkRow::benchmark)
                .distinct().toList();
        if (!doubtful.isEmpty()) {
            assertThat(measure("doubtful", doubtful, LONG)).noneMatch(HotPathAllocationIT::allocates);
        }
    }

    private static boolean allocates(final BenchmarkRow row) {
        return row.bytesPerOperation() != 0;
    }

    private List<BenchmarkRow> measure(final String name, final List<String> benchmarks, final String lengths)
            throws IOException {
        final Path file = directory.resolve(name + ".txt");
        final StringWriter err = new StringWriter();
        final CommandLine command = new CommandLine(new JmhCommand()).setUnmatchedOptionsArePositionalParams(true)
                .setOut(new PrintWriter(new StringWriter())).setErr(new PrintWriter(err));
        final String line = "--update --table " + file + " " + String.join(" ", benchmarks) + " " + PARAMETERS + " "
                + lengths;
        assertThat(command.execute(line.split(" "))).as(err.toString()).isEqualTo(CommandLine.ExitCode.OK);
        return BenchmarkTable.read(file).rows();
    }
}
