package io.netchannel.perf.netperf;

import io.netchannel.node.NodeMode;
import io.netchannel.perf.options.TcpOptions;
import io.netchannel.tcpip.tcp.TcpConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./netchannel netperf}. */
@Command(name = "netperf", mixinStandardHelpOptions = true, description = "Compares network channels with the kernel's loopback sockets: netperf's tests, interleaved in one run.", footer = {
    "", "Needs no root and no set-up: both ends run in this process. The defaults take about 40 seconds.",
    "", "Paths:",
    "  inline   two nodes on a wire, each polled by its application's own loop",
    "  channel  the same with a driver loop in each node that feeds the application's ring",
    "  kernel   loopback sockets by blocking java.nio: what the others are compared to"})
public final class NetperfCommand implements Callable<Integer> {

    /** The ways that bytes can go. */
    public enum PathName {
        INLINE, CHANNEL, KERNEL
    }

    @Spec
    private CommandSpec spec;

    @Option(names = {"-t",
        "--test"}, split = ",", paramLabel = "TEST", description = "Tests to run: ${COMPLETION-CANDIDATES} (default: all).")
    private List<NetperfTest> tests = List.of(NetperfTest.values());

    @Option(names = "--path", split = ",", paramLabel = "PATH", description = "Paths to compare: ${COMPLETION-CANDIDATES} (default: all).")
    private List<PathName> paths = List.of(PathName.values());

    @Option(names = {"-l",
        "--length"}, paramLabel = "SECONDS", defaultValue = "1", description = "Counted seconds of each test in each round (default: ${DEFAULT-VALUE}).")
    private double lengthSeconds;

    @Option(names = {"-i",
        "--rounds"}, paramLabel = "N", defaultValue = "3", description = "Counted rounds, behind one to warm up (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = {"-m",
        "--message"}, paramLabel = "BYTES", defaultValue = "65536", description = "Size of each send of a stream (default: ${DEFAULT-VALUE}).")
    private int messageBytes;

    @Option(names = {"-r",
        "--request"}, paramLabel = "REQUEST,RESPONSE", defaultValue = "1,1", description = "Bytes of request and response (default: ${DEFAULT-VALUE}).")
    private String requestResponse;

    @Mixin
    private TcpOptions tcp;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results as JSON.")
    private Path json;

    @Option(names = {"-q", "--quiet"}, description = "No progress on standard error.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException {
        final Workload workload = workload();
        final NetperfRun run = run(workload);
        final TcpConfig settings = tcp.config(spec.commandLine());
        checkJson();
        final PrintWriter out = spec.commandLine().getOut();
        final List<NetperfPath> opened = new ArrayList<>();
        try {
            for (final PathName name : new LinkedHashSet<>(paths)) {
                opened.add(open(name, workload, settings));
            }
            if (!quiet) {
                spec.commandLine().getErr().printf(Locale.ROOT, "netperf: about %.0f s%n",
                        run.estimatedSeconds(opened.size()));
            }
            final List<NetperfResult> results = run.execute(opened, this::progress);
            new NetperfReport(results).print(out, run, opened);
            if (json != null) {
                NetperfJson.write(json, run, results);
            }
        } finally {
            opened.forEach(NetperfPath::close);
        }
        return CommandLine.ExitCode.OK;
    }

    private static NetperfPath open(final PathName name, final Workload workload, final TcpConfig tcp) {
        return switch (name) {
            case INLINE -> NodePath.open("inline", NodeMode.INLINE, workload, tcp);
            case CHANNEL -> NodePath.open("channel", NodeMode.CHANNEL, workload, tcp);
            case KERNEL -> new KernelPath();
        };
    }

    private void progress(final String what) {
        if (!quiet) {
            spec.commandLine().getErr().println("netperf: " + what);
            spec.commandLine().getErr().flush();
        }
    }

    private NetperfRun run(final Workload workload) {
        if (!(lengthSeconds >= 0.01 && lengthSeconds <= 3600)) {
            throw usage("-l " + lengthSeconds + " is not within 0.01..3600 seconds");
        }
        if (rounds < 1 || rounds > 1000) {
            throw usage("-i " + rounds + " is not within 1..1000 rounds");
        }
        final long durationNs = (long) (lengthSeconds * 1e9);
        return new NetperfRun(List.copyOf(new LinkedHashSet<>(tests)), workload, rounds, durationNs,
                Math.max(durationNs, 1_000_000_000L));
    }

    private Workload workload() {
        final String[] sizes = requestResponse.split(",", -1);
        try {
            if (sizes.length != 2) {
                throw new IllegalArgumentException("two sizes are needed, like 1,1");
            }
            return new Workload(messageBytes, Integer.parseInt(sizes[0].strip()), Integer.parseInt(sizes[1].strip()));
        } catch (final NumberFormatException e) {
            throw usage("-r " + requestResponse + ": two numbers of bytes are needed, like 1,1");
        } catch (final IllegalArgumentException e) {
            throw usage("-m " + messageBytes + " -r " + requestResponse + ": " + e.getMessage());
        }
    }

    /** Before half a minute of measuring, not after. */
    private void checkJson() {
        if (json != null) {
            final Path parent = json.toAbsolutePath().getParent();
            if (!Files.isDirectory(parent) || Files.isDirectory(json)
                    || !Files.isWritable(Files.exists(json) ? json : parent)) {
                throw usage("--json " + json + " can't be written; name a file in a directory that can");
            }
        }
    }

    private ParameterException usage(final String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
