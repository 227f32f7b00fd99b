package io.netchannel.samples.haproxy.proxy;

/**
 * The three deadlines of a stream: of the step that it is at, of its client and of its server. One timer is armed for all, and for
 * all streams of a session: it stays armed from one to the next, as where requests follow each other none comes to its end.
 */
final class Deadlines extends Timeout {

    private final ProxyLoop loop;
    /** Null: none waits for anything. */
    private Stream stream;
    private long clientAtMs = NEVER;
    private long serverAtMs = NEVER;
    private long stepAtMs = NEVER;
    private long unsentToClient;

    Deadlines(final ProxyLoop loop) {
        this.loop = loop;
    }

    /** The deadlines are this stream's from now on; it has none yet. */
    void begin(final Stream next) {
        stream = next;
        clientAtMs = NEVER;
        serverAtMs = NEVER;
        stepAtMs = NEVER;
        unsentToClient = 0;
    }

    /** @param last no other stream follows */
    void end(final boolean last) {
        stream = null;
        if (last) {
            loop.timers().cancel(this);
        }
    }

    /** The session is over. */
    void sessionEnded() {
        if (stream == null) {
            loop.timers().cancel(this);
        }
    }

    private long in(final long durationMs) {
        return durationMs > 0 ? loop.nowMs() + durationMs : NEVER;
    }

    /** @param durationMs 0: as long as it takes */
    void step(final long durationMs) {
        stepUntil(in(durationMs));
    }

    void stepUntil(final long untilMs) {
        stepAtMs = untilMs;
        arm();
    }

    void client(final long durationMs) {
        clientAtMs = in(durationMs);
        arm();
    }

    void server(final long durationMs) {
        serverAtMs = in(durationMs);
        arm();
    }

    private void arm() {
        if (stream != null) {
            loop.timers().armAtLatest(this, Math.min(stepAtMs, Math.min(clientAtMs, serverAtMs)));
        }
    }

    @Override
    void expired(final long nowMs) {
        if (stream != null) {
            timeOver(nowMs);
            arm();
        }
        loop.flush();
    }

    private void timeOver(final long nowMs) {
        if (stepAtMs <= nowMs) {
            stepAtMs = NEVER;
            stream.stepExpired();
        } else if (clientAtMs <= nowMs) {
            final long unsent = stream.client.unsentBytes();
            if (unsent > 0 && unsent != unsentToClient) {
                // It takes what is sent, slowly.
                unsentToClient = unsent;
                client(stream.session.frontend.options().clientMs);
            } else {
                clientAtMs = NEVER;
                stream.clientTimeOver();
            }
        } else if (serverAtMs <= nowMs) {
            serverAtMs = NEVER;
            stream.serverTimeOver();
        }
    }
}
