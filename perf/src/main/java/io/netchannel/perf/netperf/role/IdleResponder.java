package io.netchannel.perf.netperf.role;

import io.netchannel.perf.netperf.host.Flow;
import io.netchannel.perf.netperf.host.FlowHandler;
import io.netchannel.perf.netperf.host.Payload;

/**
 * The server's side of idle connections: a byte for a byte. One for all of them.
 *
 * <p>Threading: any.
 */
public final class IdleResponder implements FlowHandler {

    private final Payload payload;
    private volatile String failure;

    public IdleResponder(final Payload payload) {
        this.payload = payload;
    }

    /** Why one has ended; null if none has. */
    public String failure() {
        return failure;
    }

    @Override
    public void onReceive(final Flow flow, final long address, final int lengthBytes) {
        flow.write(payload, 0, 1);
    }

    @Override
    public boolean onClosed(final String reason) {
        failure = reason == null ? "the client closed it" : reason;
        return false;
    }
}
