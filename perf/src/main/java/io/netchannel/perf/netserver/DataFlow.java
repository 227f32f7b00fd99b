package io.netchannel.perf.netserver;

import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;

/**
 * A data connection: reads, writes, or answers requests. Data is counted in place; what is owed to a peer that doesn't read
 * is a number, not memory.
 *
 * <p>Threading: on the loop of its flow.
 */
final class DataFlow implements TcpHandler {

    private final TestShare share;
    private final TestRequest request;
    // The share's list.
    DataFlow next;
    DataFlow previous;
    private TcpFlow flow;
    private long requestedBytes;
    private long owedBytes;
    private long leftBytes;
    private int messagePosition;
    private boolean answered;
    private boolean ended;

    DataFlow(final TestShare share) {
        this.share = share;
        this.request = share.test().request();
    }

    @Override
    public void onConnected(final TcpFlow connected) {
        flow = connected;
        share.added(this);
        configure();
        if (request.transmits() && !request.receives()) {
            leftBytes = share.test().units();
            fill();
        } else if (!request.receives()) {
            // TCP_CC: to be connected is all.
            share.transactions++;
            flow.close();
            share.test().unitDone();
        }
    }

    private void configure() {
        flow.noDelay(request.noDelay());
        flow.keepAlive(request.keepAlive());
        if (request.sendBufferBytes() > 0) {
            flow.sendBufferBytes(request.sendBufferBytes());
        }
        if (request.receiveBufferBytes() > 0) {
            flow.receiveBufferBytes(request.receiveBufferBytes());
        }
        if (share.test().congestionControl() != null) {
            flow.congestionControl(share.test().congestionControl());
        }
        if (request.trafficClass() > 0) {
            flow.differentiatedServices(request.trafficClass() >> 2);
        }
    }

    // -- in

    @Override
    public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
        share.receivedBytes += lengthBytes;
        share.receives++;
        if (request.transmits() && !ended) {
            requestedBytes += lengthBytes;
            while (requestedBytes >= request.requestBytes()) {
                requestedBytes -= request.requestBytes();
                owedBytes += request.responseBytes();
                share.transactions++;
                share.sends++;
                answered = true;
            }
            respond();
        }
        return lengthBytes;
    }

    private void respond() {
        while (owedBytes > 0) {
            final int wanted = TestShare.piece(owedBytes);
            final int written = flow.write(share.payload(), wanted);
            owedBytes -= written;
            share.sentBytes += written;
            if (written < wanted) {
                return;
            }
        }
        if (request.connectionPerTransaction() && answered && !ended) {
            ended = true;
            flow.close();
            share.test().unitDone();
        }
    }

    // -- out

    @Override
    public void onWritable(final TcpFlow to) {
        if (request.receives()) {
            respond();
        } else {
            fill();
        }
    }

    private void fill() {
        while (share.isOpen() && leftBytes > 0) {
            final int wanted = TestShare.piece(Math.min(request.messageBytes() - messagePosition, leftBytes));
            final int written = flow.write(share.payload(), wanted);
            share.sentBytes += written;
            leftBytes -= written;
            messagePosition += written;
            if (messagePosition == request.messageBytes()) {
                messagePosition = 0;
                share.sends++;
            }
            if (written < wanted) {
                return;
            }
        }
        if (leftBytes == 0) {
            end();
            share.test().dataEnded();
        }
    }

    // -- the end

    /** The test is over. */
    void end() {
        if (flow.isOpen() && !ended) {
            ended = true;
            share.account(flow);
            flow.close();
        }
    }

    @Override
    public void onPeerFinished(final TcpFlow from) {
        final boolean wasLast = !request.connectionPerTransaction();
        end();
        if (wasLast) {
            share.test().dataEnded();
        }
    }

    @Override
    public void onClosed(final TcpFlow from, final TcpCloseReason reason) {
        if (flow != null) {
            share.removed(this);
        }
        if (!ended && !request.connectionPerTransaction()) {
            // By the client's reset, most likely: it has closed with data unread, which netperf does at its end.
            share.test().dataEnded();
        }
    }
}
