package io.netchannel.samples.memcached;

import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.sched.SystemNanoClock;
import io.netchannel.kernel.storage.journal.JournalException;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.samples.Daemon;
import io.netchannel.samples.Shutdown;
import io.netchannel.samples.memcached.options.ArgumentParser;
import io.netchannel.samples.memcached.options.HelpText;
import io.netchannel.samples.memcached.options.Settings;
import io.netchannel.samples.memcached.options.UsageException;
import io.netchannel.samples.memcached.server.FlowServer;
import io.netchannel.samples.memcached.server.KernelServer;
import io.netchannel.samples.memcached.server.MemcachedServer;
import io.netchannel.samples.observe.ObserveOptions;
import io.netchannel.samples.observe.ObservedNodeOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NotDirectoryException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * {@code ./netchannel memcached}: memcached's command line, word by word, and where to listen. That line follows
 * getopt and not this
 * project's conventions, so it is read by {@link ArgumentParser}; what is about a node is picocli's.
 */
@Command(name = "memcached", description = "Serves memcached's protocols, on a TAP device or on the kernel's sockets.", footer = {
    "", "The options are memcached's own: netchannel memcached -h. Examples, the first as root:",
    "  netchannel memcached --tap nc0 --address 10.7.0.2/24 --host-address 10.7.0.1/24 -m 256",
    "  netchannel memcached --kernel -p 11211 -vv"})
public final class MemcachedCommand implements Callable<Integer> {

    private static final Daemon DAEMON = new Daemon("memcached");
    private static final String KERNEL = "--kernel";
    private static final String LOOPS = "--loops";
    private static final String STORE = "--store";
    private static final String PORTS_VARIABLE = "MEMCACHED_PORT_FILENAME";
    private static final String INITIAL_MEMORY_VARIABLE = "T_MEMD_INITIAL_MALLOC";

    @Spec
    private CommandSpec spec;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public Integer call() throws IOException, InterruptedException {
        final ArgumentParser parser;
        try {
            parser = new ArgumentParser(arguments);
        } catch (final UsageException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return e.status();
        }
        if (parser.information() != 0) {
            spec.commandLine().getOut().print(switch (parser.information()) {
                case 'h' -> HelpText.help();
                case 'V' -> HelpText.version();
                default -> HelpText.license();
            });
            spec.commandLine().getOut().flush();
            return CommandLine.ExitCode.OK;
        }
        if (parser.settings().daemon && !DAEMON.isRunning()) {
            return DAEMON.start();
        }
        return serve(parser.settings(), parser.others());
    }

