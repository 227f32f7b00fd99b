package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.SocketEntry;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Tells of a stack's listeners and flows, whichever form they have. Confined to the thread of its stack. */
final class TcpSockets {

    private final TcpInfo info = new TcpInfo();

    void describe(final Listeners listeners, final FlowMap flows, final Consumer<SocketEntry> into) {
        listeners.forEach(listener -> into.accept(new SocketEntry("tcp", "LISTEN",
                new IpAddress(listener.localHigh(), listener.localLow()), listener.localPort(), IpAddress.ANY, 0,
                listener.waiting(), listener.backlog(), Map.of())));
        for (int slot = 0; slot < flows.slots(); slot++) {
            switch (flows.at(slot)) {
                case final TcpConnection connection -> into.accept(entry(connection));
                case final RestingConnection resting -> into.accept(entry(resting.restored()));
                case final Embryo embryo -> into.accept(entry(embryo, "SYN-RECV", 0, 0, Map.of()));
                case final TimeWait timeWait -> into.accept(entry(timeWait, name(timeWait.state()), 0, 0, Map.of()));
                case null -> {
                    // A free slot.
                }
            }
        }
    }

    private SocketEntry entry(final TcpConnection connection) {
        return entry(connection, name(connection.state()), connection.receiver().unreadBytes(),
                connection.sender().queue().sizeBytes(), fields(connection));
    }

    private static SocketEntry entry(final TcpEndpoint endpoint, final String state, final long receiveQueue,
            final long sendQueue, final Map<String, Long> fields) {
        return new SocketEntry("tcp", state, new IpAddress(endpoint.localHigh(), endpoint.localLow()),
                endpoint.localPort(), new IpAddress(endpoint.remoteHigh(), endpoint.remoteLow()),
                endpoint.remotePort(), receiveQueue, sendQueue, fields);
    }

    /** What ss(8) calls it. */
    private static String name(final TcpState state) {
        return switch (state) {
            case ESTABLISHED -> "ESTAB";
            case SYN_RECEIVED -> "SYN-RECV";
            case FIN_WAIT_1 -> "FIN-WAIT-1";
            case FIN_WAIT_2 -> "FIN-WAIT-2";
            case CLOSED -> "UNCONN";
            default -> state.name().replace('_', '-');
        };
    }

    private Map<String, Long> fields(final TcpConnection connection) {
        connection.info(info);
        final Map<String, Long> fields = new LinkedHashMap<>();
        for (final TcpInfo.Field field : TcpInfo.Field.values()) {
            if (info.get(field) != 0) {
                fields.put(field.linuxName(), info.get(field));
            }
        }
        return fields;
    }
}
