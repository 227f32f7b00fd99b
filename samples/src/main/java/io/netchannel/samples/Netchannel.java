package io.netchannel.samples;

import io.netchannel.perf.blocks.BlockloadCommand;
import io.netchannel.perf.cpu.CpuCommand;
import io.netchannel.perf.jmh.JmhCommand;
import io.netchannel.perf.netperf.NetperfCommand;
import io.netchannel.perf.services.ServicesCommand;
import io.netchannel.perf.startup.StartupCommand;
import io.netchannel.samples.echo.EchoCommand;
import io.netchannel.samples.haproxy.HaproxyCommand;
import io.netchannel.samples.haproxy.load.ProxyloadCommand;
import io.netchannel.samples.http.HttpCommand;
import io.netchannel.samples.litmus.LitmusCommand;
import io.netchannel.samples.memcached.MemcachedCommand;
import io.netchannel.samples.memcached.load.MemloadCommand;
import io.netchannel.samples.startup.TrainCommand;
import io.netchannel.samples.wire.WireCommand;
import io.netchannel.samples.packetscript.PacketScriptCommand;
import io.netchannel.samples.iperf3.Iperf3Command;
import io.netchannel.samples.netserver.NetserverCommand;
import io.netchannel.samples.observe.CaptureCommand;
import io.netchannel.samples.observe.CountersCommand;
import io.netchannel.samples.observe.FlowsCommand;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;

/** The command line: {@code ./netchannel COMMAND}. Exit status 0 success, 1 failure, 2 usage. */
@Command(name = "netchannel", version = "netchannel 0.1.0", mixinStandardHelpOptions = true, description = "A user-space network dataplane for the JVM.", synopsisSubcommandLabel = "COMMAND", commandListHeading = "%nCommands:%n", footer = {
    "", "netchannel help COMMAND explains one command."})
public final class Netchannel implements Runnable {

    /** In the order in which help lists them. */
    private static final List<Class<?>> COMMANDS = List.of(NetperfCommand.class, NetserverCommand.class,
            Iperf3Command.class, EchoCommand.class, MemcachedCommand.class, MemloadCommand.class, HttpCommand.class,
            HaproxyCommand.class, ProxyloadCommand.class,
            WireCommand.class,
            PacketScriptCommand.class, CaptureCommand.class,
            FlowsCommand.class, CountersCommand.class, CpuCommand.class, StartupCommand.class, ServicesCommand.class,
            BlockloadCommand.class,
            JmhCommand.class, LitmusCommand.class, TrainCommand.class, HelpCommand.class);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /** A command line of all commands, with the exit codes and the one-line errors that they share. */
    public static CommandLine commandLine() {
        return commandLine(COMMANDS);
    }

    /**
     * Of the one command that is named, if one is: each that is not there saves the reflection over its options, and a
     * node answers its first packet so much earlier.
     */
    private static CommandLine commandLineFor(final String[] args) {
        final List<Class<?>> named = args.length == 0
                ? List.of()
                : COMMANDS.stream().filter(command -> args[0].equals(nameOf(command))).toList();
        return commandLine(named.isEmpty() || named.contains(HelpCommand.class) || named.contains(TrainCommand.class)
                ? COMMANDS
                : named);
    }

    private static String nameOf(final Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    private static CommandLine commandLine(final List<Class<?>> commands) {
        final CommandLine commandLine = new CommandLine(new Netchannel());
        commands.forEach(commandLine::addSubcommand);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Netchannel::onUsageError)
                .setExecutionExceptionHandler(Netchannel::onFailure);
        // JMH has its own options.
        final CommandLine jmh = commandLine.getSubcommands().get("jmh");
        if (jmh != null) {
            jmh.setUnmatchedOptionsArePositionalParams(true);
        }
        return commandLine;
    }

    private static int onUsageError(final ParameterException e, final String[] args) {
        final CommandLine command = e.getCommandLine();
        command.getErr().println(command.getCommandName() + ": " + oneLine(e.getMessage()));
        command.getErr().println("Try: netchannel help" + (command.getParent() == null
                ? ""
                : " "
                        + command.getCommandName()));
        return CommandLine.ExitCode.USAGE;
    }

    private static int onFailure(final Exception e, final CommandLine command, final CommandLine.ParseResult result) {
        final String message = e.getMessage() == null ? e.toString() : e.getMessage();
        command.getErr().println(command.getCommandName() + ": " + oneLine(message));
        if (Boolean.getBoolean("netchannel.trace")) {
            e.printStackTrace(command.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String oneLine(final String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", "; ");
    }

    /** Of an {@link Error}, which picocli lets through, too: who ends the JVM waits for a status. */
    static int statusOf(final CommandLine commandLine, final String... args) {
        try {
            return commandLine.execute(args);
        } catch (final Error fault) {
            fault.printStackTrace(commandLine.getErr());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    public static void main(final String[] args) {
        Shutdown.exit(statusOf(commandLineFor(args), args));
    }
}
