package io.netchannel.tcpip.script.call;

import static io.netchannel.tcpip.script.call.LinuxNumbers.*;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.tcpip.script.call.PendingCall.Operation;
import io.netchannel.tcpip.wire.IpAddress;

/** From socket() to connect() and accept(). */
final class SetupCalls implements CallGroup {

    private final Environment host;
    private final Descriptors descriptors;
    private int latestConnection = -1;

    SetupCalls(final Environment host, final Descriptors descriptors) {
        this.host = host;
        this.descriptors = descriptors;
    }

    /** The descriptor that connect() or accept() was about last; -1 if there is none. */
    int latestConnection() {
        return latestConnection;
    }

    @Override
    public Operation operation(final String name, final Arguments arguments, final long expectedResult) {
        return switch (name) {
            case "socket" -> (call, nowNs) -> socket(arguments, expectedResult);
            case "bind" -> (call, nowNs) -> bind(arguments);
            case "listen" -> (call, nowNs) -> listen(arguments);
            case "accept" -> accept(arguments, 3, expectedResult);
            case "accept4" -> accept(arguments, 4, expectedResult);
            case "connect" -> connect(arguments);
            case "getsockname" -> (call, nowNs) -> name(arguments, false);
            case "getpeername" -> (call, nowNs) -> name(arguments, true);
            default -> null;
        };
    }

    // -- socket

    private long socket(final Arguments arguments, final long expectedResult) {
        arguments.require(3, 3);
        final int family = arguments.isAny(0) ? host.family() : arguments.integer(0);
        if (family != AF_INET && family != AF_INET6) {
            throw arguments.unsupported("family=" + family);
        }
        final int type = arguments.integer(1) & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
        final int protocol = arguments.integer(2);
        final Descriptor descriptor;
        if (type == SOCK_STREAM && (protocol == 0 || protocol == IPPROTO_TCP)) {
            descriptor = new StreamSocket(host, new StreamOptions(host.dialect()));
        } else if (type == SOCK_DGRAM && (protocol == 0 || protocol == IPPROTO_UDP)) {
            descriptor = new DatagramSocket(host);
        } else if (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP) {
            return -Errno.EPROTONOSUPPORT;
        } else {
            throw arguments.unsupported("type=" + type + " protocol=" + protocol);
        }
        descriptor.nonBlocking((arguments.integer(1) & SOCK_NONBLOCK) != 0);
        return descriptors.add(descriptor, expectedResult);
    }

    // -- bind, listen

    private void requireAny(final Arguments arguments, final int index) {
        if (!arguments.isAny(index)) {
            throw arguments.unsupported(index, "an address of its own");
        }
    }

    private long bind(final Arguments arguments) {
        arguments.require(3, 3);
        final Descriptor descriptor = descriptors.get(arguments.integer(0));
        if (descriptor == null) {
            return -Errno.EBADF;
        }
        requireAny(arguments, 1);
        final IpAddress address = host.localAddress();
        final int port = host.bindPort();
        return switch (descriptor) {
            case final StreamSocket socket -> isTaken(socket, port)
                    ? -Errno.EADDRINUSE
                    : socket.bind(address.high(), address.low(), port);
            case final DatagramSocket socket -> socket.bind(address.high(), address.low(), port);
            default -> -Errno.ENOTSOCK;
        };
    }

    // Linux, inet_csk_get_port(): sockets share a port if both have said SO_REUSEADDR and none listens.
    private boolean isTaken(final StreamSocket socket, final int port) {
        for (final Descriptor other : descriptors.all()) {
            if (other instanceof final StreamSocket stream && stream != socket && stream.isBoundTo(port)) {
                final boolean shared = stream.state() != StreamSocket.State.LISTENING
                        && socket.options().get(SocketOption.SO_REUSEADDR, 0) != 0
                        && stream.options().get(SocketOption.SO_REUSEADDR, 0) != 0;
                if (!shared) {
                    return true;
                }
            }
        }
        return false;
    }

    private long listen(final Arguments arguments) {
        arguments.require(2, 2);
        return switch (descriptors.get(arguments.integer(0))) {
            case null -> -Errno.EBADF;
            case final StreamSocket socket -> {
                if (!socket.isBound()) {
                    throw arguments.unsupported("a socket that is not bound");
                }
                yield socket.listen(arguments.integer(1));
            }
            case final DatagramSocket socket -> -Errno.EOPNOTSUPP;
            default -> -Errno.ENOTSOCK;
        };
    }

