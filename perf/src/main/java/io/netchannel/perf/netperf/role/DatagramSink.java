package io.netchannel.perf.netperf.role;

import io.netchannel.perf.netperf.host.DatagramHandler;
import io.netchannel.perf.netperf.host.Datagrams;

/** UDP_STREAM's server: counts what comes. */
public final class DatagramSink implements DatagramHandler {

    private final TestPhase phase;
    private final Meter meter;
    private final int messageBytes;
    private final boolean verify;

    public DatagramSink(final TestPhase phase, final Meter meter, final int messageBytes, final boolean verify) {
        this.phase = phase;
        this.meter = meter;
        this.messageBytes = messageBytes;
        this.verify = verify;
    }

    @Override
    public void onDatagram(final Datagrams socket, final long address, final int lengthBytes) {
        if (lengthBytes != messageBytes) {
            phase.failed("a datagram of " + lengthBytes + " bytes, not " + messageBytes);
        }
        if (verify) {
            final String wrong = new Pattern(messageBytes).check(address, lengthBytes);
            if (wrong != null) {
                phase.failed(wrong);
            }
        }
        meter.add(lengthBytes, 1);
    }

    @Override
    public void onFailure(final String reason) {
        phase.failed(reason);
    }
}
