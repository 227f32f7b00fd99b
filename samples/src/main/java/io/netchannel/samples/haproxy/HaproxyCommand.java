package io.netchannel.samples.haproxy;

import io.netchannel.samples.Daemon;
import io.netchannel.samples.Shutdown;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netchannel.samples.haproxy.config.LexerException;
import io.netchannel.samples.haproxy.config.Predicates;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.proxy.TrafficSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * {@code ./netchannel haproxy}: haproxy's command line, word by word, and where to listen. That line doesn't follow this
 * project's conventions, so it is read by {@link Arguments}; what is about a node is picocli's.
 */
@Command(name = "haproxy", description = "Proxies TCP and HTTP as haproxy.cfg says, on a TAP device or on the kernel's sockets.", footer = {
    "", "The options are haproxy's own: netchannel haproxy -h. Examples, the first as root:",
    "  netchannel haproxy --tap nc0 --address 10.7.0.2/24 --host-address 10.7.0.1/24 -f haproxy.cfg",
    "  netchannel haproxy --kernel -f haproxy.cfg"})
public final class HaproxyCommand implements Callable<Integer> {

    private static final String KERNEL = "--kernel";
    private static final Daemon DAEMON = new Daemon("haproxy");
    private static final int FAILED = 1;
    private static final int SIGINT = 2;
    private static final int INTERRUPTED = 128 + SIGINT;
    private static final int CONDITION_ERROR = 2;
    private static final int NO_LISTENER = 2;
    static final String NO_LISTENER_TEXT = "[haproxy.main()] No enabled listener found (check for 'bind' directives) ! "
            + "Exiting.";
    static final String NOT_STARTED_TEXT = "[haproxy.main()] Some protocols failed to start their listeners! Exiting.";

    /** Held, or its level would be collected with it. */
    private static final Logger NETTY_LOG = Logger.getLogger("io.netty");

    @Spec
    private CommandSpec spec;

    @Unmatched
    private List<String> words = new ArrayList<>();

    /** A master was ended by SIGINT. */
    private volatile boolean interrupted;

    @Override
    public Integer call() throws IOException, InterruptedException {
        final PrintWriter err = spec.commandLine().getErr();
        final long pid = ProcessHandle.current().pid();
        final Arguments arguments;
        try {
            arguments = new Arguments(words);
        } catch (final Arguments.UsageException e) {
            return usage(new Messages(err, pid, false), e.getMessage());
        }
        final Messages messages = new Messages(err, pid, arguments.diagnose);
        return switch (arguments.task) {
            case VERSION -> print(HelpText.version());
            case BUILD_OPTIONS -> print(HelpText.version() + HelpText.buildOptions());
            case EVALUATE_CONDITION -> evaluate(arguments.condition, messages);
            case CHECK, SERVE -> load(arguments, messages);
        };
    }

    private int usage(final Messages messages, final String message) {
        if (message != null) {
            messages.print(Diagnostics.Severity.ALERT, message);
        }
        print(HelpText.version());
        spec.commandLine().getErr().print(HelpText.usage());
        spec.commandLine().getErr().flush();
        return FAILED;
    }

    private int print(final String text) {
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
        return CommandLine.ExitCode.OK;
    }

    private int evaluate(final String condition, final Messages messages) {
        try {
            return Predicates.evaluate(condition, System.getenv()::get) ? CommandLine.ExitCode.OK : FAILED;
        } catch (final LexerException e) {
            messages.print(new Diagnostics.Message(Diagnostics.Severity.ALERT, e.getMessage()));
            return CONDITION_ERROR;
        }
    }

    private int load(final Arguments arguments, final Messages messages) throws IOException, InterruptedException {
        if (arguments.files.isEmpty()) {
            return usage(messages, null);
        }
        final String refused = refused(arguments);
        if (refused != null) {
            messages.print(Diagnostics.Severity.ALERT, refused);
            return FAILED;
        }
        if (!arguments.masterSockets.isEmpty() && !arguments.masterWorker) {
            messages.print(new Diagnostics.Message(Diagnostics.Severity.WARNING,
                    "a master CLI socket was defined, but master-worker mode (-W) is not enabled."));
        }
        final ConfigurationLoader loader = new ConfigurationLoader(arguments, messages);
        final Configuration configuration = loader.load();
        if (configuration == null) {
            return FAILED;
        }
        if (arguments.task == Arguments.Task.CHECK) {
            return checked(arguments, loader, configuration);
        }
        if (!listens(configuration)) {
            messages.print(Diagnostics.Severity.ALERT, NO_LISTENER_TEXT);
            return FAILED;
        }
        if (arguments.others.isEmpty()) {
            throw new ParameterException(spec.commandLine(),
                    "say where to serve: --kernel, or --tap NAME --address PREFIX");
        }
        return serve(arguments, messages, configuration);
    }

