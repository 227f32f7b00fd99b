package io.netchannel.tcpip.script.call;

import static io.netchannel.tcpip.script.call.LinuxNumbers.*;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.tcpip.script.call.PendingCall.Operation;
import io.netchannel.tcpip.script.call.SystemCalls.UnsupportedCall;
import java.util.List;

/** read(), write() and their kin. */
final class TransferCalls implements CallGroup {

    private static final int READ_FLAGS = MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT | MSG_WAITALL | MSG_NOSIGNAL;
    private static final int WRITE_FLAGS = MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE;

    private final Environment host;
    private final Descriptors descriptors;

    TransferCalls(final Environment host, final Descriptors descriptors) {
        this.host = host;
        this.descriptors = descriptors;
    }

    @Override
    public Operation operation(final String name, final Arguments arguments, final long expectedResult) {
        return switch (name) {
            case "read" -> read(arguments, 3, 0, expectedResult);
            case "recv" -> read(arguments, 4, flags(arguments, 3, READ_FLAGS), expectedResult);
            case "recvfrom" -> read(arguments, 6, flags(arguments, 3, READ_FLAGS), expectedResult);
            case "readv" -> {
                arguments.require(3, 3);
                yield read(arguments, Message.ofBuffers(arguments.value(1)).lengthBytes(), 0);
            }
            case "recvmsg" -> receiveMessage(arguments);
            case "write" -> write(arguments, 3, 0, expectedResult);
            case "send" -> write(arguments, 4, flags(arguments, 3, WRITE_FLAGS), expectedResult);
            case "sendto" -> write(arguments, 6, flags(arguments, 3, WRITE_FLAGS), expectedResult);
            case "writev" -> {
                arguments.require(3, 3);
                yield write(arguments, Message.ofBuffers(arguments.value(1)), 0);
            }
            case "sendmsg" -> {
                arguments.require(3, 3);
                yield write(arguments, Message.ofHeader(arguments.struct(1)), flags(arguments, 2, WRITE_FLAGS));
            }
            case "sendfile" -> sendFile(arguments);
            default -> null;
        };
    }

    private static int flags(final Arguments arguments, final int index, final int supported) {
        if (arguments.count() <= index) {
            throw arguments.unsupported("no flags");
        }
        final int flags = arguments.integer(index);
        if ((flags & MSG_FASTOPEN) != 0) {
            throw new UnsupportedCall(SystemCalls.FAST_OPEN);
        }
        if ((flags & ~supported) != 0) {
            throw arguments.unsupported("flags=0x" + Integer.toHexString(flags & ~supported));
        }
        return flags;
    }

    /** Of a buffer whose length is left to us: what the call is to return. */
    private static int length(final Arguments arguments, final long expectedResult) {
        return arguments.length(2, (int) Math.max(0, expectedResult));
    }

    // -- reading

    private Operation read(final Arguments arguments, final int count, final int flags, final long expectedResult) {
        arguments.require(count, count);
        final int lengthBytes = length(arguments, expectedResult);
        final Operation operation = read(arguments, lengthBytes, flags);
        if (!arguments.isNull(1) || lengthBytes == 0) {
            return operation;
        }
        // To NULL there is nothing to copy but an answer that has no bytes.
        final Operation probe = read(arguments, lengthBytes, flags | MSG_PEEK);
        return (call, nowNs) -> {
            final long answer = probe.attempt(call, nowNs);
            return answer > 0 ? -Errno.EFAULT : answer;
        };
    }

    private Operation read(final Arguments arguments, final int lengthBytes, final int flags) {
        final Descriptor descriptor = descriptors.get(arguments.integer(0));
        if (descriptor == null) {
            return (call, nowNs) -> -Errno.EBADF;
        }
        final boolean mayWait = !descriptor.isNonBlocking() && (flags & MSG_DONTWAIT) == 0;
        final boolean peek = (flags & MSG_PEEK) != 0;
        return switch (descriptor) {
            case final StreamSocket socket ->
                new ReadOperation(socket, lengthBytes, peek, (flags & MSG_WAITALL) != 0, mayWait);
            case final DatagramSocket socket ->
                (call, nowNs) -> socket.receive(lengthBytes, peek, (flags & MSG_TRUNC) != 0, mayWait);
            case final ZeroFile file -> (call, nowNs) -> lengthBytes;
            case final Epoll epoll -> (call, nowNs) -> -Errno.EINVAL;
        };
    }

    private Operation receiveMessage(final Arguments arguments) {
        arguments.require(3, 3);
        final Value.Struct header = arguments.struct(1);
        final Operation read = read(arguments, Message.ofHeader(header).lengthBytes(),
                flags(arguments, 2, READ_FLAGS));
        return (call, nowNs) -> {
            final long answer = read.attempt(call, nowNs);
            if (answer >= 0) {
                call.output(1, Message.received(header, 0, control(arguments.integer(0))));
            }
            return answer;
        };
    }

    // Linux, tcp_inq_hint(): with nothing but the end to read, 1.
    private List<Value> control(final int number) {
        if (!(descriptors.get(number) instanceof final StreamSocket socket) || !socket.options().tellsUnread()) {
            return List.of();
        }
        final Connection connection = socket.connection();
        final int unreadBytes = connection.unreadBytes();
        return List.of(Message.unread(unreadBytes == 0 && connection.isPeerFinished() ? 1 : unreadBytes));
    }

    // -- writing

    private Operation write(final Arguments arguments, final int count, final int flags, final long expectedResult) {
        arguments.require(count, count);
        final int lengthBytes = length(arguments, expectedResult);
        if (arguments.isNull(1) && lengthBytes > 0) {
            return (call, nowNs) -> descriptors.get(arguments.integer(0)) == null ? -Errno.EBADF : -Errno.EFAULT;
        }
        final byte[] content = Message.bytesOf(arguments.value(1));
        return write(arguments, content == null ? null : Message.padded(content, lengthBytes), lengthBytes, flags);
    }

    private Operation write(final Arguments arguments, final Message message, final int flags) {
        return write(arguments, message.payload(), message.lengthBytes(), flags);
    }

    private Operation write(final Arguments arguments, final byte[] payload, final int lengthBytes, final int flags) {
        final Descriptor descriptor = descriptors.get(arguments.integer(0));
        if (descriptor == null) {
            return (call, nowNs) -> -Errno.EBADF;
        }
        final boolean mayWait = !descriptor.isNonBlocking() && (flags & MSG_DONTWAIT) == 0;
        return switch (descriptor) {
            case final StreamSocket socket -> new WriteOperation(socket, host.dialect(), payload, lengthBytes,
                    (flags & MSG_MORE) != 0, mayWait);
            case final DatagramSocket socket -> (call, nowNs) -> socket.send(payload, lengthBytes);
            case final ZeroFile file -> (call, nowNs) -> -Errno.EBADF;
            case final Epoll epoll -> (call, nowNs) -> -Errno.EINVAL;
        };
    }

    /** {@code sendfile(socket, file, [offset], length)} */
    private Operation sendFile(final Arguments arguments) {
        arguments.require(4, 4);
        if (!(descriptors.get(arguments.integer(1)) instanceof ZeroFile)) {
            return (call, nowNs) -> -Errno.EBADF;
        }
        final Operation write = write(arguments, null, arguments.length(3, 0), 0);
        return (call, nowNs) -> {
            final long answer = write.attempt(call, nowNs);
            if (answer >= 0 && !arguments.isNull(2) && !arguments.isAny(2)) {
                call.output(2, Arguments.bracket(arguments.bracketed(2) + answer));
            }
            return answer;
        };
    }
}
