package io.netchannel.perf.netperf.role;

import io.netchannel.perf.netperf.host.DatagramHandler;
import io.netchannel.perf.netperf.host.Datagrams;
import io.netchannel.perf.netperf.host.Flow;
import io.netchannel.perf.netperf.host.FlowHandler;
import io.netchannel.perf.netperf.host.Payload;

/** The server of request/response tests. */
public final class Responder implements FlowHandler, DatagramHandler {

    private final TestPhase phase;
    private final Meter meter;
    private final Payload payload;
    private final int requestBytes;
    private final int responseBytes;
    private final boolean finishesEachTime;
    private final Pattern pattern;
    private int pendingBytes;
    // Of the answers that are due.
    private int unsentBytes;

    /**
     * @param finishesEachTime TCP_CRR: the server ends the connection with its answer, so that what waits for two segment
     *            lifetimes after that is not the port that a client needs again
     */
    public Responder(final TestPhase phase, final Meter meter, final Payload payload, final int requestBytes,
            final int responseBytes, final boolean finishesEachTime, final boolean verify) {
        this.phase = phase;
        this.meter = meter;
        this.payload = payload;
        this.requestBytes = requestBytes;
        this.responseBytes = responseBytes;
        this.finishesEachTime = finishesEachTime;
        this.pattern = verify ? new Pattern(requestBytes) : null;
    }

    private void check(final long address, final int lengthBytes) {
        final String wrong = pattern == null ? null : pattern.check(address, lengthBytes);
        if (wrong != null) {
            phase.failed(wrong);
        }
    }

    @Override
    public void onReceive(final Flow flow, final long address, final int lengthBytes) {
        check(address, lengthBytes);
        pendingBytes += lengthBytes;
        while (pendingBytes >= requestBytes) {
            pendingBytes -= requestBytes;
            unsentBytes += responseBytes;
            meter.add(requestBytes + responseBytes, 1);
        }
        onWritable(flow);
    }

    @Override
    public void onWritable(final Flow flow) {
        while (unsentBytes > 0) {
            final int offset = (responseBytes - unsentBytes % responseBytes) % responseBytes;
            final int wanted = responseBytes - offset;
            final int written = flow.write(payload, offset, wanted);
            unsentBytes -= written;
            if (written < wanted) {
                return;
            }
            if (finishesEachTime && unsentBytes == 0) {
                flow.finish();
            }
        }
    }

    @Override
    public boolean onClosed(final String reason) {
        if (reason != null) {
            phase.failed(reason);
        }
        return false;
    }

    @Override
    public void onDatagram(final Datagrams socket, final long address, final int lengthBytes) {
        check(address, lengthBytes);
        meter.add(lengthBytes + responseBytes, 1);
        if (!socket.send(payload, responseBytes)) {
            meter.addRefused();
            phase.failed("an answer found no room");
        }
    }

    @Override
    public void onFailure(final String reason) {
        phase.failed(reason);
    }
}
