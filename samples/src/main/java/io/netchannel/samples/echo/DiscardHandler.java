package io.netchannel.samples.echo;

import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;

/**
 * RFC 863: throws away what it receives.
 *
 * <p>Threading: stateless; one instance serves all flows of a loop.
 */
final class DiscardHandler implements TcpHandler {

    @Override
    public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
        return lengthBytes;
    }

    @Override
    public void onPeerFinished(final TcpFlow flow) {
        flow.close();
    }

    @Override
    public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
        // Nothing is kept for a flow.
    }
}
