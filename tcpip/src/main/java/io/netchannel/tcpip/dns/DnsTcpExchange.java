package io.netchannel.tcpip.dns;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpStack;

/** One query and its answer over TCP, each behind its length (RFC 7766, 8). */
final class DnsTcpExchange implements TcpHandler {

    private static final int LENGTH_BYTES = 2;

    private final Lookup lookup;
    private final OrderedMemory memory;
    private TcpFlow flow;
    private byte[] unsent;
    private int sent;
    private final byte[] length = new byte[LENGTH_BYTES];
    private byte[] message;
    private int received;
    private boolean over;

    DnsTcpExchange(final Lookup lookup, final OrderedMemory memory) {
        this.lookup = lookup;
        this.memory = memory;
    }

    /** @return false if there can be no connection */
    boolean open(final TcpStack tcp, final long serverHigh, final long serverLow, final int port, final byte[] query) {
        unsent = new byte[LENGTH_BYTES + query.length];
        unsent[0] = (byte) (query.length >>> 8);
        unsent[1] = (byte) query.length;
        System.arraycopy(query, 0, unsent, LENGTH_BYTES, query.length);
        flow = tcp.connect(serverHigh, serverLow, port, this);
        if (flow == null) {
            over = true;
            return false;
        }
        onWritable(flow);
        return true;
    }

    @Override
    public void onWritable(final TcpFlow to) {
        if (sent < unsent.length) {
            sent += to.write(unsent, sent, unsent.length - sent);
        }
    }

    @Override
    public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
        int done = 0;
        while (done < lengthBytes && !over) {
            final byte[] into = message == null ? length : message;
            final int count = Math.min(into.length - received, lengthBytes - done);
            memory.copyToArray(address + done, into, received, count);
            received += count;
            done += count;
            if (received == into.length) {
                complete();
            }
        }
        return lengthBytes;
    }

    private void complete() {
        received = 0;
        if (message == null) {
            message = new byte[(length[0] & 0xFF) << 8 | length[1] & 0xFF];
            if (message.length > 0) {
                return;
            }
        }
        over = true;
        // It ends the exchange, whatever the message is.
        lookup.onMessage(message, false);
    }

    @Override
    public void onPeerFinished(final TcpFlow from) {
        fail();
    }

    @Override
    public void onClosed(final TcpFlow from, final TcpCloseReason reason) {
        fail();
    }

    private void fail() {
        if (!over) {
            over = true;
            if (flow != null) {
                flow.abort();
            }
            lookup.onExchangeFailed(this);
        }
    }

    void abandon() {
        over = true;
        if (flow != null) {
            flow.close();
        }
    }
}
