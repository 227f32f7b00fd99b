package io.netchannel.tcpip.tcp;

import io.netchannel.channels.OwnedLongs;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The counters of one {@link TcpStack}.
 *
 * <p>Threading: {@link #increment} and {@link #add} are the stack's thread's; {@link #get} and {@link #snapshot}, any.
 */
public final class TcpCounters {

    private static final TcpCounter[] ALL = TcpCounter.values();

    private final OwnedLongs values = new OwnedLongs(ALL.length);

    public void increment(final TcpCounter counter) {
        values.add(counter.ordinal(), 1);
    }

    public void add(final TcpCounter counter, final long delta) {
        values.add(counter.ordinal(), delta);
    }

    public long get(final TcpCounter counter) {
        return values.read(counter.ordinal());
    }

    /** All counters by SNMP name, in the order of {@link TcpCounter}. Allocates. */
    public Map<String, Long> snapshot() {
        final Map<String, Long> snapshot = LinkedHashMap.newLinkedHashMap(ALL.length);
        for (final TcpCounter counter : ALL) {
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
