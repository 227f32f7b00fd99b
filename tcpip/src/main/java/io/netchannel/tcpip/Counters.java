package io.netchannel.tcpip;

import io.netchannel.channels.OwnedLongs;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The counters of one stack.
 *
 * <p>A reader on another thread never sees half of a value; the values of different counters in a snapshot may be of
 * slightly different moments.
 *
 * <p>Threading: {@link #increment} and {@link #add} are the stack's thread's; {@link #get} and {@link #snapshot}, any.
 */
public final class Counters {

    private static final Counter[] ALL = Counter.values();

    private final OwnedLongs values = new OwnedLongs(ALL.length);

    public void increment(final Counter counter) {
        values.add(counter.ordinal(), 1);
    }

    public void add(final Counter counter, final long delta) {
        values.add(counter.ordinal(), delta);
    }

    public long get(final Counter counter) {
        return values.read(counter.ordinal());
    }

    /** All counters by SNMP name, in the order of {@link Counter}. Allocates. */
    public Map<String, Long> snapshot() {
        final Map<String, Long> snapshot = LinkedHashMap.newLinkedHashMap(ALL.length);
        for (final Counter counter : ALL) {
            snapshot.put(counter.snmpName(), get(counter));
        }
        return snapshot;
    }

    /** Only what isn't 0; for messages. */
    @Override
    public String toString() {
        final Map<String, Long> snapshot = snapshot();
        snapshot.values().removeIf(value -> value == 0);
        return snapshot.toString();
    }
}