    private int serve(final Arguments arguments, final Messages messages, final Configuration configuration)
            throws IOException, InterruptedException {
        final GlobalSettings global = configuration.global();
        final boolean daemon = (arguments.daemon || global.get(GlobalOptions.DAEMON)) && !arguments.foreground
                && !arguments.debug;
        if (daemon && !DAEMON.isRunning()) {
            return DAEMON.start();
        }
        final boolean writesPid = daemon || arguments.masterWorker || global.get(GlobalOptions.MASTER_WORKER);
        // What a peer does wrong is counted and logged as the configuration has it.
        NETTY_LOG.setLevel(Level.SEVERE);
        Surroundings.warn(global, messages);
        try (Running running = start(arguments, configuration);
                Shutdown _ = Shutdown.onSignal(running::hardStop)) {
            Signals.on("USR1", running::softStop);
            final boolean master = arguments.masterWorker || global.get(GlobalOptions.MASTER_WORKER);
            if (master) {
                // As haproxy's: its end by SIGTERM is a normal one, by SIGINT it is told.
                Signals.on("INT", () -> {
                    interrupted = true;
                    running.hardStop();
                });
            }
            final Reload reload = new Reload(arguments, spec.commandLine().getErr(), ProcessHandle.current().pid(),
                    running);
            running.reloads().onRequest(reload);
            Signals.on("HUP", reload);
            if (master) {
                // A master's signal; a profiler of the JVM uses it too, to stop threads for a moment.
                Signals.on("USR2", reload);
            }
            final String pidFile = global.get(GlobalOptions.PID_FILE);
            if (writesPid && pidFile != null && !Surroundings.writePid(pidFile)) {
                messages.print(Diagnostics.Severity.ALERT, "[haproxy.main()] Cannot create pidfile " + pidFile);
                return FAILED;
            }
            Surroundings.endOthers(arguments, messages);
            if (DAEMON.isRunning()) {
                DAEMON.ready();
            }
            running.await();
            if (interrupted) {
                return INTERRUPTED;
            }
        } catch (final IOException e) {
            messages.print(Diagnostics.Severity.ALERT, e.getMessage());
            messages.print(Diagnostics.Severity.ALERT, NOT_STARTED_TEXT);
            return FAILED;
        }
        return CommandLine.ExitCode.OK;
    }

    private Running start(final Arguments arguments, final Configuration configuration) throws IOException {
        final List<String> others = new ArrayList<>(arguments.others);
        if (!others.remove(KERNEL)) {
            return NodeRun.start(spec.commandLine(), others, configuration);
        }
        if (!others.isEmpty()) {
            throw new ParameterException(spec.commandLine(), others.getFirst() + " doesn't go with " + KERNEL);
        }
        return ProxyRun.onKernel(configuration);
    }

    /** @return what can't be done, or null */
    private static String refused(final Arguments arguments) throws IOException {
        if (arguments.directory != null && !Files.isSameFile(Path.of(arguments.directory), Path.of(""))) {
            return "Could not change to directory " + arguments.directory
                    + " : a JVM can't, start it in that directory instead";
        }
        if (arguments.oldSocket != null) {
            return "-x is not supported by this build: listening sockets can't be taken from another process";
        }
        return arguments.keywordDump == null ? null : "-dK is not supported by this build";
    }

    private int checked(final Arguments arguments, final ConfigurationLoader loader,
            final Configuration configuration) {
        final StringBuilder text = new StringBuilder();
        if (loader.hasWarnings()) {
            text.append("Warnings were found.\n");
        }
        final boolean listens = listens(configuration);
        text.append(listens
                ? "Configuration file is valid\n"
                : "Configuration file has no error but will not start (no listener) => exit(2).\n");
        if (!arguments.quiet && !configuration.global().get(GlobalOptions.QUIET)) {
            print(text.toString());
        }
        return listens ? CommandLine.ExitCode.OK : NO_LISTENER;
    }

    static boolean listens(final Configuration configuration) {
        for (final ProxySection proxy : configuration.proxies()) {
            if (!proxy.get(TrafficSettings.DISABLED) && !proxy.get(ProxySettings.BINDS).isEmpty()) {
                return true;
            }
        }
        return !configuration.global().get(GlobalOptions.STATS_SOCKETS).isEmpty();
    }
}
