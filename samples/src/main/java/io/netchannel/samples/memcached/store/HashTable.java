package io.netchannel.samples.memcached.store;

import static io.netchannel.samples.memcached.store.Item.MEMORY;

import io.netchannel.kernel.memory.Region;

/**
 * Keys to items: chains in buckets outside the heap. It doubles when there are one and a half times as many items as
 * buckets,
 * and moves a few buckets at each insertion, so that no request waits for all of them.
 *
 * <p>The hash is MurmurHash3 (32 bits) from a secret seed: who doesn't know it can't aim keys at one bucket.
 *
 * <p>Threading: under the store's lock.
 */
public final class HashTable implements AutoCloseable {

    static final int DEFAULT_POWER = 16;
    private static final int MAX_POWER = 30;
    private static final int MOVES_PER_INSERTION = 4;
    private static final int C1 = 0xcc9e2d51;
    private static final int C2 = 0x1b873593;

    private final int seed;
    private final boolean grows;
    private int power;
    private Region region;
    private long buckets;
    // While it grows: the table before, of which buckets from firstUnmoved on still hold items.
    private Region oldRegion;
    private long oldBuckets;
    private int firstUnmoved;
    private boolean held;
    private long items;

    HashTable(final int power, final boolean grows, final int seed) {
        this.power = power;
        this.grows = grows;
        this.seed = seed;
        this.region = create(power);
        this.buckets = region.address();
    }

    private static Region create(final int power) {
        return Region.create("memcached-hash", (long) Long.BYTES << power);
    }

    int hash(final long key, final int length) {
        int h = seed;
        final int blocks = length & ~3;
        for (int i = 0; i < blocks; i += Integer.BYTES) {
            h ^= mix(MEMORY.getInt(key + i));
            h = Integer.rotateLeft(h, 13) * 5 + 0xe6546b64;
        }
        int rest = 0;
        for (int i = length - 1; i >= blocks; i--) {
            rest = rest << 8 | MEMORY.getByte(key + i) & 0xFF;
        }
        h ^= mix(rest) ^ length;
        h = (h ^ h >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return h ^ h >>> 16;
    }

    private static int mix(final int block) {
        return Integer.rotateLeft(block * C1, 15) * C2;
    }

    private long bucket(final int hash) {
        if (oldRegion != null) {
            final int old = hash & (1 << power - 1) - 1;
            if (old >= firstUnmoved) {
                return oldBuckets + (long) old * Long.BYTES;
            }
        }
        return buckets + (long) (hash & (1 << power) - 1) * Long.BYTES;
    }

    /** @return the item, or 0 */
    long find(final long key, final int length, final int hash) {
        long item = MEMORY.getLong(bucket(hash));
        while (item != Item.NONE) {
            if (Item.hash(item) == hash && Item.keyBytes(item) == length && equal(Item.key(item), key, length)) {
                return item;
            }
            item = Item.hashNext(item);
        }
        return Item.NONE;
    }

    static boolean equal(final long a, final long b, final int length) {
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (MEMORY.getLong(a + i) != MEMORY.getLong(b + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (MEMORY.getByte(a + i) != MEMORY.getByte(b + i)) {
                return false;
            }
        }
        return true;
    }

    void insert(final long item) {
        final long bucket = bucket(Item.hash(item));
        Item.hashNext(item, MEMORY.getLong(bucket));
        MEMORY.putLong(bucket, item);
        items++;
        if (oldRegion != null) {
            move(MOVES_PER_INSERTION);
        } else if (grows && !held && items > 3L << power - 1 && power < MAX_POWER) {
            grow();
        }
    }

    void remove(final long item) {
        long link = bucket(Item.hash(item));
        long at = MEMORY.getLong(link);
        while (at != item) {
            link = at + Item.HASH_NEXT_OFFSET;
            at = MEMORY.getLong(link);
        }
        MEMORY.putLong(link, Item.hashNext(item));
        items--;
    }

    // -- growth

    private void grow() {
        oldRegion = region;
        oldBuckets = buckets;
        firstUnmoved = 0;
        power++;
        region = create(power);
        buckets = region.address();
    }

    /** Moves up to so many buckets of the table before; does nothing if there is none. */
    void move(final int max) {
        for (int i = 0; i < max && oldRegion != null; i++) {
            long item = MEMORY.getLong(oldBuckets + (long) firstUnmoved * Long.BYTES);
            firstUnmoved++;
            while (item != Item.NONE) {
                final long next = Item.hashNext(item);
                final long bucket = bucket(Item.hash(item));
                Item.hashNext(item, MEMORY.getLong(bucket));
                MEMORY.putLong(bucket, item);
                item = next;
            }
            if (firstUnmoved == 1 << power - 1) {
                oldRegion.close();
                oldRegion = null;
            }
        }
    }

    /** Ends growth under way, and lets none begin until released: for who goes through the buckets. */
    void hold() {
        move(Integer.MAX_VALUE);
        held = true;
    }

    void release() {
        held = false;
    }

    // -- questions

    public int power() {
        return power;
    }

    public boolean isGrowing() {
        return oldRegion != null;
    }

    /** Of the tables, old and new. */
    public long sizeBytes() {
        return (long) Long.BYTES << power | (oldRegion == null ? 0 : (long) Long.BYTES << power - 1);
    }

    int bucketCount() {
        return 1 << power;
    }

    /** First item of a bucket by its number; the table doesn't grow just now. */
    long first(final int number) {
        return MEMORY.getLong(buckets + (long) number * Long.BYTES);
    }

    @Override
    public void close() {
        region.close();
        if (oldRegion != null) {
            oldRegion.close();
        }
    }
}
