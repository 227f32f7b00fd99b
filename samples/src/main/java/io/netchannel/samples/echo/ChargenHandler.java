package io.netchannel.samples.echo;

import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;

/**
 * RFC 864: sends the pattern until the client closes; throws away what it receives.
 *
 * <p>Threading: one instance for each flow, on the flow's loop.
 */
final class ChargenHandler implements TcpHandler {

    private static final byte[] PATTERN = ChargenPattern.bytes(8);

    private int position;

    @Override
    public void onConnected(final TcpFlow flow) {
        fill(flow);
    }

    @Override
    public void onWritable(final TcpFlow flow) {
        fill(flow);
    }

    private void fill(final TcpFlow flow) {
        int written;
        do {
            final int wanted = PATTERN.length - position;
            written = flow.write(PATTERN, position, wanted);
            position = (position + written) % PATTERN.length;
            if (written < wanted) {
                return;
            }
        } while (written > 0);
    }

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
