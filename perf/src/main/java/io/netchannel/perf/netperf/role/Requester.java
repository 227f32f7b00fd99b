package io.netchannel.perf.netperf.role;

import io.netchannel.perf.netperf.host.DatagramHandler;
import io.netchannel.perf.netperf.host.Datagrams;
import io.netchannel.perf.netperf.host.Flow;
import io.netchannel.perf.netperf.host.FlowHandler;
import io.netchannel.perf.netperf.host.Payload;
import org.HdrHistogram.Histogram;

/**
 * The client of request/response tests: TCP_RR and UDP_RR with one request and {@code burst} more outstanding, TCP_CRR with a
 * connection for each.
 *
 * <p>With a rate, each request has a time at which it should be sent, whether or not earlier ones were late; its latency
 * counts from then. So a stall shows in every request that it has held up (no coordinated omission).
 */
public final class Requester implements FlowHandler, DatagramHandler {

    private final TestPhase phase;
    private final Meter meter;
    private final Latencies latencies;
    private final Payload payload;
    private final int requestBytes;
    private final int responseBytes;
    private final boolean connectsEachTime;
    private final long intervalNs;
    // Send times of what is outstanding, oldest first; intended ones where there is a rate.
    private final long[] sentNs;
    private final Pattern pattern;
    // The thread's that the connection has come to.
    private Histogram ofThread;
    private int first;
    private int outstanding;
    private int pendingBytes;
    private int position;
    private long intendedNs;
    private boolean started;

    /**
     * @param burst requests outstanding besides the one
     * @param connectsEachTime TCP_CRR
     * @param perSecond requests, or 0 for as fast as answers come
     * @param verify whether answers' content is checked
     */
    public Requester(final TestPhase phase, final Meter meter, final Latencies latencies, final Payload payload,
            final int requestBytes, final int responseBytes, final int burst, final boolean connectsEachTime,
            final double perSecond, final boolean verify) {
        this.phase = phase;
        this.meter = meter;
        this.latencies = latencies;
        this.payload = payload;
        this.requestBytes = requestBytes;
        this.responseBytes = responseBytes;
        this.connectsEachTime = connectsEachTime;
        this.intervalNs = perSecond == 0 ? 0 : Math.max(1, (long) (1e9 / perSecond));
        this.sentNs = new long[burst + 1];
        this.pattern = verify ? new Pattern(responseBytes) : null;
    }

    private void sending(final long timeNs) {
        sentNs[(first + outstanding) % sentNs.length] = timeNs;
        outstanding++;
    }

    /** @return whether the oldest request has its whole answer */
    private boolean answered(final long address, final int lengthBytes) {
        if (pattern != null) {
            final String wrong = pattern.check(address, lengthBytes);
            if (wrong != null) {
                phase.failed(wrong);
            }
        }
        pendingBytes += lengthBytes;
        return pendingBytes >= responseBytes;
    }

    private void completed(final long nowNs) {
        pendingBytes -= responseBytes;
        if (phase.isCounting()) {
            Latencies.record(ofThread, nowNs - sentNs[first]);
        }
        meter.add(requestBytes + responseBytes, 1);
        first = first + 1 == sentNs.length ? 0 : first + 1;
        outstanding--;
    }

    /** @return when the next request should go, now if there is no rate */
    private long nextIntendedNs(final long nowNs) {
        if (intervalNs == 0) {
            return nowNs;
        }
        intendedNs += intervalNs;
        return intendedNs;
    }

    // -- connections

    @Override
    public void onConnected(final Flow flow) {
        ofThread = latencies.ofThisThread();
        if (!connectsEachTime) {
            intendedNs = System.nanoTime();
            sending(intendedNs);
            phase.connected();
        }
        send(flow);
        for (int i = 1; i < sentNs.length; i++) {
            sending(intervalNs == 0 ? System.nanoTime() : intendedNs);
            send(flow);
        }
    }

    private void send(final Flow flow) {
        position = 0;
        onWritable(flow);
    }

    // Only a request larger than the send buffer comes here more than once.
    @Override
    public void onWritable(final Flow flow) {
        if (position < requestBytes) {
            position += flow.write(payload, position, requestBytes - position);
        }
    }

    @Override
    public void onReceive(final Flow flow, final long address, final int lengthBytes) {
        if (!answered(address, lengthBytes)) {
            return;
        }
        final long nowNs = System.nanoTime();
        while (pendingBytes >= responseBytes) {
            completed(nowNs);
            if (connectsEachTime) {
                // The server finishes after its answer.
                return;
            }
            if (phase.isStopped()) {
                if (outstanding == 0) {
                    flow.close();
                }
            } else {
                final long atNs = nextIntendedNs(nowNs);
                sending(atNs);
                if (atNs <= nowNs) {
                    send(flow);
                } else {
                    flow.at(atNs, () -> send(flow));
                }
            }
        }
    }

    @Override
    public boolean onClosed(final String reason) {
        if (reason != null || phase.isStopped()) {
            phase.ended(reason);
            return false;
        }
        if (!connectsEachTime) {
            phase.ended("the server closed the connection before the end");
            return false;
        }
        if (!started) {
            started = true;
            phase.connected();
        }
        begin();
        return true;
    }

    /** TCP_CRR: the connection is about to be opened, which is part of the transaction. */
    public void begin() {
        first = 0;
        outstanding = 0;
        pendingBytes = 0;
        sending(System.nanoTime());
    }

    // -- datagrams

    @Override
    public void onStart(final Datagrams socket) {
        ofThread = latencies.ofThisThread();
        phase.connected();
        started = true;
        intendedNs = System.nanoTime();
        for (int i = 0; i < sentNs.length; i++) {
            sending(intervalNs == 0 ? System.nanoTime() : intendedNs);
            send(socket);
        }
    }

    private void send(final Datagrams socket) {
        if (!socket.send(payload, requestBytes)) {
            meter.addRefused();
            phase.failed("a request found no room");
        }
    }

    @Override
    public void onDatagram(final Datagrams socket, final long address, final int lengthBytes) {
        if (lengthBytes != responseBytes) {
            phase.failed("an answer of " + lengthBytes + " bytes, not " + responseBytes);
            return;
        }
        if (!started || !answered(address, lengthBytes)) {
            return;
        }
        final long nowNs = System.nanoTime();
        completed(nowNs);
        if (phase.isStopped()) {
            if (outstanding == 0) {
                phase.ended(null);
            }
            return;
        }
        final long atNs = nextIntendedNs(nowNs);
        sending(atNs);
        if (atNs <= nowNs) {
            send(socket);
        } else {
            socket.at(atNs, () -> send(socket));
        }
    }

    @Override
    public void onFailure(final String reason) {
        phase.ended(reason);
    }
}
