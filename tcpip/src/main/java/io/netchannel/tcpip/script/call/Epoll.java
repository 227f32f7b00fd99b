package io.netchannel.tcpip.script.call;

import io.netchannel.kernel.linux.Errno;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What epoll_create() makes: descriptors, and the events that are waited for. */
final class Epoll extends Descriptor {

    static final int ADD = 1;
    static final int DELETE = 2;
    static final int MODIFY = 3;
    static final int EDGE_TRIGGERED = 1 << 31;
    static final int ONE_SHOT = 1 << 30;

    private final Map<Integer, Interest> interests = new LinkedHashMap<>();

    /** @param data what a script gave as fd, ptr, u32 or u64: comes back with the event */
    long control(final int operation, final int number, final Descriptor descriptor, final int events,
            final Value.Field data) {
        final boolean known = interests.containsKey(number);
        switch (operation) {
            case ADD -> {
                if (known) {
                    return -Errno.EEXIST;
                }
                interests.put(number, new Interest(descriptor, events, data));
            }
            case MODIFY -> {
                if (!known) {
                    return -Errno.ENOENT;
                }
                interests.put(number, new Interest(descriptor, events, data));
            }
            case DELETE -> {
                if (interests.remove(number) == null) {
                    return -Errno.ENOENT;
                }
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }

    /** The descriptor was closed. */
    void forget(final int number) {
        interests.remove(number);
    }

    /** Reports events, at most {@code max}; what was reported goes behind what wasn't. */
    List<Event> take(final int max) {
        final List<Event> events = new ArrayList<>();
        for (final int number : List.copyOf(interests.keySet())) {
            final Interest interest = interests.get(number);
            final int ready = interest.take();
            if (ready != 0) {
                events.add(new Event(ready, interest.data));
                interests.remove(number);
                interests.put(number, interest);
                if (events.size() == max) {
                    break;
                }
            }
        }
        return events;
    }

    @Override
    int readiness() {
        return interests.values().stream().anyMatch(interest -> interest.ready() != 0) ? IN : 0;
    }

    @Override
    long arrivals() {
        return 0;
    }

    @Override
    long close(final PendingCall call, final long nowNs) {
        interests.clear();
        return 0;
    }

    record Event(int events, Value.Field data) {
    }

    private static final class Interest {

        private final Descriptor descriptor;
        private final int events;
        private final Value.Field data;
        private boolean fresh = true;
        private boolean disabled;
        private long seen;

        Interest(final Descriptor descriptor, final int events, final Value.Field data) {
            this.descriptor = descriptor;
            this.events = events;
            this.data = data;
        }

        int ready() {
            final boolean edge = (events & EDGE_TRIGGERED) == 0 || fresh || descriptor.wakeUps(events) != seen;
            return disabled || !edge ? 0 : descriptor.readiness() & (events | ERR | HUP);
        }

        int take() {
            final int ready = ready();
            seen = descriptor.wakeUps(events);
            if (ready != 0) {
                fresh = false;
                disabled = (events & ONE_SHOT) != 0;
            }
            return ready;
        }
    }
}
