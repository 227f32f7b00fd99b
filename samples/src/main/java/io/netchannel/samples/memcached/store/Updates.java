package io.netchannel.samples.memcached.store;

import static io.netchannel.samples.memcached.store.Item.MEMORY;

/**
 * What changes items by name: stores a filled one by a mode, adds to a number.
 *
 * <p>Threading: under the store's lock.
 */
public final class Updates {

    /** Longest number, with CR LF. */
    public static final int MAX_NUMBER_BYTES = 24;

    private final Store store;
    private final StoreCounters counters;
    private final long digits;
    private long storedCas;
    private long value;
    private long item;

    /** How an addition ended. */
    public enum DeltaResult {
        OK, NOT_FOUND, NON_NUMERIC, NO_MEMORY, CAS_MISMATCH
    }

    /** @param scratch address of {@link #MAX_NUMBER_BYTES} bytes */
    public Updates(final Store store, final long scratch) {
        this.store = store;
        this.counters = store.counters();
        this.digits = scratch;
    }

    /** CAS id of what the last {@link #store} stored. */
    public long storedCas() {
        return storedCas;
    }

    /**
     * Stores a filled item, or frees it.
     *
     * @param fresh whose CAS id is the one that the client expects, or 0
     * @param invalidate whether an older CAS id stores it as stale, instead of not at all
     */
    public StoreResult store(final long fresh, final StoreMode mode, final boolean invalidate) {
        final long key = Item.key(fresh);
        final int keyBytes = Item.keyBytes(fresh);
        final long old = store.get(key, keyBytes, false);
        long stored = fresh;
        StoreResult result = old == Item.NONE ? whenAbsent(mode) : whenPresent(fresh, old, mode, invalidate);
        if (result == StoreResult.STORED) {
            if (old != Item.NONE && (mode == StoreMode.APPEND || mode == StoreMode.PREPEND)) {
                stored = joined(fresh, old, mode);
                if (stored == Item.NONE) {
                    result = StoreResult.NOT_STORED;
                }
            }
        }
        if (result == StoreResult.STORED) {
            if (old != Item.NONE) {
                store.removeReplaced(old);
            }
            store.link(stored);
            storedCas = Item.cas(stored);
        }
        if (store.listener().wantsStores()) {
            store.listener().onStore(key, keyBytes, result, mode, stored == Item.NONE ? fresh : stored);
        }
        if (stored != fresh || result != StoreResult.STORED) {
            store.free(fresh);
        }
        return result;
    }

    private StoreResult whenAbsent(final StoreMode mode) {
        return switch (mode) {
            case ADD, SET -> StoreResult.STORED;
            case CAS -> {
                counters.add(StoreCounter.CAS_MISSES, 1);
                yield StoreResult.NOT_FOUND;
            }
            case REPLACE, APPEND, PREPEND -> StoreResult.NOT_STORED;
        };
    }

    private StoreResult whenPresent(final long fresh, final long old, final StoreMode mode,
            final boolean invalidate) {
        final long expected = Item.cas(fresh);
        return switch (mode) {
            case SET, REPLACE -> StoreResult.STORED;
            case ADD -> {
                store.refresh(old);
                yield StoreResult.NOT_STORED;
            }
            case APPEND, PREPEND -> expected != 0 && expected != Item.cas(old)
                    ? StoreResult.EXISTS
                    : StoreResult.STORED;
            case CAS -> compareAndStore(fresh, old, expected, invalidate);
        };
    }

    private StoreResult compareAndStore(final long fresh, final long old, final long expected,
            final boolean invalidate) {
        if (expected != 0 && expected == Item.cas(old)) {
            counters.add(ClassCounter.CAS_HITS, Item.classId(old));
            return StoreResult.STORED;
        }
        if (expected != 0 && invalidate && Long.compareUnsigned(expected, Item.cas(old)) < 0) {
            Item.expiry(fresh, Item.expiry(old));
            Item.set(fresh, Item.FLAG_STALE | Item.flags(old) & Item.FLAG_TOKEN_SENT);
            counters.add(ClassCounter.CAS_HITS, Item.classId(old));
            return StoreResult.STORED;
        }
        counters.add(ClassCounter.CAS_BADVAL, Item.classId(old));
        return StoreResult.EXISTS;
    }

