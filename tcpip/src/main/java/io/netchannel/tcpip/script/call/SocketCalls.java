package io.netchannel.tcpip.script.call;

import io.netchannel.tcpip.tcp.TcpConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Linux's socket calls, made on a {@link io.netchannel.tcpip.NetStack} in virtual time.
 *
 * <p>A call does what it can at once, and the stack sends what came of it before {@link #begin} returns. One that has to
 * wait is tried again by each {@link #poll}; if it has a timeout, the stack's {@code nextDeadlineNs()} says when.
 *
 * <p>Threading: that of the stack.
 */
public final class SocketCalls implements SystemCalls {

    private final Environment host;
    private final Descriptors descriptors = new Descriptors();
    private final SetupCalls setup;
    private final List<CallGroup> groups;
    private final List<PendingCall> pending = new ArrayList<>();

    /** @param settings of TCP at present, for sockets that don't say otherwise: a script may change them as it goes */
    public SocketCalls(final ScriptHost host, final Supplier<TcpConfig> settings) {
        this.host = new Environment(host, settings);
        this.setup = new SetupCalls(this.host, descriptors);
        this.groups = List.of(setup, new TransferCalls(this.host, descriptors), new DescriptorCalls(descriptors),
                new OptionCalls(this.host, descriptors), new WaitCalls(descriptors));
    }

    @Override
    public Call begin(final String name, final List<Value> arguments, final long expectedResult, final long nowNs) {
        host.stack().beginTurn(nowNs);
        observe();
        final PendingCall.Operation operation = operation(name, new Arguments(name, arguments), expectedResult);
        final PendingCall call = new PendingCall(operation, arguments.size(), host.stack().timers());
        if (!call.attempt(nowNs)) {
            pending.add(call);
        }
        settle(nowNs);
        return call;
    }

    private PendingCall.Operation operation(final String name, final Arguments arguments, final long expectedResult) {
        for (final CallGroup group : groups) {
            final PendingCall.Operation operation = group.operation(name, arguments, expectedResult);
            if (operation != null) {
                return operation;
            }
        }
        throw new UnsupportedCall(name + "()");
    }

    @Override
    public void poll(final long nowNs) {
        host.stack().beginTurn(nowNs);
        observe();
        boolean progress = true;
        while (progress) {
            progress = pending.removeIf(call -> call.attempt(nowNs));
            settle(nowNs);
        }
    }

    /** What calls have done to the flows is carried out, and seen by other calls. */
    private void settle(final long nowNs) {
        host.stack().poll(nowNs);
        observe();
    }

    private void observe() {
        descriptors.all().forEach(Descriptor::observe);
    }

    /** The descriptor that a connect() or accept() was about last: whose state a script asserts. -1 if there is none. */
    public int latestConnection() {
        return setup.latestConnection();
    }

    /** All fields of {@code struct tcp_info} by name ({@code tcpi_rtt}, …); empty if the descriptor is no TCP socket. */
    public Map<String, Long> tcpInfo(final int descriptor) {
        final Map<String, Long> fields = new LinkedHashMap<>();
        if (descriptors.get(descriptor) instanceof final StreamSocket socket) {
            for (final Value.Field field : new OptionGetter(socket, host.dialect()).tcpInfo().fields()) {
                fields.put(field.name(), ((Value.Int) field.value()).value());
            }
        }
        return fields;
    }
}
