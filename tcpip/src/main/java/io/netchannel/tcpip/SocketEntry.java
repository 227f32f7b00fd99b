package io.netchannel.tcpip;

import io.netchannel.tcpip.wire.IpAddress;
import java.util.Map;

/**
 * A line of a stack's table of sockets: what {@code ss -ti} says of one.
 *
 * @param protocol {@code tcp} or {@code udp}
 * @param state in ss's words: {@code ESTAB}, {@code LISTEN}, {@code UNCONN}…
 * @param remotePort 0 with no remote side
 * @param receiveQueue bytes that the application has not taken; of a listener, connections that it has not
 * @param sendQueue bytes that are not acknowledged; of a listener, its backlog
 * @param info fields of {@link io.netchannel.tcpip.tcp.TcpInfo} that are not 0, by Linux's names; empty if there is none
 */
public record SocketEntry(String protocol, String state, IpAddress local, int localPort, IpAddress remote,
        int remotePort, long receiveQueue, long sendQueue, Map<String, Long> info) {

    public SocketEntry {
        info = Map.copyOf(info);
    }

    /** Whether the two are one socket of a station, each on another of its loops. */
    public boolean isSameSocket(final SocketEntry other) {
        return protocol.equals(other.protocol) && state.equals(other.state) && local.equals(other.local)
                && localPort == other.localPort && remote.equals(other.remote) && remotePort == other.remotePort;
    }

    /** This one with the queues of another. */
    public SocketEntry plus(final SocketEntry other) {
        return new SocketEntry(protocol, state, local, localPort, remote, remotePort,
                receiveQueue + other.receiveQueue, sendQueue + other.sendQueue, info);
    }
}
