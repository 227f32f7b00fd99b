package io.netchannel.perf.netperf.role;

import io.netchannel.perf.netperf.host.Flow;
import io.netchannel.perf.netperf.host.FlowHandler;
import io.netchannel.perf.netperf.host.Payload;
import java.util.concurrent.Semaphore;

/**
 * The client's side of idle connections: a byte is sent and one comes back, and that was it. One for all of them, so that a
 * connection holds nothing here.
 *
 * <p>Threading: any.
 */
public final class IdleRequester implements FlowHandler {

    private final Payload payload;
    private final Semaphore turns;
    private volatile String failure;

    /** @param atATime connections that are to be under way at a time */
    public IdleRequester(final Payload payload, final int atATime) {
        this.payload = payload;
        this.turns = new Semaphore(atATime);
    }

    /** One is taken for each connection, and comes back with its answer. */
    public Semaphore turns() {
        return turns;
    }

    /** Why one has ended; null if none has. */
    public String failure() {
        return failure;
    }

    @Override
    public void onConnected(final Flow flow) {
        flow.write(payload, 0, 1);
    }

    @Override
    public void onReceive(final Flow flow, final long address, final int lengthBytes) {
        turns.release();
    }

    @Override
    public boolean onClosed(final String reason) {
        failure = reason == null ? "the server closed it" : reason;
        turns.release();
        return false;
    }
}
