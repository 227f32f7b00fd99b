package io.netchannel.samples.memcached.load;

import io.netchannel.samples.load.CpuTime;
import io.netchannel.samples.load.OpenPaths;
import io.netchannel.samples.load.PathKind;
import io.netchannel.samples.load.RunOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./netchannel memload}. */
@Command(name = MemloadCommand.NAME, mixinStandardHelpOptions = true, description = "Generates load for a memcached, and compares memcacheds: gets and sets of the text protocol, pipelined, interleaved in one run.", footer = {
    "",
    "The client has one thread, as the servers have: gets and sets, one client for all paths. The defaults take about a minute.",
    "Paths:",
    "  memcached   the original, found on the PATH, over kernel sockets: what the others are compared to",
    "  kernel      netchannel memcached --kernel, over kernel sockets",
    "  tap         netchannel memcached on a node on a TAP, to kernel sockets in a namespace; needs root",
    "  wire        netchannel memcached on a node, to a client on another node, on a wire",
    "", "Examples:", "  netchannel memload", "  netchannel memload --server 127.0.0.1:11211 --verify --pipeline 10",
    "", "Exit status: 0 success, 1 a path failed or refused requests, 2 usage."})
public final class MemloadCommand implements Callable<Integer> {

    static final String NAME = "memload";
    private static final int MAX_DEPTH = 10_000;
    private static final double MAX_SECONDS = 3600;
    private static final double MIN_SECONDS = 0.01;
    private static final int MAX_PORT = 65_535;
    private static final String GIVEN = "server";
    private static final Pattern RATIO = Pattern.compile("(\\d{1,5}):(\\d{1,5})");

    /** A server that runs already. */
    private record Given(String name, String description) implements PathKind {
    }

    @Option(names = "--server", paramLabel = "HOST:PORT", description = "A memcached that runs already, over kernel sockets, instead of the paths. It is written to.")
    private String server;

    @Option(names = "--compare", description = "With --server: the paths as well.")
    private boolean compare;

    @Option(names = "--path", split = ",", paramLabel = "PATH", description = "Paths to compare (default: all that this machine can).")
    private List<PathName> paths;

    @Option(names = {"-c",
        "--connections"}, paramLabel = "N", defaultValue = "32", description = "Connections (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = {"-P",
        "--pipeline"}, split = ",", paramLabel = "N", defaultValue = "1,100", description = "Requests under way on each connection (default: ${DEFAULT-VALUE}).")
    private List<Integer> depths;

    @Option(names = {"-d",
        "--value-bytes"}, paramLabel = "BYTES", defaultValue = "100", description = "Length of a value (default: ${DEFAULT-VALUE}).")
    private int valueBytes;

    @Option(names = {"-k",
        "--keys"}, paramLabel = "N", defaultValue = "10000", description = "Keys; each is stored before it begins (default: ${DEFAULT-VALUE}).")
    private int keys;

    @Option(names = "--ratio", paramLabel = "SET:GET", defaultValue = "1:9", description = "Sets to gets (default: ${DEFAULT-VALUE}).")
    private String ratio;

    @Option(names = {"-l",
        "--length"}, paramLabel = "SECONDS", defaultValue = "1", description = "Counted seconds of each path and depth in each round (default: ${DEFAULT-VALUE}).")
    private double lengthSeconds;

    @Option(names = "--warm-up", paramLabel = "SECONDS", defaultValue = "3", description = "Uncounted seconds of each path and depth, in two rounds (default: ${DEFAULT-VALUE}).")
    private double warmUpSeconds;

    @Option(names = "--verify", description = "Compare each value with what was stored.")
    private boolean verify;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of the order of keys, and of values (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws IOException {
        final LoadRun run = run();
        final InetSocketAddress given = server == null ? null : given();
        if (given != null && paths != null && !compare) {
            throw options.usage("--path is about servers that are started here: with --server add --compare");
        }
        return options.publish(options.<LoadPath, LoadReport>compare(open -> open(run.profile(), given, open), open -> {
            options.estimate(run.estimatedSeconds(open.opened().size()));
            return new LoadReport(run, run.execute(open.opened(), options::progress), open.descriptions(), open
                    .skipped(), options.command());
        }));
    }

    private void open(final LoadProfile profile, final InetSocketAddress given, final OpenPaths<LoadPath> into) {
        if (given != null) {
            final LoadPath path = new LoadPath(new Given(GIVEN, server + ", over kernel sockets"));
            path.client(SocketClient.connect(GIVEN, () -> {
            }, given, profile), CpuTime.unknown());
            into.add(path);
        }
        if (given != null && !compare) {
            return;
        }
        final List<PathName> wanted = paths == null ? List.of(PathName.values()) : paths.stream().distinct().toList();
        for (final PathName name : wanted) {
            into.open(name.label(), name.unavailability(), () -> name.open(profile));
        }
    }

    // -- what was asked for

    private LoadRun run() {
        requireSeconds("-l", lengthSeconds);
        requireSeconds("--warm-up", warmUpSeconds);
        options.check();
        for (final int depth : depths) {
            if (depth < 1 || depth > MAX_DEPTH) {
                throw options.usage("--pipeline " + depth + " is not within 1.." + MAX_DEPTH);
            }
        }
        final Matcher parts = RATIO.matcher(ratio);
        if (!parts.matches()) {
            throw options.usage("--ratio " + ratio + " is not SET:GET, such as 1:9");
        }
        final int warmUpRounds = 2;
        try {
            return new LoadRun(new LoadProfile(connections, valueBytes, keys, Integer.parseInt(parts.group(1)),
                    Integer.parseInt(parts.group(2)), verify, seed), depths.stream().distinct().toList(),
                    options.rounds(),
                    warmUpRounds, (long) (lengthSeconds * 1e9), (long) (warmUpSeconds * 1e9 / warmUpRounds));
        } catch (final IllegalArgumentException e) {
            throw options.usage(e.getMessage());
        }
    }

    private void requireSeconds(final String option, final double seconds) {
        if (!(seconds >= MIN_SECONDS && seconds <= MAX_SECONDS)) {
            throw options.usage(option + " " + seconds + " is not within 0.01..3600 seconds");
        }
    }

    private InetSocketAddress given() {
        final int colon = server.lastIndexOf(':');
        int port = -1;
        try {
            port = Integer.parseInt(server.substring(colon + 1));
        } catch (final NumberFormatException e) {
            // Said below.
        }
        if (colon < 1 || port < 1 || port > MAX_PORT) {
            throw options.usage("--server " + server + " is not HOST:PORT");
        }
        final InetSocketAddress address = new InetSocketAddress(server.substring(0, colon).replaceAll("[\\[\\]]", ""),
                port);
        if (address.isUnresolved()) {
            throw options.usage("--server " + server + ": there is no such host");
        }
        return address;
    }
}
