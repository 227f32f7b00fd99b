package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.config.BindOptions;
import io.netchannel.samples.haproxy.log.Syslog;
import java.util.List;

/**
 * One operator's connection: reads commands, and collects what they answer. Knows nothing of sockets. Threading: the proxy's
 * loop.
 */
final class CliSession {

    /** As haproxy's: a command and its payload fit into one buffer. */
    private static final int MAX_COMMAND_BYTES = 16_384;
    /** Answers of commands that came in one go. More than a channel holds until it isn't writable, so that no more are read. */
    private static final int MAX_OUTPUT_CHARS = 1 << 17;
    private static final String[] SEVERITIES = {"emergency", "alert", "critical", "error", "warning", "notice", "info",
        "debug"};

    private final Control control;
    private final boolean master;
    private final StringBuilder input = new StringBuilder();
    private final StringBuilder output = new StringBuilder();
    private final StringBuilder command = new StringBuilder();
    private StringBuilder payload;
    private BindOptions.Level level;
    private BindOptions.SeverityOutput severityOutput;
    private CliSession worker;
    private boolean interactive;
    private boolean experimental;
    private boolean expert;
    private boolean finished;
    private long timeoutMs;

    /** @param master it is the master's socket: commands for the worker begin with {@code @1} */
    CliSession(final Control control, final BindOptions.Level level, final BindOptions.SeverityOutput severityOutput,
            final long timeoutMs, final boolean master) {
        this.control = control;
        this.level = level;
        this.severityOutput = severityOutput;
        this.timeoutMs = timeoutMs;
        this.master = master;
    }

    /** The session that a master's has with its worker. */
    CliSession worker() {
        if (worker == null) {
            worker = new CliSession(control, level, severityOutput, timeoutMs, false);
        }
        return worker;
    }

    /** Bytes as chars. What they lead to is in {@link #takeOutput}. */
    void receive(final CharSequence bytes) {
        if (!finished) {
            input.append(bytes);
            proceed();
        }
    }

    /** One command after the other, as far as there is room for answers. */
    void proceed() {
        while (!finished && !isHeldUp() && line()) {
            // Until no whole line is left.
        }
        if (!isHeldUp()
                && input.length() + command.length() + (payload == null ? 0 : payload.length()) > MAX_COMMAND_BYTES) {
            finished = true;
        }
    }

    /** Commands wait for answers to be taken: it is to {@link #proceed} when they are sent. */
    boolean isHeldUp() {
        return output.length() > MAX_OUTPUT_CHARS;
    }

    private boolean line() {
        final int end = payload == null ? CommandLine.end(input) : input.indexOf("\n");
        if (end < 0) {
            return false;
        }
        String line = input.substring(0, end);
        input.delete(0, end + 1);
        if (line.endsWith("\r")) {
            line = line.substring(0, line.length() - 1);
        }
        if (payload != null) {
            if (!line.isEmpty()) {
                payload.append(line).append('\n');
                if (interactive) {
                    output.append("+ ");
                }
                return true;
            }
            final String given = payload.isEmpty() ? "" : payload.substring(0, payload.length() - 1);
            payload = null;
            execute(command.toString(), given);
            command.setLength(0);
        } else if (line.endsWith(CommandLine.PAYLOAD_MARK)) {
            command.append(line);
            payload = new StringBuilder();
            if (interactive) {
                output.append("+ ");
            }
            return true;
        } else {
            execute(line, null);
        }
        if (!finished) {
            output.append(interactive ? master ? "\nmaster> " : "\n> " : "\n");
            finished = !interactive && input.isEmpty();
        }
        return true;
    }

    private void execute(final String line, final String given) {
        final List<String> words = CommandLine.words(line);
        if (master && !words.isEmpty() && words.getFirst().startsWith("@")) {
            control.master().forward(this, words, given);
            return;
        }
        run(words, given, this);
    }

    /** @param as whose words count: the session itself, or one of the worker's */
    static void run(final List<String> words, final String given, final CliSession as) {
        final Command found = as.control.commands().find(words, as);
        if (found == null) {
            as.message(Syslog.INFO, as.control.commands().help(words, false, as));
        } else if (found.mode() == Command.Mode.EXPERIMENTAL && !as.experimental) {
            as.message(Syslog.ERR, "This command is restricted to experimental mode only.\n");
        } else if (as.level.compareTo(found.level()) < 0) {
            as.message(Syslog.ERR, "Permission denied\n");
        } else {
            found.action().run(new Call(words, given, as));
        }
    }

    void print(final CharSequence text) {
        output.append(text);
    }

    void message(final int severity, final String text) {
        switch (severityOutput) {
            case NUMBER -> output.append('[').append(severity).append("]: ");
            case STRING -> output.append('[').append(SEVERITIES[severity]).append("]: ");
            case NONE -> {
                // Only the text.
            }
        }
        output.append(text);
    }

    /** What is to be sent, in ISO 8859-1; it is forgotten here. */
    String takeOutput() {
        final String all = output.toString();
        output.setLength(0);
        return all;
    }

    Control control() {
        return control;
    }

    /** Nothing more is read; what is answered is sent, then the connection ends. */
    boolean isFinished() {
        return finished;
    }

    void finish() {
        finished = true;
    }

    boolean isMaster() {
        return master;
    }

    void togglePrompt() {
        interactive = !interactive;
    }

    BindOptions.Level level() {
        return level;
    }

    /** Only downwards. */
    void lowerTo(final BindOptions.Level lower) {
        if (lower.compareTo(level) < 0) {
            level = lower;
        }
    }

    void severityOutput(final BindOptions.SeverityOutput newOutput) {
        severityOutput = newOutput;
    }

    boolean isExperimental() {
        return experimental;
    }

    void experimental(final boolean on) {
        experimental = on;
    }

    boolean isExpert() {
        return expert;
    }

    void expert(final boolean on) {
        expert = on;
    }

    long timeoutMs() {
        return timeoutMs;
    }

    void timeoutMs(final long newTimeoutMs) {
        timeoutMs = newTimeoutMs;
    }
}
