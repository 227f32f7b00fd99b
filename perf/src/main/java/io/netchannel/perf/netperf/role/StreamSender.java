package io.netchannel.perf.netperf.role;

import io.netchannel.perf.netperf.host.FilePayload;
import io.netchannel.perf.netperf.host.Flow;
import io.netchannel.perf.netperf.host.FlowHandler;
import io.netchannel.perf.netperf.host.Payload;

/** Sends messages as fast as they are taken, until the test stops: TCP_STREAM's client, TCP_MAERTS's server. */
public final class StreamSender implements FlowHandler {

    private final TestPhase phase;
    private final Meter meter;
    private final Payload message;
    private final FilePayload file;
    private final int messageBytes;
    private final boolean client;
    private int position;
    private boolean finished;

    /**
     * @param file to send from, for TCP_SENDFILE; or null
     * @param client whether this side has connected
     */
    public StreamSender(final TestPhase phase, final Meter meter, final Payload message, final int messageBytes,
            final FilePayload file, final boolean client) {
        this.phase = phase;
        this.meter = meter;
        this.message = message;
        this.messageBytes = messageBytes;
        this.file = file;
        this.client = client;
    }

    @Override
    public void onConnected(final Flow flow) {
        if (client) {
            phase.connected();
        }
        fill(flow);
    }

    @Override
    public void onWritable(final Flow flow) {
        fill(flow);
    }

    private void fill(final Flow flow) {
        while (!phase.isStopped() || position > 0) {
            final int wanted = messageBytes - position;
            final int written = file == null
                    ? flow.write(message, position, wanted)
                    : flow.writeFile(file, position, wanted);
            position += written;
            if (written < wanted) {
                meter.add(written, 0);
                return;
            }
            position = 0;
            meter.add(written, 1);
            if (!flow.isWritable()) {
                return;
            }
        }
        if (!finished) {
            finished = true;
            flow.finish();
        }
    }

    @Override
    public void onReceive(final Flow flow, final long address, final int lengthBytes) {
        phase.failed("a sender received " + lengthBytes + " bytes");
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