    // -- accept

    private Operation accept(final Arguments arguments, final int count, final long expectedResult) {
        arguments.require(count, count);
        final int flags = count == 4 ? arguments.integer(3) : 0;
        return (call, nowNs) -> switch (descriptors.get(arguments.integer(0))) {
            case null -> -Errno.EBADF;
            case final StreamSocket socket -> accept(socket, flags, expectedResult);
            case final DatagramSocket socket -> -Errno.EOPNOTSUPP;
            default -> -Errno.ENOTSOCK;
        };
    }

    private long accept(final StreamSocket socket, final int flags, final long expectedResult) {
        final ListenQueue queue = socket.queue();
        if (queue == null) {
            return -Errno.EINVAL;
        }
        final Connection connection = queue.take();
        if (connection == null) {
            return socket.isNonBlocking() ? -Errno.EAGAIN : PendingCall.WAIT;
        }
        final StreamSocket accepted = new StreamSocket(host, socket.options().copy(), connection);
        // FreeBSD's sockets inherit it, Linux's don't.
        accepted.nonBlocking((flags & SOCK_NONBLOCK) != 0 || !host.isLinux() && socket.isNonBlocking());
        latestConnection = descriptors.add(accepted, expectedResult);
        return latestConnection;
    }

    // -- connect

    private Operation connect(final Arguments arguments) {
        arguments.require(3, 3);
        final int number = arguments.integer(0);
        return switch (descriptors.get(number)) {
            case null -> (call, nowNs) -> -Errno.EBADF;
            case final StreamSocket socket -> connect(socket, number, arguments);
            case final DatagramSocket socket -> (call, nowNs) -> {
                requireAny(arguments, 1);
                final IpAddress remote = host.remoteAddress();
                return socket.connect(remote.high(), remote.low(), host.connectPort());
            };
            default -> (call, nowNs) -> -Errno.ENOTSOCK;
        };
    }

    private Operation connect(final StreamSocket socket, final int number, final Arguments arguments) {
        if (isUnspecified(arguments.value(1))) {
            return (call, nowNs) -> socket.disconnect();
        }
        requireAny(arguments, 1);
        latestConnection = number;
        socket.noticeConnected();
        return switch (socket.state()) {
            case LISTENING -> (call, nowNs) -> host.isLinux() ? -Errno.EISCONN : -Errno.EOPNOTSUPP;
            case CONNECTED -> (call, nowNs) -> -Errno.EISCONN;
            case CONNECTING -> (call, nowNs) -> {
                final long result = socket.connectResult();
                return result == PendingCall.WAIT && socket.isNonBlocking() ? -Errno.EALREADY : result;
            };
            case UNCONNECTED -> new Connect(socket);
        };
    }

    /** AF_UNSPEC, bare or as the family of an address. */
    private static boolean isUnspecified(final Value address) {
        final Value family = address instanceof final Value.Struct struct ? struct.field("sa_family") : address;
        return family instanceof Value.Int(final long number) && number == AF_UNSPEC;
    }

    private final class Connect implements Operation {

        private final StreamSocket socket;
        private boolean started;

        Connect(final StreamSocket socket) {
            this.socket = socket;
        }

        @Override
        public long attempt(final PendingCall call, final long nowNs) {
            if (!started) {
                final IpAddress remote = host.remoteAddress();
                final long result = socket.startConnect(remote.high(), remote.low(), host.connectPort());
                if (result != 0) {
                    return result;
                }
                started = true;
                return socket.isNonBlocking() ? -Errno.EINPROGRESS : PendingCall.WAIT;
            }
            return socket.connectResult();
        }
    }

    // -- names: scripts leave addresses open, so there is nothing to write

    private long name(final Arguments arguments, final boolean ofPeer) {
        arguments.require(3, 3);
        requireAny(arguments, 1);
        return switch (descriptors.get(arguments.integer(0))) {
            case null -> -Errno.EBADF;
            case final StreamSocket socket -> {
                final Connection connection = socket.connection();
                final boolean connected = connection != null && connection.wasConnected() && !connection.isEnded();
                yield ofPeer && !connected ? -Errno.ENOTCONN : 0;
            }
            case final DatagramSocket socket -> ofPeer && !socket.isConnected() ? -Errno.ENOTCONN : 0;
            default -> -Errno.ENOTSOCK;
        };
    }
}
