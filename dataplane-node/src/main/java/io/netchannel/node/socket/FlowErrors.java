package io.netchannel.node.socket;

import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpConnectFailure;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;

/** What the stack says, as the exceptions that users know from the JDK's sockets. */
public final class FlowErrors {

    private FlowErrors() {
    }

    /** Of a flow that was established; null if it ended as it should. */
    public static IOException ofEnd(final TcpCloseReason reason) {
        return switch (reason) {
            case FINISHED, ABORTED -> null;
            case RESET, REFUSED -> new IOException("Connection reset by peer");
            case TIMED_OUT -> new IOException("Connection timed out");
            case UNREACHABLE -> new NoRouteToHostException("No route to host");
            case HANDLER_FAILED -> new IOException("Connection aborted by an exception of its handler");
            case STACK_CLOSED -> new IOException("The node is closed");
        };
    }

    /** Of one that was not. */
    public static IOException ofConnect(final TcpCloseReason reason) {
        return switch (reason) {
            case RESET, REFUSED -> new ConnectException("Connection refused");
            case TIMED_OUT -> new ConnectException("Connection timed out");
            case UNREACHABLE -> new NoRouteToHostException("No route to host");
            case FINISHED, ABORTED -> new ConnectException("Connection aborted");
            case HANDLER_FAILED -> new ConnectException("Connection aborted by an exception of its handler");
            case STACK_CLOSED -> new ConnectException("The node is closed");
        };
    }

    /** Of one that could not even be tried. */
    public static IOException ofConnect(final TcpConnectFailure failure, final InetSocketAddress local) {
        return switch (failure) {
            case NO_ROUTE ->
                new NoRouteToHostException("Network is unreachable: no route, or no local address of its family");
            case NO_PORT -> new BindException("Cannot assign requested address: no source port is free");
            case ADDRESS_IN_USE -> new BindException("Address already in use: " + local);
            case TOO_MANY_CONNECTIONS -> new ConnectException(
                    "too many connections: raise flowsPerLoop of the node, or the setting maxConnections");
            case STACK_CLOSED, NONE -> new ConnectException("The node is closed");
        };
    }
}
