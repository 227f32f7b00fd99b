package io.netchannel.virtio.net;

import io.netchannel.channels.OwnedLongs;

/**
 * Counters by name, for one writer at a time.
 *
 * <p>Threading: {@link #increment}, {@link #add}: the thread that holds what is counted; {@link #get}: any, which sees
 * each counter whole but not all of one moment.
 *
 * @param <E> their names
 */
public final class Counters<E extends Enum<E>> {

    private final E[] names;
    private final OwnedLongs counts;

    public Counters(final Class<E> type) {
        names = type.getEnumConstants();
        counts = new OwnedLongs(names.length);
    }

    public void increment(final E counter) {
        counts.add(counter.ordinal(), 1);
    }

    public void add(final E counter, final long delta) {
        counts.add(counter.ordinal(), delta);
    }

    public long get(final E counter) {
        return counts.read(counter.ordinal());
    }

    /** One line, those that are not zero, or {@code none}. */
    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        for (final E name : names) {
            final long count = get(name);
            if (count != 0) {
                text.append(text.isEmpty() ? "" : " ").append(name).append('=').append(count);
            }
        }
        return text.isEmpty() ? "none" : text.toString();
    }
}
