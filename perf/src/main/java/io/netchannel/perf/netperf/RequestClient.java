package io.netchannel.perf.netperf;

import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * TCP_RR's client: sends a request, waits for the whole response, sends the next.
 *
 * <p>Threading: on the client's loop.
 */
final class RequestClient extends NetperfServer.PeerHandler {

    private final MemorySegment request;
    private final int responseBytes;
    private final Transactions transactions;
    private int pendingBytes;

    RequestClient(final Workload workload, final Transactions transactions) {
        this.request = Arena.ofAuto().allocate(workload.requestBytes());
        this.responseBytes = workload.responseBytes();
        this.transactions = transactions;
    }

    @Override
    public void onConnected(final TcpFlow flow) {
        flow.noDelay(true);
        transactions.begin();
        flow.write(request.address(), (int) request.byteSize());
    }

    @Override
    public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
        pendingBytes += lengthBytes;
        if (pendingBytes >= responseBytes) {
            pendingBytes -= responseBytes;
            if (transactions.completed()) {
                flow.write(request.address(), (int) request.byteSize());
            } else {
                flow.close();
            }
        }
        return lengthBytes;
    }

    @Override
    public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
        transactions.failed("the connection ended before the test did: " + reason);
    }
}
