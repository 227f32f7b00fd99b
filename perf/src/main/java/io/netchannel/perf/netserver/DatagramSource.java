package io.netchannel.perf.netserver;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.udp.UdpSocket;

/**
 * Sends datagrams to the client as fast as the link takes them, a burst a turn, until the test ends.
 *
 * <p>Threading: on its loop.
 */
final class DatagramSource {

    private static final int BURST = 64;
    /** A full link is tried again after so long. */
    private static final long RETRY_NS = 50_000L;
    /** So that one of them arrives, as netperf does. */
    private static final int LAST_DATAGRAMS = 3;

    private final TestShare share;
    private final UdpSocket socket;
    private final long peerHigh;
    private final long peerLow;
    private final Timer retry = new Retry();
    private boolean ended;

    DatagramSource(final TestShare share, final UdpSocket socket, final long peerHigh, final long peerLow) {
        this.share = share;
        this.socket = socket;
        this.peerHigh = peerHigh;
        this.peerLow = peerLow;
    }

    void start() {
        burst();
    }

    private void burst() {
        final TestRequest request = share.test().request();
        final LoopContext loop = share.loop();
        for (int i = 0; i < BURST && !ended; i++) {
            final int sent = socket.send(peerHigh, peerLow, request.peerPort(), share.payload(),
                    request.messageBytes());
            if (sent < 0) {
                share.failedSends++;
                loop.timers().schedule(retry, loop.nowNs() + RETRY_NS);
                return;
            }
            share.sentBytes += sent;
            share.sends++;
        }
        if (!ended) {
            loop.execute(this::burst);
        }
    }

    void end() {
        ended = true;
        share.loop().timers().cancel(retry);
        for (int i = 0; i < LAST_DATAGRAMS; i++) {
            socket.send(peerHigh, peerLow, share.test().request().peerPort(), share.payload(), 0);
        }
    }

    private final class Retry extends Timer {

        @Override
        protected void expire(final long nowNs) {
            burst();
        }
    }
}
