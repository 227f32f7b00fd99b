package io.netchannel.samples.haproxy.stick;

import io.netchannel.samples.haproxy.expression.StickCounters;
import io.netchannel.samples.haproxy.expression.Value;

/** One entry of a stick table. Any change puts its end off by the table's expire. */
public final class StickEntry implements StickCounters {

    private static final long UINT = 0xffff_ffffL;

    final Object key;
    /** Neighbours in the order of expiry; null both while it is tracked. */
    StickEntry earlier;
    StickEntry later;
    boolean queued;
    long expiresMs;
    int trackers;

    private final StickTable table;
    private final long[] words;
    private String serverKey;

    StickEntry(final StickTable table, final Object key, final int words) {
        this.table = table;
        this.key = key;
        this.words = new long[words];
    }

    @Override
    public Long get(final String type, final long nowMs) {
        final TableLayout.Slot slot = table.layout().slot(type);
        return slot == null || slot.kind() == DataType.Kind.TEXT ? null : Long.valueOf(read(slot, nowMs));
    }

    long read(final TableLayout.Slot slot, final long nowMs) {
        return slot.kind() == DataType.Kind.RATE
                ? FrequencyCounter.read(words, slot.at(), slot.periodMs(), nowMs)
                : words[slot.at()];
    }

    @Override
    public Long add(final String type, final long delta, final long nowMs) {
        return count(type, delta, nowMs) ? get(type, nowMs) : null;
    }

    /** Counts events and their rate, where they are stored. */
    public void count(final String total, final String rate, final long events, final long nowMs) {
        count(total, events, nowMs);
        count(rate, events, nowMs);
    }

    /** @return whether it is stored */
    boolean count(final String type, final long delta, final long nowMs) {
        final TableLayout.Slot slot = table.layout().slot(type);
        if (slot == null || slot.kind() == DataType.Kind.TEXT) {
            return false;
        }
        if (slot.kind() == DataType.Kind.RATE) {
            FrequencyCounter.add(words, slot.at(), slot.periodMs(), delta, nowMs);
        } else {
            words[slot.at()] = wrapped(slot, words[slot.at()] + delta);
        }
        table.touch(this, nowMs);
        return true;
    }

    @Override
    public void set(final String type, final long value, final long nowMs) {
        final TableLayout.Slot slot = table.layout().slot(type);
        if (slot == null || slot.kind() == DataType.Kind.TEXT) {
            return;
        }
        if (slot.kind() == DataType.Kind.RATE) {
            FrequencyCounter.set(words, slot.at(), value, nowMs);
        } else {
            words[slot.at()] = wrapped(slot, value);
        }
        table.touch(this, nowMs);
    }

    private static long wrapped(final TableLayout.Slot slot, final long value) {
        return switch (slot.kind()) {
            case UNSIGNED -> value & UINT;
            case SIGNED -> (int) value;
            default -> value;
        };
    }

    /** As {@code show table} prints it. */
    public String keyText() {
        return StickKeys.text(key);
    }

    /** Name or address of the server that it is stuck to; null if none is. */
    public String serverKey() {
        return serverKey;
    }

    /** Number of the server that it is stuck to; 0 if none is. */
    public int serverId() {
        final TableLayout.Slot slot = table.layout().slot(DataType.SERVER_ID.text());
        return slot == null ? 0 : (int) words[slot.at()];
    }

    void stickTo(final String newServerKey, final int serverId, final long nowMs) {
        set(DataType.SERVER_ID.text(), serverId, nowMs);
        if (table.layout().slot(DataType.SERVER_KEY.text()) != null) {
            serverKey = newServerKey;
        }
        table.touch(this, nowMs);
    }

    /** Milliseconds until it expires, if nothing touches it; of a table without expire less than 0. */
    public long remainingMs(final long nowMs) {
        return expiresMs - nowMs;
    }

    @Override
    public int trackers() {
        return trackers;
    }

    @Override
    public Value key() {
        return StickKeys.value(key);
    }

    @Override
    public StickTable table() {
        return table;
    }
}
