package io.netchannel.tcpip.script.call;

import static io.netchannel.tcpip.script.call.SocketOption.*;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.tcpip.script.call.PendingCall.Operation;

/** setsockopt() and getsockopt(). */
final class OptionCalls implements CallGroup {

    private static final int INT_BYTES = 4;
    private static final int LINGER_BYTES = 8;
    private static final int CONGESTION_NAME_BYTES = 16;

    private final Environment host;
    private final Descriptors descriptors;

    OptionCalls(final Environment host, final Descriptors descriptors) {
        this.host = host;
        this.descriptors = descriptors;
    }

    @Override
    public Operation operation(final String name, final Arguments arguments, final long expectedResult) {
        return switch (name) {
            case "setsockopt" -> (call, nowNs) -> set(arguments);
            case "getsockopt" -> (call, nowNs) -> get(arguments, call);
            default -> null;
        };
    }

    private SocketOption option(final Arguments arguments) {
        arguments.require(5, 5);
        final int level = arguments.integer(1);
        final int number = arguments.integer(2);
        final SocketOption option = SocketOption.of(level, number);
        if (option == null) {
            throw arguments.unsupported("level=" + level + " option=" + number);
        }
        return option;
    }

    private long set(final Arguments arguments) {
        final SocketOption option = option(arguments);
        return switch (descriptors.get(arguments.integer(0))) {
            case null -> -Errno.EBADF;
            case final StreamSocket socket -> new OptionSetter(socket, option, arguments, host.dialect()).set();
            case final DatagramSocket socket -> socket.setOption(option, arguments);
            default -> -Errno.ENOTSOCK;
        };
    }

    private long get(final Arguments arguments, final PendingCall call) {
        final SocketOption option = option(arguments);
        return switch (descriptors.get(arguments.integer(0))) {
            case null -> -Errno.EBADF;
            case final StreamSocket socket -> get(socket, option, arguments, call);
            case final DatagramSocket socket -> give(socket.getOption(option), arguments, call);
            default -> -Errno.ENOTSOCK;
        };
    }

    private long get(final StreamSocket socket, final SocketOption option, final Arguments arguments,
            final PendingCall call) {
        final OptionGetter getter = new OptionGetter(socket, host.dialect());
        switch (option) {
            case SO_LINGER -> give(getter.linger(), LINGER_BYTES, call);
            case TCP_CONGESTION ->
                give(new Value.Text(getter.congestionControl(host.config())), CONGESTION_NAME_BYTES, call);
            case TCP_INFO -> call.output(3, getter.tcpInfo());
            case SO_DOMAIN -> give(host.family(), arguments, call);
            default -> give(getter.number(option, host.config()), arguments, call);
        }
        return 0;
    }

    private static void give(final Value value, final int lengthBytes, final PendingCall call) {
        call.output(3, value);
        call.output(4, Arguments.bracket(lengthBytes));
    }

    private static long give(final long number, final Arguments arguments, final PendingCall call) {
        final boolean bare = arguments.value(3) instanceof Value.Int;
        give(bare ? new Value.Int(number) : Arguments.bracket(number), INT_BYTES, call);
        return 0;
    }
}
