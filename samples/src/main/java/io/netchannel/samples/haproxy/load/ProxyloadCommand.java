package io.netchannel.samples.haproxy.load;

import io.netchannel.samples.load.OpenPaths;
import io.netchannel.samples.load.RunOptions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./netchannel proxyload}. */
@Command(name = ProxyloadCommand.NAME, mixinStandardHelpOptions = true, description = "Compares the proxy with haproxy in C: HTTP requests on connections that are kept alive, one thread or loop each, interleaved in one run.", footer = {
    "",
    "Each connection has one request under way. The defaults take about 100 s.",
    "Paths:",
    "  haproxy     the original, over kernel sockets: what others are compared to",
    "  kernel      netchannel haproxy --kernel, over kernel sockets",
    "  tap         netchannel haproxy on a TAP, in a namespace; needs root",
    "  wire        netchannel haproxy on a node, client and backend on another",
    "  switch      netchannel haproxy, client and backend on a node each, on a switch",
    "The client of the first three is the program wrk, their backend haproxy in C, or without it netchannel http.",
    "", "Examples:", "  netchannel proxyload", "  netchannel proxyload --path haproxy,kernel -c 100 -d 10000 -l 5 -i 5",
    "", "Exit status: 0 success, 1 a path failed or gave wrong responses, 2 usage."})
public final class ProxyloadCommand implements Callable<Integer> {

    static final String NAME = "proxyload";
    private static final int MAX_SECONDS = 3600;
    private static final String AVAILABLE = "";

    @Option(names = "--path", split = ",", paramLabel = "PATH", description = "Paths to compare (default: all that this machine can).")
    private List<PathName> paths = List.of(PathName.values());

    @Option(names = {"-c",
        "--connections"}, paramLabel = "N", defaultValue = "32", description = "Connections of the client (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = {"-d",
        "--body-bytes"}, paramLabel = "BYTES", defaultValue = "1024", description = "Length of a response's body (default: ${DEFAULT-VALUE}).")
    private int bodyBytes;

    @Option(names = {"-l",
        "--length"}, paramLabel = "SECONDS", defaultValue = "3", description = "Counted seconds of each path in each round, whole ones as wrk has them (default: ${DEFAULT-VALUE}).")
    private int lengthSeconds;

    @Option(names = "--warm-up", paramLabel = "SECONDS", defaultValue = "10", description = "Uncounted seconds of each path before the first round: on two CPUs compilers take that long (default: ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws IOException {
        final LoadRun run = run();
        return options.publish(options.<ProxyPath, LoadReport>compare(open -> open(run.profile(), open), open -> {
            options.estimate(run.estimatedSeconds(open.opened().size()));
            return new LoadReport(run, run.execute(open.opened(), options::progress), open.descriptions(), open
                    .skipped(), options.command());
        }));
    }

    /** What is missing on this machine is said once for all the paths that need it. */
    private void open(final LoadProfile profile, final OpenPaths<ProxyPath> into) {
        final Map<String, List<PathName>> byReason = paths.stream().distinct().collect(Collectors.groupingBy(
                name -> Objects.requireNonNullElse(name.unavailability(), AVAILABLE), LinkedHashMap::new, Collectors
                        .toList()));
        final List<PathName> available = byReason.remove(AVAILABLE);
        byReason.forEach((reason, names) -> into.skip(names.stream().map(PathName::label).collect(Collectors.joining(
                ", ")), reason));
        if (available != null) {
            available.forEach(name -> into.open(name.label(), null, () -> name.open(profile)));
        }
    }

    private LoadRun run() {
        requireSeconds("-l", lengthSeconds, 1);
        requireSeconds("--warm-up", warmUpSeconds, 0);
        options.check();
        try {
            return new LoadRun(new LoadProfile(connections, bodyBytes), options.rounds(), lengthSeconds
                    * 1_000_000_000L, warmUpSeconds * 1_000_000_000L);
        } catch (final IllegalArgumentException e) {
            throw options.usage(e.getMessage());
        }
    }

    private void requireSeconds(final String option, final int seconds, final int least) {
        if (seconds < least || seconds > MAX_SECONDS) {
            throw options.usage(option + " " + seconds + " is not within " + least + ".." + MAX_SECONDS + " seconds");
        }
    }
}
