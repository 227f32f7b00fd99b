package io.netchannel.perf.netperf;

import io.netchannel.perf.netperf.host.PathName;
import io.netchannel.perf.netperf.host.PathSettings;
import io.netchannel.perf.netperf.host.PathUnavailableException;
import io.netchannel.perf.options.TcpOptions;
import io.netchannel.perf.report.HtmlReport;
import io.netchannel.tcpip.tcp.TcpConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
@Command(name = "netperf", mixinStandardHelpOptions = true, description = "Compares network channels with other ways for bytes to go: netperf's tests, interleaved in one run.", footer = {
    "", "Both ends run in this process. The defaults need no root and no set-up, and take less than a minute.",
    "", "Tests: TCP_STREAM TCP_MAERTS TCP_SENDFILE TCP_RR TCP_CRR UDP_STREAM UDP_RR UDP_PPS, or all.",
    "  UDP_PPS sends packets of 64 bytes on the wire, and counts packets.",
    "Paths, or all, or local (without those that need root):",
    "  inline          two nodes on a wire, each polled by its application's own loop",
    "  channel         the same with a driver loop in each node that feeds the application's ring",
    "  conventional    the same TCP as a kernel runs it: shared queue, soft interrupt, locks, copies, wake-ups",
    "  nio             kernel loopback sockets by blocking java.nio: what the others are compared to",
    "  netty-nio netty-epoll netty-io_uring   kernel loopback by Netty",
    "  netchannel-netty   two nodes on a wire, by Netty over their loops",
    "  tap veth        a node on a TAP device, and Linux on a veth pair, to Linux in a namespace; need root",
    "With TCP_STREAM over one connection the ceiling is measured too: a pipe of two copies between two threads.",
    "", "Exit status: 0 success, 1 a path failed (what it had done is kept, and marked), 2 usage."})
public final class NetperfCommand implements Callable<Integer> {

    private static final List<String> DEFAULT_TESTS = List.of("TCP_STREAM", "TCP_RR", "UDP_RR");

    @Spec
    private CommandSpec spec;

    @Option(names = {"-t",
        "--test"}, split = ",", paramLabel = "TEST", description = "Tests to run (default: TCP_STREAM,TCP_RR,UDP_RR).")
    private List<String> tests = DEFAULT_TESTS;

    @Option(names = "--path", split = ",", paramLabel = "PATH", description = "Paths to compare (default: local).")
    private List<String> paths = List.of("local");

    @Option(names = {"-l",
        "--length"}, paramLabel = "SECONDS", defaultValue = "0.3", description = "Counted seconds of each test in each round (default: ${DEFAULT-VALUE}).")
    private double lengthSeconds;

    @Option(names = {"-i",
        "--rounds"}, paramLabel = "N", defaultValue = "3", description = "Counted rounds, behind one to warm up (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--warm-up", paramLabel = "SECONDS", description = "Uncounted seconds of each test in the first round (default: as -l, at least 0.6).")
    private Double warmUpSeconds;

    @Mixin
    private CaseOptions sizes;

    @Option(names = "--verify", description = "Check every byte received against what was sent; slows all paths down.")
    private boolean verify;

    @Mixin
    private TcpOptions tcp;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results as JSON.")
    private Path json;

    @Option(names = "--report", paramLabel = "DIR", description = "Also write a page with plots, DIR/index.html, and DIR/netperf.json.")
    private Path reportDirectory;

    @Option(names = {"-q", "--quiet"}, description = "No progress on standard error.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException {
        final TcpConfig settings = tcp.config(spec.commandLine());
        final NetperfRun run = run();
        final List<PathName> names = paths();
        checkWritable();
        final List<String> skipped = new ArrayList<>();
        final List<NetperfPath> opened = new ArrayList<>();
        final NetperfReport report;
        try {
            open(run, names, settings, opened, skipped);
            if (opened.stream().noneMatch(HostPath.class::isInstance)) {
                throw new NetperfException(String.join("; ", skipped), null);
            }
            progress(String.format(Locale.ROOT, "about %.0f s", run.estimatedSeconds(opened)));
            report = new NetperfReport(run, run.execute(opened, this::progress), skipped, command());
        } finally {
            closeAll(opened);
        }
        report.print(spec.commandLine().getOut());
        if (json != null) {
            NetperfJson.write(json, report);
        }
        if (reportDirectory != null) {
            HtmlReport.write(reportDirectory, report);
            progress("wrote " + reportDirectory.resolve(HtmlReport.PAGE));
        }
        return report.results().stream().allMatch(result -> result.failure() == null)
                ? CommandLine.ExitCode.OK
                : CommandLine.ExitCode.SOFTWARE;
    }

