package io.netchannel.channels;

/**
 * Packets dropped, by reason.
 *
 * <p>Threading: {@link #count}: the owner; the rest: any thread, which sees each counter whole but not all of one
 * moment.
 */
public final class DropCounters {

    private final OwnedLongs counts = new OwnedLongs(DropReason.count());

    public void count(final DropReason reason) {
        counts.add(reason.ordinal(), 1);
    }

    public long get(final DropReason reason) {
        return counts.read(reason.ordinal());
    }

    public long total() {
        long total = 0;
        for (int i = 0; i < DropReason.count(); i++) {
            total += counts.read(i);
        }
        return total;
    }

    /** One line, those that are not zero: {@code CHANNEL_FULL=3 BAD_IP_CHECKSUM=1}, or {@code none}. */
    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < DropReason.count(); i++) {
            final long count = counts.read(i);
            if (count != 0) {
                text.append(text.isEmpty() ? "" : " ").append(DropReason.of(i)).append('=').append(count);
            }
        }
        return text.isEmpty() ? "none" : text.toString();
    }
}
