package io.netchannel.tcpip.script.call;

import static io.netchannel.tcpip.script.call.LinuxNumbers.*;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.tcpip.script.call.PendingCall.Operation;
import io.netchannel.tcpip.tcp.TcpInfo;

/** open(), fcntl(), ioctl(), shutdown(), close(). */
final class DescriptorCalls implements CallGroup {

    private final Descriptors descriptors;

    DescriptorCalls(final Descriptors descriptors) {
        this.descriptors = descriptors;
    }

    @Override
    public Operation operation(final String name, final Arguments arguments, final long expectedResult) {
        return switch (name) {
            case "open" -> {
                arguments.require(2, 3);
                yield (call, nowNs) -> descriptors.add(new ZeroFile(), expectedResult);
            }
            case "fcntl" -> (call, nowNs) -> fcntl(arguments);
            case "ioctl" -> (call, nowNs) -> ioctl(arguments, call);
            case "shutdown" -> (call, nowNs) -> shutdown(arguments);
            case "close" -> close(arguments);
            default -> null;
        };
    }

    private long fcntl(final Arguments arguments) {
        arguments.require(2, 3);
        final Descriptor descriptor = descriptors.get(arguments.integer(0));
        if (descriptor == null) {
            return -Errno.EBADF;
        }
        return switch (arguments.integer(1)) {
            case F_GETFL -> O_RDWR | (descriptor.isNonBlocking() ? O_NONBLOCK : 0);
            case F_SETFL -> {
                descriptor.nonBlocking((arguments.integer(2) & O_NONBLOCK) != 0);
                yield 0;
            }
            case F_GETFD, F_SETFD -> 0;
            default -> throw arguments.unsupported("command " + arguments.integer(1));
        };
    }

    // -- ioctl

    private long ioctl(final Arguments arguments, final PendingCall call) {
        arguments.require(2, 3);
        final Descriptor descriptor = descriptors.get(arguments.integer(0));
        if (descriptor == null) {
            return -Errno.EBADF;
        }
        final long request = arguments.number(1) & 0xFFFF_FFFFL;
        if (request == FIONBIO) {
            descriptor.nonBlocking(arguments.bracketed(2) != 0);
            return 0;
        }
        final long answer = switch (descriptor) {
            case final StreamSocket socket -> count(socket, request, arguments);
            case final DatagramSocket socket when request == FIONREAD -> socket.nextBytes();
            case final Epoll epoll -> -Errno.ENOTTY;
            default -> throw unknown(request, arguments);
        };
        if (answer < 0) {
            return answer;
        }
        call.output(2, Arguments.bracket(answer));
        return 0;
    }

    private static SystemCalls.UnsupportedCall unknown(final long request, final Arguments arguments) {
        return arguments.unsupported("request 0x" + Long.toHexString(request));
    }

    private static long count(final StreamSocket socket, final long request, final Arguments arguments) {
        if (request != FIONREAD && request != SIOCOUTQ && request != SIOCOUTQNSD) {
            throw unknown(request, arguments);
        }
        if (socket.state() == StreamSocket.State.LISTENING) {
            return -Errno.EINVAL;
        }
        final Connection connection = socket.connection();
        if (connection == null || !connection.wasConnected() || connection.isEnded()) {
            return 0;
        }
        if (request == FIONREAD) {
            return connection.unreadBytes();
        }
        if (request == SIOCOUTQ) {
            return connection.flow().unacknowledgedBytes();
        }
        final TcpInfo info = new TcpInfo();
        connection.flow().info(info);
        return info.get(TcpInfo.Field.NOTSENT_BYTES);
    }

    // -- ends

    private long shutdown(final Arguments arguments) {
        arguments.require(2, 2);
        final int how = arguments.integer(1);
        final Descriptor descriptor = descriptors.get(arguments.integer(0));
        if (descriptor != null && (how < SHUT_RD || how > SHUT_RDWR)) {
            return -Errno.EINVAL;
        }
        return switch (descriptor) {
            case null -> -Errno.EBADF;
            case final StreamSocket socket -> socket.shutdown(how);
            case final DatagramSocket socket -> socket.shutdown(how);
            default -> -Errno.ENOTSOCK;
        };
    }

    // The number is free at once; the call may last.
    private Operation close(final Arguments arguments) {
        arguments.require(1, 1);
        final int number = arguments.integer(0);
        final Descriptor descriptor = descriptors.get(number);
        if (descriptor == null) {
            return (call, nowNs) -> -Errno.EBADF;
        }
        return new Operation() {

            private boolean started;

            @Override
            public long attempt(final PendingCall call, final long nowNs) {
                if (!started) {
                    started = true;
                    forget(number);
                    return descriptor.close(call, nowNs);
                }
                return descriptor instanceof final StreamSocket socket ? socket.closeResult(call, nowNs) : 0;
            }
        };
    }

    private void forget(final int number) {
        descriptors.remove(number);
        for (final Descriptor other : descriptors.all()) {
            if (other instanceof final Epoll epoll) {
                epoll.forget(number);
            }
        }
    }
}