    private void open(final NetperfRun run, final List<PathName> names, final TcpConfig settings,
            final List<NetperfPath> opened, final List<String> skipped) {
        final int connections = run.cases().stream().mapToInt(TestCase::connections).max().orElse(1);
        final List<PathSettings> wanted = run.cases().stream()
                .map(test -> new PathSettings(test.loops(), connections, test.idle(), settings, verify)).distinct()
                .toList();
        for (final PathName name : names) {
            try {
                for (final PathSettings each : wanted) {
                    if (each.idle() > 0) {
                        progress("opening " + each.idle() + " idle connections: " + name.label());
                    }
                    opened.add(HostPath.open(name, each));
                }
            } catch (final PathUnavailableException e) {
                skipped.add(name.label() + ": " + e.getMessage());
                progress("skipped " + skipped.getLast());
            }
        }
        final NetperfPath ceiling = new MemoryPath();
        opened.add(ceiling);
    }

    /** A path that has failed may not close well; that is no reason to lose what the others did. */
    private void closeAll(final List<NetperfPath> opened) {
        for (final NetperfPath path : opened) {
            try {
                path.close();
            } catch (final RuntimeException e) {
                progress("path " + path.name() + " did not close: " + e.getMessage());
            }
        }
    }

    private void progress(final String what) {
        if (!quiet) {
            spec.commandLine().getErr().println("netperf: " + what);
            spec.commandLine().getErr().flush();
        }
    }

    private String command() {
        return "./netchannel netperf " + String.join(" ", spec.commandLine().getParseResult().originalArgs().stream()
                .filter(argument -> !argument.equals(spec.name())).toList());
    }

    private NetperfRun run() {
        if (!(lengthSeconds >= 0.01 && lengthSeconds <= 3600)) {
            throw usage("-l " + lengthSeconds + " is not within 0.01..3600 seconds");
        }
        if (rounds < 1 || rounds > 1000) {
            throw usage("-i " + rounds + " is not within 1..1000 rounds");
        }
        final double warmUp = warmUpSeconds == null ? Math.max(lengthSeconds, 0.6) : warmUpSeconds;
        if (!(warmUp >= 0.01 && warmUp <= 3600)) {
            throw usage("--warm-up " + warmUp + " is not within 0.01..3600 seconds");
        }
        try {
            return new NetperfRun(sizes.cases(tests(), verify), rounds, (long) (lengthSeconds * 1e9),
                    (long) (warmUp * 1e9));
        } catch (final IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
    }

    private List<NetperfTest> tests() {
        final List<NetperfTest> chosen = new ArrayList<>();
        for (final String name : tests) {
            if (name.equalsIgnoreCase("all")) {
                chosen.addAll(List.of(NetperfTest.values()));
                continue;
            }
            try {
                chosen.add(NetperfTest.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (final IllegalArgumentException e) {
                throw usage("-t " + name + ": there is no such test; there are " + List.of(NetperfTest.values()));
            }
        }
        return chosen.stream().distinct().toList();
    }

    private List<PathName> paths() {
        final List<PathName> chosen = new ArrayList<>();
        for (final String label : paths) {
            if (label.equalsIgnoreCase("all")) {
                chosen.addAll(List.of(PathName.values()));
            } else if (label.equalsIgnoreCase("local")) {
                chosen.addAll(List.of(PathName.values()).stream().filter(PathName::isLocal).toList());
            } else {
                try {
                    chosen.add(PathName.of(label));
                } catch (final IllegalArgumentException e) {
                    throw usage("--path " + label + ": " + e.getMessage());
                }
            }
        }
        return chosen.stream().distinct().toList();
    }

    /** Before a minute of measuring, not after. */
    private void checkWritable() {
        if (json != null) {
            final Path parent = json.toAbsolutePath().getParent();
            if (!Files.isDirectory(parent) || Files.isDirectory(json)
                    || !Files.isWritable(Files.exists(json) ? json : parent)) {
                throw usage("--json " + json + " can't be written; name a file in a directory that can");
            }
        }
        if (reportDirectory != null) {
            try {
                Files.createDirectories(reportDirectory);
            } catch (final IOException e) {
                throw usage("--report " + reportDirectory + " can't be made: " + e.getMessage());
            }
            if (!Files.isWritable(reportDirectory)) {
                throw usage("--report " + reportDirectory + " can't be written");
            }
        }
    }

    private ParameterException usage(final String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
