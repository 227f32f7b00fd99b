package io.netchannel.cpu.litmus.axiom;

import io.netchannel.cpu.litmus.thread.EventLog;
import java.util.function.IntPredicate;

/** A set of numbered events. */
final class Events {

    private final long[] bits;

    private Events(final long[] bits) {
        this.bits = bits;
    }

    static Events where(final int count, final IntPredicate condition) {
        final long[] bits = new long[(count + 63) >> 6];
        for (int event = 0; event < count; event++) {
            if (condition.test(event)) {
                bits[event >> 6] |= 1L << event;
            }
        }
        return new Events(bits);
    }

    /** The events that have one of the bits. */
    static Events of(final EventLog log, final int kinds) {
        return where(log.count(), event -> log.is(event, kinds));
    }

    /** The events that have all of the bits. */
    static Events withAll(final EventLog log, final int kinds) {
        return where(log.count(), event -> (log.kind(event) & kinds) == kinds);
    }

    boolean has(final int event) {
        return (bits[event >> 6] & 1L << event) != 0;
    }

    long word(final int index) {
        return bits[index];
    }
}
