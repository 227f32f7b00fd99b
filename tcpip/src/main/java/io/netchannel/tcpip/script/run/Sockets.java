package io.netchannel.tcpip.script.run;

import io.netchannel.tcpip.script.call.Value;
import io.netchannel.tcpip.script.packet.Conversation;
import io.netchannel.tcpip.script.packet.Endpoints;
import io.netchannel.tcpip.script.packet.WirePacket;
import io.netchannel.tcpip.script.syntax.PacketSpec.Icmp;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which conversation a script's packets belong to. As in packetdrill there is one at a time: that of the socket which
 * listened or connected last, and of a listening socket the child that the next injected packet makes.
 */
final class Sockets {

    private static final int FIRST_PEER_PORT = 40_001;
    private static final int NO_DESCRIPTOR = -1;
    private static final int MSG_FASTOPEN = 0x2000_0000;
    private static final int SOCK_TYPE_MASK = 0xF;
    private static final int SOCK_STREAM = 1;

    /** A socket as far as the script has told of it. */
    private static final class Socket {
        private final boolean stream;
        private int port;
        private boolean connecting;

        Socket(final boolean stream) {
            this.stream = stream;
        }
    }

    private final ScriptSettings settings;
    private final Map<Long, Socket> sockets = new HashMap<>();
    private Conversation conversation;
    private boolean listening;
    private int listeningPort;
    private long descriptor = NO_DESCRIPTOR;
    private int nextPeerPort = FIRST_PEER_PORT;

    Sockets(final ScriptSettings settings) {
        this.settings = settings;
    }

    /** Null before there is one. */
    Conversation underTest() {
        return conversation;
    }

    /** Of the socket under test; negative if the script has none yet. */
    long descriptor() {
        return descriptor;
    }

    boolean isUnderTest(final WirePacket packet) {
        if (conversation == null) {
            return false;
        }
        return packet.transport() instanceof Icmp
                ? packet.ends().destination().equals(conversation.ends().destination())
                : conversation.owns(packet);
    }

    /** The conversation that an injected packet belongs to. */
    Conversation forInjected() {
        if (conversation == null) {
            final int port = listening ? listeningPort : settings.bindPort;
            conversation = Conversation.passive(new Endpoints(settings.localAddress, port, settings.remoteAddress,
                    nextPeerPort++));
            if (listening) {
                descriptor = NO_DESCRIPTOR;
            }
            listening = false;
        }
        return conversation;
    }

    // -- what calls tell

    /** Before a call is made: its packets may come at once. */
    void before(final String name, final List<Value> arguments) {
        final Socket socket = arguments.isEmpty() ? null : sockets.get(number(arguments.getFirst()));
        if (socket == null) {
            return;
        }
        final boolean sends = switch (name) {
            case "connect" -> true;
            case "sendto" -> !socket.stream || arguments.size() > 3 && (number(arguments.get(3)) & MSG_FASTOPEN) != 0;
            case "sendmsg" -> !socket.stream || arguments.size() > 2 && (number(arguments.get(2)) & MSG_FASTOPEN) != 0;
            default -> false;
        };
        if (sends && !socket.connecting) {
            socket.connecting = true;
            listening = false;
            descriptor = number(arguments.getFirst());
            final Value to = name.equals("connect") && arguments.size() > 1
                    ? arguments.get(1)
                    : name.equals("sendto") && arguments.size() > 4 ? arguments.get(4) : new Value.Any();
            conversation = Conversation.active(new Endpoints(settings.localAddress, socket.port,
                    address(to, settings.remoteAddress), port(to, settings.connectPort)));
        }
    }

    /** After a call has returned. */
    void after(final String name, final List<Value> arguments, final long result) {
        if (result < 0) {
            return;
        }
        final long first = arguments.isEmpty() ? NO_DESCRIPTOR : number(arguments.getFirst());
        final Socket socket = sockets.get(first);
        switch (name) {
            case "socket" -> {
                sockets.put(result, new Socket(arguments.size() > 1
                        && (number(arguments.get(1)) & SOCK_TYPE_MASK) == SOCK_STREAM));
                descriptor = descriptor == NO_DESCRIPTOR ? result : descriptor;
            }
            case "bind" -> {
                if (socket != null && arguments.size() > 1) {
                    socket.port = port(arguments.get(1), settings.bindPort);
                }
            }
            case "listen" -> {
                conversation = null;
                listening = true;
                listeningPort = socket == null || socket.port == 0 ? settings.bindPort : socket.port;
                descriptor = first;
            }
            case "accept", "accept4" -> {
                sockets.put(result, new Socket(true));
                descriptor = result;
            }
            case "close" -> sockets.remove(first);
            default -> {
            }
        }
    }

    private static long number(final Value value) {
        return value instanceof Value.Int(final long number) ? number : 0;
    }

    private static int port(final Value address, final int otherwise) {
        final Value port = address instanceof final Value.Struct struct ? struct.field("sin_port") : null;
        return port instanceof Value.Int(final long number) && number > 0 && number <= 0xFFFF
                ? (int) number
                : otherwise;
    }

    private static IpAddress address(final Value address, final IpAddress otherwise) {
        final Value text = address instanceof final Value.Struct struct ? struct.field("sin_addr") : null;
        try {
            return text instanceof Value.Text(final String written) ? IpAddress.parse(written) : otherwise;
        } catch (final IllegalArgumentException _) {
            return otherwise;
        }
    }
}
