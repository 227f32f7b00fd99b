package io.netchannel.samples.haproxy.log;

import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.expression.LogFacts;
import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.expression.format.Dates;
import java.net.InetSocketAddress;

/** Log lines of one frontend's connections and streams. Threading: the proxy's loop. */
public final class StreamLog {

    /** No {@code set-log-level}. */
    public static final int DEFAULT_LEVEL = -2;
    private static final int SILENT = -1;
    private static final int FIRST_FAILED_STATUS = 500;

    private final Logs logs;
    private final ProxySection frontend;
    private final LogFormat format;
    private final LogFormat errorFormat;
    private final LogFormat structured;
    private final boolean http;
    private final boolean listened;
    private final boolean onlyErrors;
    private final boolean separateErrors;
    private long count;

    public StreamLog(final Logs logs, final ProxySection frontend) {
        this.logs = logs;
        this.frontend = frontend;
        this.format = frontend.get(LogSettings.FORMAT);
        this.errorFormat = frontend.get(LogSettings.ERROR_FORMAT);
        this.structured = frontend.get(LogSettings.STRUCTURED);
        this.http = frontend.get(ProxySettings.MODE) == ProxySettings.Mode.HTTP;
        this.listened = logs.hasServers(frontend);
        this.onlyErrors = frontend.get(LogSettings.DONT_LOG_NORMAL);
        this.separateErrors = frontend.get(LogSettings.SEPARATE_ERRORS);
    }

    /** {@code %lc}: lines that were written so far. */
    public long count() {
        return count;
    }

    /** A stream begins: without a log format this is all that is told of it. */
    public void connected(final InetSocketAddress source, final InetSocketAddress destination, final int listenerId) {
        if (format != null || !listened) {
            return;
        }
        final String who = "(" + frontend.name() + "/" + (http ? "HTTP" : "TCP") + ")";
        if (source == null) {
            logs.send(frontend, Syslog.INFO, "Connect to unix:" + listenerId + " " + who);
            return;
        }
        logs.send(frontend, Syslog.INFO, "Connect from " + text(source) + " to "
                + (destination == null ? "undetermined address:0" : text(destination)) + " " + who);
    }

    private static String text(final InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /**
     * A stream ended, or with logasap its server answered.
     *
     * @param level of {@code set-log-level}, or {@link #DEFAULT_LEVEL}
     */
    public void ended(final SampleContext stream, final int level) {
        if (format == null || !listened || level == SILENT) {
            return;
        }
        final boolean failed = failed(stream.log());
        if (onlyErrors && !failed) {
            return;
        }
        if (level == DEFAULT_LEVEL) {
            write(format, stream, failed && separateErrors ? Syslog.ERR : Syslog.INFO);
        } else {
            write(format, stream, level);
        }
    }

    /** What haproxy holds for an error: neither a normal end nor an answer of its own, a retry, or a status of 5xx. */
    private boolean failed(final LogFacts facts) {
        final char cause = facts.terminationState(http).charAt(0);
        final boolean normal = cause == '-' || cause == 'L';
        return facts.redispatched() || !normal || cause == '-' && facts.count("rc") > 0
                || http && facts.status() >= FIRST_FAILED_STATUS;
    }

    /** A session ended before it had a stream: a handshake, a request that could not be parsed. */
    public void failedSession(final SampleContext session) {
        final LogFormat used = errorFormat == null ? format : errorFormat;
        if (used != null && listened) {
            write(used, session, separateErrors ? Syslog.ERR : Syslog.INFO);
        }
    }

    /**
     * A connection ended before it had a session: by its PROXY header or by TLS.
     *
     * @param source null: not known
     * @param reason as haproxy names it
     * @param nothingCame {@code option dontlognull} leaves it out
     */
    public void failedHandshake(final SampleContext session, final InetSocketAddress source, final String listener,
            final long acceptWallMs, final String reason, final boolean nothingCame) {
        if (format == null || !listened || nothingCame && frontend.get(LogSettings.DONT_LOG_NULL)) {
            return;
        }
        if (errorFormat != null) {
            failedSession(session);
            return;
        }
        final StringBuilder line = new StringBuilder(source == null ? "unknown" : text(source)).append(" [");
        Dates.withMillis(line, acceptWallMs);
        line.append("] ").append(frontend.name()).append('/').append(listener).append(": ").append(reason);
        count++;
        logs.send(frontend, separateErrors ? Syslog.ERR : Syslog.INFO, line.toString());
    }

    private void write(final LogFormat used, final SampleContext context, final int level) {
        final String line = used.format(context);
        if (!line.isEmpty()) {
            count++;
            logs.send(frontend, level, line, structured == null ? "" : structured.format(context));
        }
    }
}
