package io.netchannel.perf.netperf.role;

import io.netchannel.perf.netperf.host.Flow;
import io.netchannel.perf.netperf.host.FlowHandler;

/** Counts a stream's bytes, in place where the host allows: TCP_STREAM's server, TCP_MAERTS's client. */
public final class StreamSink implements FlowHandler {

    private final TestPhase phase;
    private final Meter meter;
    private final Pattern pattern;
    private final boolean client;
    private boolean finished;

    /** @param verifyBytes of each message, to check their content; 0 not to */
    public StreamSink(final TestPhase phase, final Meter meter, final int verifyBytes, final boolean client) {
        this.phase = phase;
        this.meter = meter;
        this.pattern = verifyBytes == 0 ? null : new Pattern(verifyBytes);
        this.client = client;
    }

    @Override
    public void onConnected(final Flow flow) {
        if (client) {
            phase.connected();
        }
    }

    @Override
    public void onReceive(final Flow flow, final long address, final int lengthBytes) {
        if (pattern != null) {
            final String wrong = pattern.check(address, lengthBytes);
            if (wrong != null) {
                phase.failed(wrong);
            }
        }
        meter.add(lengthBytes, 0);
    }

    @Override
    public void onPeerFinished(final Flow flow) {
        finished = true;
        flow.close();
    }

    @Override
    public boolean onClosed(final String reason) {
        if (client) {
            phase.ended(reason == null && !finished ? "the server closed the connection before the end" : reason);
        } else if (reason != null) {
            phase.failed(reason);
        }
        return false;
    }
}
