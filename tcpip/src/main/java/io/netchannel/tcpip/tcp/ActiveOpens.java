package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.ip.IpOutput;
import io.netchannel.tcpip.ip.Path;

/**
 * The call OPEN, active (RFC 9293, 3.9.1.1): finds a path, a port and a place for a connection.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class ActiveOpens {

    private final TcpStack stack;
    private final IpOutput output;
    private final EphemeralPorts ports;
    private TcpConnectFailure failure = TcpConnectFailure.NONE;

    ActiveOpens(final TcpStack stack, final IpOutput output, final EphemeralPorts ports) {
        this.stack = stack;
        this.output = output;
        this.ports = ports;
    }

    /** Why the last {@link #open} has returned null. */
    TcpConnectFailure failure() {
        return failure;
    }

    /** {@link TcpStack#connect(long, long, int, long, long, int, TcpConfig, TcpHandler)}. */
    TcpFlow open(final long localHigh, final long localLow, final int localPort, final long remoteHigh,
            final long remoteLow, final int remotePort, final TcpConfig settings, final TcpHandler handler) {
        if (remotePort < 1 || remotePort > 0xFFFF || localPort < 0 || localPort > 0xFFFF) {
            throw new IllegalArgumentException("localPort=" + localPort + " remotePort=" + remotePort
                    + ": one is out of range");
        }
        failure = stack.isOpen() ? TcpConnectFailure.NONE : TcpConnectFailure.STACK_CLOSED;
        final long nowNs = stack.nowNs();
        final Path path = stack.isOpen() ? output.pathTo(localHigh, localLow, remoteHigh, remoteLow) : null;
        // RFC 9293, 3.9.2.3, MUST-57: no connection to many, for which Linux says ENETUNREACH, too.
        if (path == null || path.isGroup()) {
            return none(TcpConnectFailure.NO_ROUTE);
        }
        final int port = localPort != 0
                ? localPort
                : ports.choose(path.localHigh(), path.localLow(), remoteHigh, remoteLow, remotePort, nowNs);
        if (port == EphemeralPorts.NONE) {
            return none(TcpConnectFailure.NO_PORT);
        }
        final TcpEndpoint present = stack.flows().find(path.localHigh(), path.localLow(), port, remoteHigh, remoteLow,
                remotePort);
        if (!EphemeralPorts.isFree(present, nowNs)) {
            return none(TcpConnectFailure.ADDRESS_IN_USE);
        }
        final TcpConnection connection = new TcpConnection(stack, settings.checked(), path, port, remotePort);
        if (stack.isFull() || !takePlace(present, connection)) {
            stack.counters().increment(TcpCounter.CONNECTION_LIMIT);
            return none(TcpConnectFailure.TOO_MANY_CONNECTIONS);
        }
        stack.addLive(connection);
        connection.openActive(handler, (TimeWait) present, nowNs);
        return connection.flow();
    }

    private boolean takePlace(final TcpEndpoint present, final TcpConnection connection) {
        if (present instanceof final TimeWait old) {
            stack.counters().increment(TcpCounter.TIME_WAIT_RECYCLED);
            stack.timeWaits().remove(old);
        }
        return stack.flows().add(connection);
    }

    private TcpFlow none(final TcpConnectFailure reason) {
        if (failure == TcpConnectFailure.NONE) {
            failure = reason;
        }
        return null;
    }
}
