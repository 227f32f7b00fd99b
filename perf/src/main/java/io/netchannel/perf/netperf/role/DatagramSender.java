package io.netchannel.perf.netperf.role;

import io.netchannel.perf.netperf.host.DatagramHandler;
import io.netchannel.perf.netperf.host.Datagrams;
import io.netchannel.perf.netperf.host.Payload;

/** UDP_STREAM's client: sends datagrams as fast as they are taken; what isn't received is lost. */
public final class DatagramSender implements DatagramHandler {

    private static final int BURST = 64;

    private final TestPhase phase;
    private final Meter meter;
    private final Payload payload;
    private final int messageBytes;
    private boolean ended;

    public DatagramSender(final TestPhase phase, final Meter meter, final Payload payload, final int messageBytes) {
        this.phase = phase;
        this.meter = meter;
        this.payload = payload;
        this.messageBytes = messageBytes;
    }

    @Override
    public void onStart(final Datagrams socket) {
        phase.connected();
        onReady(socket);
    }

    @Override
    public void onReady(final Datagrams socket) {
        do {
            if (phase.isStopped()) {
                end(null);
                return;
            }
            burst(socket);
        } while (socket.again());
    }

    private void burst(final Datagrams socket) {
        for (int i = 0; i < BURST; i++) {
            if (!socket.send(payload, messageBytes)) {
                meter.addRefused();
                return;
            }
            meter.add(messageBytes, 1);
        }
    }

    @Override
    public void onDatagram(final Datagrams socket, final long address, final int lengthBytes) {
        phase.failed("a sender received a datagram");
    }

    @Override
    public void onFailure(final String reason) {
        end(reason);
    }

    private void end(final String reason) {
        if (!ended) {
            ended = true;
            phase.ended(reason);
        }
    }
}