    /** A new item of both values; 0 if there is no memory. */
    private long joined(final long fresh, final long old, final StoreMode mode) {
        final int oldBytes = Item.valueBytes(old) - Item.END_BYTES;
        final int freshBytes = Item.valueBytes(fresh);
        // Memory for the new one must not come from the old one, which is still read.
        store.pin(old);
        final long both = store.allocate(Item.key(old), Item.keyBytes(old), Item.clientFlags(old), Item.expiry(old),
                oldBytes + freshBytes);
        boolean filled = false;
        if (both != Item.NONE) {
            final Values values = store.values();
            filled = mode == StoreMode.APPEND
                    ? values.appendValue(both, 0, old, oldBytes) && values.appendValue(both, oldBytes, fresh,
                            freshBytes)
                    : values.appendValue(both, 0, fresh, freshBytes - Item.END_BYTES)
                            && values.appendValue(both, freshBytes - Item.END_BYTES, old, oldBytes + Item.END_BYTES);
        }
        store.unpin(old);
        if (both != Item.NONE && !filled) {
            store.free(both);
            return Item.NONE;
        }
        return both;
    }

    // -- numbers

    /** The number after the last successful {@link #add}, unsigned. */
    public long value() {
        return value;
    }

    /** The item that holds it. */
    public long item() {
        return item;
    }

    /**
     * Adds to a number, which wraps, or takes from it, down to 0.
     *
     * @param expectedCas or 0
     */
    public DeltaResult add(final long key, final int keyBytes, final boolean increment, final long delta,
            final long expectedCas) {
        final long old = store.get(key, keyBytes, false);
        item = old;
        if (old == Item.NONE) {
            return DeltaResult.NOT_FOUND;
        }
        final int length = Item.valueBytes(old) - Item.END_BYTES;
        if (length <= 0 || Item.isChunked(old)) {
            item = Item.NONE;
            return DeltaResult.NON_NUMERIC;
        }
        if (expectedCas != 0 && expectedCas != Item.cas(old)) {
            item = Item.NONE;
            return DeltaResult.CAS_MISMATCH;
        }
        if (!Decimal.parse(Item.value(old), Item.valueBytes(old))) {
            item = Item.NONE;
            return DeltaResult.NON_NUMERIC;
        }
        final long before = Decimal.parsed(Item.value(old), Item.valueBytes(old));
        value = increment ? before + delta : Long.compareUnsigned(delta, before) > 0 ? 0 : before - delta;
        counters.add(increment ? ClassCounter.INCR_HITS : ClassCounter.DECR_HITS, Item.classId(old));
        final int count = Decimal.put(digits, value);
        if (count <= length) {
            overwrite(old, count, length);
            return DeltaResult.OK;
        }
        return replaceNumber(old, count) ? DeltaResult.OK : DeltaResult.NO_MEMORY;
    }

    private void overwrite(final long old, final int count, final int length) {
        store.sizes().remove(old);
        Item.cas(old, store.nextCas());
        store.sizes().add(old);
        MEMORY.copy(digits, Item.value(old), count);
        // The original pads too: the item keeps its length.
        MEMORY.fill(Item.value(old) + count, length - count, (byte) ' ');
        store.refresh(old);
        store.changed(old);
    }

    private boolean replaceNumber(final long old, final int count) {
        store.pin(old);
        final long fresh = store.allocate(Item.key(old), Item.keyBytes(old), Item.clientFlags(old), Item.expiry(old),
                count + Item.END_BYTES);
        store.unpin(old);
        if (fresh == Item.NONE) {
            return false;
        }
        fill(fresh, count);
        store.removeReplaced(old);
        store.link(fresh);
        item = fresh;
        return true;
    }

    private void fill(final long fresh, final int count) {
        MEMORY.copy(digits, Item.value(fresh), count);
        MEMORY.putByte(Item.value(fresh) + count, (byte) '\r');
        MEMORY.putByte(Item.value(fresh) + count + 1, (byte) '\n');
    }

    /** Stores a number under a key that isn't there; @return the item, or 0 if there is no memory. */
    public long create(final long key, final int keyBytes, final long number, final int expiry) {
        final int count = Decimal.put(digits, number);
        final long fresh = store.allocate(key, keyBytes, 0, expiry, count + Item.END_BYTES);
        if (fresh != Item.NONE) {
            fill(fresh, count);
            store.link(fresh);
            value = number;
        }
        return fresh;
    }

    /** Links an item that was just filled, under a key that isn't there. */
    public void link(final long fresh) {
        store.link(fresh);
    }
}
