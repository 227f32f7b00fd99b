package io.netchannel.tcpip.tcp;

/** Takes the connections of a {@link TcpListener}. */
@FunctionalInterface
public interface TcpAcceptor {

    /**
     * A handshake is over. {@link TcpHandler#onConnected} is called next.
     *
     * @return the flow's handler, or null to refuse it with a RST
     */
    TcpHandler accept(TcpFlow flow);
}
