package io.netchannel.samples.echo;

import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;

/**
 * RFC 862: sends back what it receives. What does not fit into the send buffer stays unread, so a client that never reads
 * stops its own sending and costs no memory beyond the two buffers.
 *
 * <p>Threading: stateless; one instance serves all flows of a loop.
 */
final class EchoHandler implements TcpHandler {

    @Override
    public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
        return flow.write(address, lengthBytes);
    }

    @Override
    public void onWritable(final TcpFlow flow) {
        flow.resumeReceive();
    }

    @Override
    public void onPeerFinished(final TcpFlow flow) {
        // Everything received has been written: the FIN follows it.
        flow.shutdownOutput();
    }

    @Override
    public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
        // Nothing is kept for a flow.
    }
}
