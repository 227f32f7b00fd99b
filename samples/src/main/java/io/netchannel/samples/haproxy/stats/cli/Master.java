package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.config.Version;
import io.netchannel.samples.haproxy.stats.ProcessInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What stands for haproxy's master: the one process is master and worker in one, and the programs that it started are shown
 * beside it. Threading: the proxy's loop.
 */
public final class Master {

    /** A program that the master runs, by its section's name. */
    public record Program(String name, Process process) {
    }

    private final List<Program> programs;
    private final LongSupplier uptimeMs;
    private final Reloads reloads;

    public Master(final List<Program> programs, final LongSupplier uptimeMs, final Reloads reloads) {
        this.programs = List.copyOf(programs);
        this.uptimeMs = uptimeMs;
        this.reloads = reloads;
    }

    void reload() {
        reloads.request();
    }

    String processes() {
        final long pid = ProcessHandle.current().pid();
        final String uptime = uptime();
        final StringBuilder text = new StringBuilder(
                String.format("#%-14s %-15s %-15s %-15s %-15s%n", "<PID>", "<type>",
                        "<reloads>", "<uptime>", "<version>"));
        row(text, pid, "master", reloads.done() + " [failed: " + reloads.failed() + "]", uptime, Version.TEXT);
        text.append("# workers\n");
        row(text, pid, "worker", "0", uptime, Version.TEXT);
        text.append("# programs\n");
        for (final Program program : programs) {
            row(text, program.process.pid(), program.name, "0", uptime, "-");
        }
        return text.toString();
    }

    /** {@code 0d00h01m02s} */
    private String uptime() {
        final String text = ProcessInfo.uptimeText(uptimeMs.getAsLong() / 1_000);
        final int blank = text.indexOf(' ');
        final String hours = text.substring(blank + 1);
        return text.substring(0, blank) + (hours.indexOf('h') == 1 ? "0" : "") + hours;
    }

    private static void row(final StringBuilder text, final long pid, final String type, final String reloads,
            final String uptime, final String version) {
        text.append(String.format("%-15d %-15s %-15s %-15s %-15s%n", pid, type, reloads, uptime, version));
    }

    /** {@code @1 COMMAND}: what the worker says to that. */
    void forward(final CliSession session, final List<String> words, final String payload) {
        final String target = words.getFirst().substring(1);
        final String pid = Long.toString(ProcessHandle.current().pid());
        if (target.isEmpty() || "master".equals(target)) {
            CliSession.run(words.subList(1, words.size()), payload, session);
        } else if ("1".equals(target) || target.equals("!" + pid)) {
            final CliSession worker = session.worker();
            CliSession.run(new ArrayList<>(words.subList(1, words.size())), payload, worker);
            session.print(worker.takeOutput());
        } else {
            session.print("Can't find the target PID matching the prefix '" + words.getFirst() + "'\n");
        }
    }
}