    private int serve(final Settings settings, final List<String> others) throws IOException, InterruptedException {
        settings.storeDirectory = storeDirectory(others);
        if (others.remove(KERNEL)) {
            if (!others.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "unknown argument " + others.getFirst()
                        + "; see: netchannel memcached -h");
            }
            serveKernel(settings);
        } else if (others.isEmpty()) {
            throw new ParameterException(spec.commandLine(),
                    "say where to listen: --kernel, or --tap NAME --address PREFIX");
        } else {
            serveTap(settings, others);
        }
        return CommandLine.ExitCode.OK;
    }

    private MemcachedServer server(final Settings settings, final int loops) throws IOException {
        final String allocated = System.getenv(INITIAL_MEMORY_VARIABLE);
        try {
            return new MemcachedServer(settings, loops, SystemNanoClock.INSTANCE.nowNs(), Instant.now()
                    .getEpochSecond(), allocated == null ? 0 : Long.parseLong(allocated), ended::countDown);
        } catch (final UncheckedIOException e) {
            throw noStore(settings.storeDirectory, switch (e.getCause()) {
                case final NotDirectoryException _ -> " is a file and no directory";
                case final FileSystemException made -> " can't be made or written in: " + reason(made)
                        + "; name a directory that can";
                default -> ": " + e.getCause().getMessage();
            }, e);
        } catch (final LinuxException | JournalException | UnsupportedOperationException e) {
            throw noStore(settings.storeDirectory, ": " + e.getMessage(), e);
        }
    }

    private ParameterException noStore(final Path directory, final String why, final RuntimeException cause) {
        return new ParameterException(spec.commandLine(), STORE + "=" + directory + why, cause);
    }

    private static String reason(final FileSystemException failed) {
        return failed.getReason() == null
                ? failed.getClass().getSimpleName() + " " + failed.getFile()
                : failed
                        .getFile() + ": " + failed.getReason();
    }

    /** Takes {@code --store DIR} or {@code --store=DIR} out of the words; @return null if it isn't there */
    private Path storeDirectory(final List<String> others) {
        for (int i = 0; i < others.size(); i++) {
            if (others.get(i).startsWith(STORE + "=")) {
                return storeDirectory(others.remove(i).substring(STORE.length() + 1));
            }
            if (others.get(i).equals(STORE)) {
                others.remove(i);
                return storeDirectory(i == others.size() ? "" : others.remove(i));
            }
        }
        return null;
    }

    private Path storeDirectory(final String name) {
        if (name.isBlank()) {
            throw new ParameterException(spec.commandLine(), STORE + " wants a directory");
        }
        return Path.of(name);
    }

    // -- kernel

    private void serveKernel(final Settings settings) throws IOException, InterruptedException {
        try (Shutdown _ = Shutdown.onSignal(ended::countDown);
                MemcachedServer server = server(settings, settings.threads);
                KernelServer kernel = new KernelServer(server)) {
            kernel.start();
            writePorts(kernel.ports());
            await(settings, String.join(", ", kernel.ports()));
        }
    }

    private static void writePorts(final List<String> ports) throws IOException {
        final String file = System.getenv(PORTS_VARIABLE);
        if (file != null) {
            replace(Path.of(file), String.join("\n", ports) + "\n");
        }
    }

    /** So that nobody reads half of it. */
    private static void replace(final Path file, final String text) throws IOException {
        final Path part = Path.of(file + ".lck");
        Files.writeString(part, text);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    // -- a node on a TAP

    private void serveTap(final Settings settings, final List<String> others) throws IOException,
            InterruptedException {
        if (settings.unixSocket != null || settings.listenAddresses != null || settings.tcpPort < 0
                || settings.udpPort < 0) {
            throw new ParameterException(spec.commandLine(), "-s, -l and port -1 are for --kernel: on a TAP the server "
                    + "listens at the node's addresses, at the ports of -p and -U");
        }
        if (settings.threadsGiven && others.stream().noneMatch(word -> word.startsWith(LOOPS))) {
            others.add(LOOPS + "=" + settings.threads);
        }
        final ObservedNodeOptions node = new ObservedNodeOptions();
        final CommandLine line = new CommandLine(node).setCaseInsensitiveEnumValuesAllowed(true);
        final NodeConfig config;
        try {
            line.parseArgs(others.toArray(String[]::new));
            node.observe.check(line);
            config = node.options.config(line, "memcached", node.link.tap(), settings.maxConnections);
        } catch (final ParameterException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        settings.threads = config.loops();
        try (Shutdown _ = Shutdown.onSignal(ended::countDown);
                MemcachedServer server = server(settings, config.loops());
                DataplaneNode dataplane = node.link.open(line, config)) {
            node.options.deploy(dataplane);
            dataplane.deploy(new FlowServer(server, config.loops()));
            dataplane.start();
            try (ObserveOptions.Observation _ = node.observe.observe(dataplane)) {
                await(settings, node.options.describe(node.link.tap()));
            }
        }
    }

    private void await(final Settings settings, final String where) throws IOException, InterruptedException {
        if (settings.pidFile != null) {
            replace(settings.pidFile, ProcessHandle.current().pid() + "\n");
        }
        if (settings.verbosity > 0) {
            spec.commandLine().getOut().println("serving memcached on " + where);
            spec.commandLine().getOut().flush();
        }
        if (DAEMON.isRunning()) {
            DAEMON.ready();
        }
        ended.await();
        if (settings.pidFile != null) {
            Files.deleteIfExists(settings.pidFile);
        }
    }
}
