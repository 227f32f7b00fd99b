package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.stick.TrackedCounters;
import java.net.InetSocketAddress;

/**
 * What actions see and change; implemented by sessions and streams. Messages and variables are changed in place, through
 * {@link #request()}, {@link #response()} and {@link #variables(String)}.
 *
 * <p>Threading: the proxy's loop.
 */
public interface RuleContext extends SampleContext {

    /** {@code set-src}, {@code set-src-port}. */
    void source(InetSocketAddress address);

    /** {@code set-dst}, {@code set-dst-port}. */
    void destination(InetSocketAddress address);

    /** @param level 0 emerg … 7 debug; {@link #SILENT} no log line */
    void logLevel(int level);

    int SILENT = -1;

    /** {@code set-priority-class}: -2047…2047, queue order of the stream. */
    void priorityClass(int value);

    /** {@code set-priority-offset}: -524287…524287 milliseconds. */
    void priorityOffset(int value);

    /** {@code set-timeout server}; milliseconds, 0 none. */
    void serverTimeout(long timeoutMs);

    /** {@code set-timeout tunnel}; milliseconds, 0 none. */
    void tunnelTimeout(long timeoutMs);

    /** {@code set-tos}: of packets to the client. */
    void tos(int value);

    /** {@code set-mark}: of packets to the client. */
    void mark(int value);

    /** {@code expect-proxy layer4}: the connection begins with a PROXY header, whatever its bind line says. */
    void expectProxyProtocol();

    /** {@code wait-for-handshake}: false while the client's handshake is under way. */
    boolean handshakeDone();

    /** Body bytes of the current {@link #direction()}'s message that have come and are held back; for {@code wait-for-body}. */
    long bodyBytesBuffered();

    /** All of the current message's body has come, or the buffer is full. */
    boolean bodyComplete();

    /** What came of the current message's body is none, and no more is read. */
    default boolean bodyInvalid() {
        return false;
    }

    /** A rule waits until then, wall clock, unless data comes earlier: the set must be evaluated again at that time. */
    void wakeAt(long nowMs);

    /** {@code early-hint}: an informational response (103) that is sent now, before the final one. */
    void sendInformational(HttpMessage response);

    /** Bytes by which the current message may still grow (tune.bufsize less what is used). */
    int rewriteRoomBytes();

    /** {@code strict-mode}: whether a rewriting that fails ends the evaluation; of each message, on at first. */
    boolean strictRewriting();

    void strictRewriting(boolean on);

    /** {@code disable-l7-retry}. */
    void disableL7Retry();

    /** A change to a message did not fit; counted for frontend, backend, server (wrew). */
    void rewriteFailed();

    /** Slots of track-sc0…2, of the session and the stream. */
    TrackedCounters tracking();

    /** The proxy's answer for a status: errorfile, http-error, errorfiles of the backend, the frontend, or haproxy's own. */
    Reply errorReply(int status);
}
