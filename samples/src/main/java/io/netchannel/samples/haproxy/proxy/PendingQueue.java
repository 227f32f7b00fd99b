package io.netchannel.samples.haproxy.proxy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Streams that wait for a server, or for any server of a backend: by priority class, then by time with its offset. */
final class PendingQueue {

    /** One stream's place. */
    static final class Entry {

        final Dispatch dispatch;
        private final long priorityClass;
        private final long key;
        private final long number;
        PendingQueue queue;

        Entry(final Dispatch dispatch, final long priorityClass, final long key, final long number) {
            this.dispatch = dispatch;
            this.priorityClass = priorityClass;
            this.key = key;
            this.number = number;
        }

        private long priorityClass() {
            return priorityClass;
        }

        private long key() {
            return key;
        }

        private long number() {
            return number;
        }
    }

    private final TreeSet<Entry> entries = new TreeSet<>(Comparator.comparingLong(Entry::priorityClass)
            .thenComparingLong(Entry::key).thenComparingLong(Entry::number));
    private long numbers;

    int size() {
        return entries.size();
    }

    Entry add(final Dispatch dispatch, final long priorityClass, final long offsetMs, final long nowMs) {
        final Entry entry = new Entry(dispatch, priorityClass, nowMs + offsetMs, numbers++);
        entry.queue = this;
        entries.add(entry);
        return entry;
    }

    void remove(final Entry entry) {
        entries.remove(entry);
        entry.queue = null;
    }

    /** How many stand before it: what logs call its position. */
    int position(final Entry entry) {
        return entries.headSet(entry).size();
    }

    Entry first() {
        return entries.isEmpty() ? null : entries.first();
    }

    static boolean isBefore(final Entry one, final Entry other) {
        return one.priorityClass != other.priorityClass ? one.priorityClass < other.priorityClass : one.key < other.key;
    }

    /** Their server went: they choose again, if they may. */
    void redistribute(final Backend backend) {
        final List<Entry> all = new ArrayList<>(entries);
        for (final Entry entry : all) {
            if (entry.queue == this && (backend.mayRedispatch() || !entry.dispatch.isPersistent())) {
                remove(entry);
                entry.dispatch.chooseAgain();
            }
        }
    }
}
