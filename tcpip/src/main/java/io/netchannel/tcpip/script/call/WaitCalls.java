package io.netchannel.tcpip.script.call;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.tcpip.script.call.PendingCall.Operation;
import java.util.ArrayList;
import java.util.List;

/** poll() and epoll's calls. */
final class WaitCalls implements CallGroup {

    private static final long MS_NS = 1_000_000L;

    private final Descriptors descriptors;

    WaitCalls(final Descriptors descriptors) {
        this.descriptors = descriptors;
    }

    @Override
    public Operation operation(final String name, final Arguments arguments, final long expectedResult) {
        return switch (name) {
            case "poll" -> poll(arguments);
            case "epoll_create", "epoll_create1" -> {
                arguments.require(1, 1);
                yield (call, nowNs) -> descriptors.add(new Epoll(), expectedResult);
            }
            case "epoll_ctl" -> (call, nowNs) -> control(arguments);
            case "epoll_wait", "epoll_pwait" -> epollWait(arguments);
            default -> null;
        };
    }

    /** 0: not done yet; the call waits, or has waited long enough. */
    private static long finish(final long ready, final int timeoutMs, final PendingCall call, final long nowNs) {
        if (ready != 0 || timeoutMs == 0) {
            return ready;
        }
        if (timeoutMs > 0) {
            call.waitUntil(nowNs + timeoutMs * MS_NS);
        }
        return call.isPast(nowNs) ? 0 : PendingCall.WAIT;
    }

    // -- poll

    private Operation poll(final Arguments arguments) {
        arguments.require(3, 3);
        if (!(arguments.value(0) instanceof Value.Items(final List<Value> entries))) {
            throw arguments.unsupported(0, "no [array]");
        }
        final int timeoutMs = arguments.integer(2);
        return (call, nowNs) -> {
            final List<Value> polled = new ArrayList<>();
            long ready = 0;
            for (final Value entry : entries) {
                if (!(entry instanceof final Value.Struct struct)) {
                    throw arguments.unsupported(0, "no array of {struct}");
                }
                final int occurred = occurred((int) number(struct, "fd"), (int) number(struct, "events"));
                ready += occurred == 0 ? 0 : 1;
                polled.add(with(struct, "revents", occurred));
            }
            call.output(0, new Value.Items(polled));
            return finish(ready, timeoutMs, call, nowNs);
        };
    }

    private int occurred(final int number, final int events) {
        if (number < 0) {
            return 0;
        }
        final Descriptor descriptor = descriptors.get(number);
        if (descriptor == null) {
            return Descriptor.INVALID;
        }
        return descriptor.readiness() & (events | Descriptor.ERR | Descriptor.HUP);
    }

    private static long number(final Value.Struct struct, final String name) {
        return struct.field(name) instanceof Value.Int(final long number) ? number : 0;
    }

    /** The struct, with another value for one field. */
    private static Value.Struct with(final Value.Struct struct, final String name, final long number) {
        final List<Value.Field> fields = new ArrayList<>();
        for (final Value.Field field : struct.fields()) {
            fields.add(field.name().equals(name) ? new Value.Field(name, new Value.Int(number)) : field);
        }
        return new Value.Struct(fields);
    }

    // -- epoll

    private long control(final Arguments arguments) {
        arguments.require(4, 4);
        final Descriptor epoll = descriptors.get(arguments.integer(0));
        final int number = arguments.integer(2);
        final Descriptor descriptor = descriptors.get(number);
        if (epoll == null || descriptor == null) {
            return -Errno.EBADF;
        }
        if (!(epoll instanceof final Epoll set) || descriptor instanceof Epoll) {
            return -Errno.EINVAL;
        }
        if (descriptor instanceof ZeroFile) {
            return -Errno.EPERM;
        }
        if (arguments.integer(1) == Epoll.DELETE) {
            return set.control(Epoll.DELETE, number, descriptor, 0, null);
        }
        final Value.Struct event = arguments.struct(3);
        return set.control(arguments.integer(1), number, descriptor, (int) number(event, "events"), data(event));
    }

    private static Value.Field data(final Value.Struct event) {
        for (final Value.Field field : event.fields()) {
            if (!field.name().equals("events")) {
                return field;
            }
        }
        return new Value.Field("u64", new Value.Int(0));
    }

    private Operation epollWait(final Arguments arguments) {
        arguments.require(4, 5);
        final int max = arguments.integer(2);
        final int timeoutMs = arguments.integer(3);
        return (call, nowNs) -> {
            final Descriptor descriptor = descriptors.get(arguments.integer(0));
            if (descriptor == null) {
                return -Errno.EBADF;
            }
            if (!(descriptor instanceof final Epoll epoll) || max < 1) {
                return -Errno.EINVAL;
            }
            final List<Epoll.Event> events = epoll.take(max);
            call.output(1, shaped(arguments.value(1), events));
            return finish(events.size(), timeoutMs, call, nowNs);
        };
    }

    /** As the script has it: one struct, or several; of zeros where there was no event. */
    private static Value shaped(final Value expected, final List<Epoll.Event> events) {
        if (expected instanceof Value.Items(final List<Value> structs)) {
            final List<Value> shaped = new ArrayList<>();
            for (int i = 0; i < structs.size(); i++) {
                shaped.add(shaped(structs.get(i), i < events.size() ? events.get(i) : null));
            }
            return new Value.Items(shaped);
        }
        return shaped(expected, events.isEmpty() ? null : events.getFirst());
    }

    private static Value shaped(final Value expected, final Epoll.Event event) {
        if (!(expected instanceof final Value.Struct struct)) {
            return null;
        }
        final List<Value.Field> fields = new ArrayList<>();
        for (final Value.Field field : struct.fields()) {
            final long number = event == null ? 0 : event.events() & 0xFFFF_FFFFL;
            fields.add(field.name().equals("events")
                    ? new Value.Field("events", new Value.Int(number))
                    : new Value.Field(field.name(), event == null ? new Value.Int(0) : event.data().value()));
        }
        return new Value.Struct(fields);
    }
}
