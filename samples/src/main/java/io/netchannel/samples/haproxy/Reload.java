package io.netchannel.samples.haproxy;

import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.Diagnostics;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Semaphore;

/**
 * SIGUSR2 and SIGHUP: the files of the command line are read again. What they say comes in the place of what runs, or, if there is
 * something wrong with it, nothing does.
 */
final class Reload implements Runnable {

    private final Arguments arguments;
    private final PrintWriter err;
    private final long pid;
    private final Running running;
    /** Each signal has a thread of its own. */
    private final Semaphore one = new Semaphore(1);

    Reload(final Arguments arguments, final PrintWriter err, final long pid, final Running running) {
        this.arguments = arguments;
        this.err = err;
        this.pid = pid;
        this.running = running;
    }

    @Override
    public void run() {
        one.acquireUninterruptibly();
        try {
            final Messages messages = new Messages(err, pid, arguments.diagnose);
            messages.print(Diagnostics.Severity.NOTICE, "Reloading HAProxy");
            final boolean success = load(messages);
            running.reloads().count(success);
            if (success) {
                messages.print(Diagnostics.Severity.NOTICE, "Loading success.");
            } else {
                messages.print(Diagnostics.Severity.WARNING, "Loading failure!");
            }
        } finally {
            one.release();
        }
    }

    private boolean load(final Messages messages) {
        final Configuration configuration = new ConfigurationLoader(arguments, messages).load();
        if (configuration == null) {
            return false;
        }
        if (!HaproxyCommand.listens(configuration)) {
            messages.print(Diagnostics.Severity.ALERT, HaproxyCommand.NO_LISTENER_TEXT);
            return false;
        }
        try {
            running.reload(configuration);
            return true;
        } catch (final IOException | RuntimeException e) {
            // Of what nobody foresaw the kind is said, too; what runs goes on in any case.
            messages.print(Diagnostics.Severity.ALERT, e instanceof IOException ? e.getMessage() : e.toString());
            messages.print(Diagnostics.Severity.ALERT, HaproxyCommand.NOT_STARTED_TEXT);
            return false;
        }
    }
}
