package io.netchannel.samples.memcached.store;

import static io.netchannel.samples.memcached.store.Item.MEMORY;

import io.netchannel.samples.memcached.options.Settings;

/**
 * The items: found by key, filled, linked, evicted.
 *
 * <p>There is one store for all loops. Sharding it by key would give each shard slabs and lists of its own, and so
 * evict what
 * the original keeps; and the original's limits, counters and commands are about the whole. So loops take turns at it:
 * one lock
 * for a whole burst of requests, none at all where there is only one loop.
 *
 * <p>Threading: under the store's lock.
 */
public final class Store implements AutoCloseable {

    private static final int ALLOCATION_ATTEMPTS = 10;

    private final Settings settings;
    private final StoreClock clock;
    private final StoreCounters counters = new StoreCounters();
    private final Slabs slabs;
    private final HashTable table;
    private final Lru lru = new Lru();
    private final LruTail tail;
    private final Values values = new Values(this);
    private final SizeHistogram sizes;
    private final SlabMover mover;
    private final Crawler crawler;
    private final LruMaintainer maintainer;
    private final SlabReclaim reclaim;
    private StoreListener listener;
    private StoreMirror mirror = StoreMirror.NONE;
    private long casId;
    private long itemCount;
    private long itemBytes;
    private int connection;
    // What was stored up to then, or has an older CAS id, is over.
    private int flushedUntil;
    private long flushedCas;

    /**
     * @param hashSeed a secret
     * @param allocatedBytes that count as taken from the start; for tests
     */
    public Store(final Settings settings, final StoreClock clock, final int hashSeed, final long allocatedBytes,
            final StoreListener listener) {
        this.settings = settings;
        this.clock = clock;
        this.listener = listener;
        this.slabs = new Slabs(settings, allocatedBytes);
        this.table = new HashTable(settings.hashPower == 0 ? HashTable.DEFAULT_POWER : settings.hashPower,
                settings.hashExpands, hashSeed);
        this.tail = new LruTail(this, lru);
        this.sizes = new SizeHistogram(settings);
        this.mover = new SlabMover(this, slabs);
        this.crawler = new Crawler(this, lru, table);
        this.maintainer = new LruMaintainer(this, lru, tail);
        this.reclaim = new SlabReclaim(this, tail);
    }

    // -- parts

    public Settings settings() {
        return settings;
    }

    public StoreClock clock() {
        return clock;
    }

    public StoreCounters counters() {
        return counters;
    }

    public Slabs slabs() {
        return slabs;
    }

    public HashTable table() {
        return table;
    }

    public Lru lru() {
        return lru;
    }

    public Values values() {
        return values;
    }

    public SizeHistogram sizes() {
        return sizes;
    }

    public SlabMover mover() {
        return mover;
    }

    public Crawler crawler() {
        return crawler;
    }

    public LruMaintainer maintainer() {
        return maintainer;
    }

    public SlabReclaim reclaim() {
        return reclaim;
    }

    StoreListener listener() {
        return listener;
    }

    /** Whose requests come next, for listeners. */
    public void connection(final int id) {
        connection = id;
    }

    public int connection() {
        return connection;
    }

    /** Instead of the one before. */
    public void listener(final StoreListener other) {
        listener = other;
    }

    /** Told of changes from now on. */
    public void mirror(final StoreMirror other) {
        mirror = other;
    }

    // -- allocation

    private int totalBytes(final int keyBytes, final int clientFlags, final int valueBytes) {
        return Item.totalBytes(keyBytes, settings.cas, clientFlags, valueBytes);
    }

    /** Whether an item of that size can be stored at all. */
    public boolean fits(final int keyBytes, final int clientFlags, final int valueBytes) {
        return valueBytes >= Item.END_BYTES && valueBytes <= settings.itemMaxBytes
                && slabs.classOf(totalBytes(keyBytes, clientFlags, valueBytes)) != 0;
    }

    /**
     * Makes an item that is to be filled and then stored or freed; nobody else sees it.
     *
     * @param valueBytes with CR LF
     * @return the item, or 0: too large, or no memory
     */
    public long allocate(final long key, final int keyBytes, final int clientFlags, final int expiry,
            final int valueBytes) {
        if (!fits(keyBytes, clientFlags, valueBytes)) {
            return Item.NONE;
        }
        final int total = totalBytes(keyBytes, clientFlags, valueBytes);
        final boolean chunked = total > settings.chunkMaxBytes;
        final int classId = slabs.classOf(total);
        final int headerClass = chunked
                ? slabs.classOf(total - valueBytes + Chunk.HEADER_BYTES)
                : classId;
        final long item = pullChunk(headerClass);
        if (item == Item.NONE) {
            counters.add(LruCounter.OUT_OF_MEMORY, classId, 1);
            return Item.NONE;
        }
        Item.lruId(item, classId | firstList(expiry));
        Item.flags(item, (settings.cas ? Item.FLAG_CAS : 0) | (clientFlags == 0 ? 0 : Item.FLAG_CLIENT_FLAGS)
                | (chunked ? Item.FLAG_CHUNKED : 0));
        Item.keyBytes(item, keyBytes);
        Item.valueBytes(item, valueBytes);
        Item.expiry(item, expiry);
        Item.hash(item, table.hash(key, keyBytes));
        Item.cas(item, 0);
        MEMORY.copy(key, Item.key(item), keyBytes);
        if (clientFlags != 0) {
            Item.clientFlags(item, clientFlags);
        }
        if (chunked) {
            initializeFirstChunk(item, headerClass);
        }
        return item;
    }

    private int firstList(final int expiry) {
        // Unsigned, as the original compares: what never expires, or is over, is no short expiry.
        if (settings.tempLru
                && Integer.compareUnsigned(expiry - clock.seconds(), settings.temporaryTtlSeconds) <= 0) {
            return Lru.TEMP;
        }
        return settings.lruSegmented ? Lru.HOT : Lru.COLD;
    }

    private static void initializeFirstChunk(final long item, final int headerClass) {
        final long chunk = Item.value(item);
        Chunk.next(chunk, Item.NONE);
        Chunk.previous(chunk, Item.NONE);
        Chunk.head(chunk, item);
        Chunk.size(chunk, 0);
        Chunk.used(chunk, 0);
        Chunk.originalClass(chunk, headerClass);
    }

    /** A chunk for the rest of a value; a largest one where no fitting one is left. */
    long allocateChunk(final int remaining) {
        final int wanted = (int) Math.min((long) remaining + Chunk.HEADER_BYTES, settings.chunkMaxBytes);
        int classId = slabs.classOf(wanted);
        long chunk = pullChunk(classId);
        if (chunk == Item.NONE && classId != slabs.largestClass()) {
            classId = slabs.largestClass();
            chunk = pullChunk(classId);
        }
        if (chunk != Item.NONE) {
            Item.flags(chunk, Item.FLAG_CHUNK);
            Item.lruId(chunk, classId);
            Chunk.size(chunk, Math.min(wanted, slabs.chunkBytes(classId)) - Chunk.HEADER_BYTES);
        }
        return chunk;
    }

    private long pullChunk(final int classId) {
        if (settings.slabReassign && settings.evict && slabs.lacksFirstPage(classId)) {
            mover.takeFor(classId);
            if (slabs.lacksFirstPage(classId) && mover.isRunning()) {
                // A page is on its way, but waits for a value to be complete; until then there is one more, as with the original.
                slabs.addExtraPage(classId);
            }
        }
        int attempt = 0;
        long chunk = Item.NONE;
        while (attempt < ALLOCATION_ATTEMPTS) {
            if (!settings.lruSegmented) {
                tail.pull(classId, Lru.COLD, 0, false, false, 0);
            }
            chunk = slabs.allocate(classId, true);
            if (chunk != Item.NONE) {
                break;
            }
            if (tail.pull(classId, Lru.COLD, 0, true, false, 0) <= 0) {
                if (!settings.lruSegmented) {
                    break;
                }
                tail.pull(classId, Lru.HOT, 0, false, false, 0);
            }
            attempt++;
        }
        if (attempt > 0) {
            counters.add(LruCounter.DIRECT_RECLAIMS, classId, attempt);
        }
        return chunk;
    }

    /** Frees an item that was not stored. */
    public void free(final long item) {
        slabs.freeItem(item);
    }

    // -- links

    void link(final long item) {
        linkAlone(item);
        mirror.stored(item);
    }

    private void linkAlone(final long item) {
        Item.set(item, Item.FLAG_LINKED);
        Item.time(item, clock.seconds());
        Item.cas(item, nextCas());
        table.insert(item);
        lru.link(item);
        itemCount++;
        itemBytes += Item.totalBytes(item);
        counters.add(StoreCounter.TOTAL_ITEMS, 1);
        sizes.add(item);
    }

    /** Links a copy of an item in its place: as old, with the same CAS id. */
    void relink(final long item, final int time) {
        restore(item, Item.cas(item));
        Item.time(item, time);
        counters.add(StoreCounter.TOTAL_ITEMS, -1);
    }

    /** Links an item that a mirror has kept, with the CAS id that it had. */
    public void restore(final long item, final long cas) {
        linkAlone(item);
        sizes.remove(item);
        Item.cas(item, cas);
        sizes.add(item);
    }

    /** Ids from {@code first} on are new. */
    public void casBase(final long first) {
        casId = first;
    }

    void unlink(final long item) {
        Item.clear(item, Item.FLAG_LINKED);
        sizes.remove(item);
        table.remove(item);
        lru.unlink(item);
        itemCount--;
        itemBytes -= Item.totalBytes(item);
    }

    /** Keeps a linked item from being evicted or moved; it can still be found. */
    void pin(final long item) {
        lru.unlink(item);
        Item.clear(item, Item.FLAG_LINKED);
    }

    void unpin(final long item) {
        Item.set(item, Item.FLAG_LINKED);
        lru.link(item);
    }

    /** Unlinks and frees. */
    public void remove(final long item) {
        mirror.removed(item);
        removeReplaced(item);
    }

    /** Unlinks and frees what another of the same key takes the place of. */
    void removeReplaced(final long item) {
        unlink(item);
        slabs.freeItem(item);
    }

    /** Sets when a linked item expires. */
    public void expiry(final long item, final int seconds) {
        Item.expiry(item, seconds);
        changed(item);
    }

    /** A linked item is not what it was. */
    public void changed(final long item) {
        mirror.stored(item);
    }

    /** The next id, or 0 if the store keeps none. */
    public long nextCas() {
        return settings.cas ? ++casId : 0;
    }

    /** Counts an item that could not be made. */
    public void refused(final long key, final int keyBytes, final StoreMode mode, final boolean forMemory) {
        counters.add(forMemory ? StoreCounter.STORE_NO_MEMORY : StoreCounter.STORE_TOO_LARGE, 1);
        if (listener.wantsStores()) {
            listener.onStore(key, keyBytes, forMemory ? StoreResult.NO_MEMORY : StoreResult.TOO_LARGE, mode, Item.NONE);
        }
    }

    /** Removes what is stored under a key, if anything is. */
    public void removeKey(final long key, final int keyBytes) {
        final long item = get(key, keyBytes, false);
        if (item != Item.NONE) {
            remove(item);
        }
    }

    // -- lookup

    /** Whether it has expired, as the maintenance sees it: a second later than a lookup does. */
    boolean isOver(final long item) {
        return Item.expiry(item) != 0 && Integer.compareUnsigned(Item.expiry(item), clock.seconds()) < 0
                || isFlushed(item);
    }

    boolean isFlushed(final long item) {
        if (flushedUntil == 0 || flushedUntil > clock.seconds()) {
            return false;
        }
        final long cas = Item.cas(item);
        return Item.time(item) <= flushedUntil || flushedCas != 0 && cas != 0 && cas < flushedCas;
    }

    /**
     * Looks a key up; what is over is removed.
     *
     * @param use whether this counts as a use
     * @return the item, or 0
     */
    public long get(final long key, final int keyBytes, final boolean use) {
        long item = table.find(key, keyBytes, table.hash(key, keyBytes));
        int result = StoreListener.NOT_FOUND;
        if (item != Item.NONE) {
            result = StoreListener.FOUND;
            if (isFlushed(item)) {
                counters.add(StoreCounter.GET_FLUSHED, 1);
                result = StoreListener.FLUSHED;
            } else if (Item.expiry(item) != 0 && Integer.compareUnsigned(Item.expiry(item), clock.seconds()) <= 0) {
                counters.add(StoreCounter.GET_EXPIRED, 1);
                result = StoreListener.EXPIRED;
            }
            if (result != StoreListener.FOUND) {
                remove(item);
                item = Item.NONE;
            } else if (use) {
                use(item);
            }
        }
        if (listener.wantsGets()) {
            listener.onGet(key, keyBytes, result, item);
        }
        return item;
    }

    /** Counts a use: the second one makes an item active, which keeps it from the end of its list. */
    public void use(final long item) {
        if (!settings.lruSegmented) {
            Item.set(item, Item.FLAG_FETCHED);
            refresh(item);
        } else if (!Item.has(item, Item.FLAG_ACTIVE)) {
            if (!Item.has(item, Item.FLAG_FETCHED)) {
                Item.set(item, Item.FLAG_FETCHED);
            } else {
                Item.set(item, Item.FLAG_ACTIVE);
                if (Lru.listOf(Item.lruId(item)) == Lru.COLD) {
                    refresh(item);
                } else {
                    Item.time(item, clock.seconds());
                }
            }
        }
    }

    /** Without segments the head of a list is worth a move once a minute only. */
    private static final int REFRESH_SECONDS = 60;

    void refresh(final long item) {
        if (settings.lruSegmented) {
            Item.time(item, clock.seconds());
            if (Lru.listOf(Item.lruId(item)) == Lru.COLD && Item.has(item, Item.FLAG_ACTIVE)) {
                Item.clear(item, Item.FLAG_ACTIVE);
                lru.move(item, Lru.WARM);
                counters.add(LruCounter.MOVES_TO_WARM, Item.lruId(item), 1);
            }
        } else if (Item.time(item) < clock.seconds() - REFRESH_SECONDS) {
            Item.time(item, clock.seconds());
            lru.unlink(item);
            lru.link(item);
        }
    }

    /** All that is stored now is over, or will be at a second to come. */
    public void flush(final int atSecond) {
        final int from = atSecond == 0 ? clock.seconds() : atSecond;
        if (settings.cas) {
            flushedUntil = from - 1;
            if (flushedUntil <= clock.seconds()) {
                flushedCas = nextCas();
            }
        } else {
            flushedUntil = from;
        }
        mirror.flushed();
    }

    // -- questions

    public int flushedUntil() {
        return flushedUntil;
    }

    /** Items with lower CAS ids are over, too; 0 for none. */
    public long flushedCas() {
        return flushedCas;
    }

    public long itemCount() {
        return itemCount;
    }

    public long itemBytes() {
        return itemBytes;
    }

    @Override
    public void close() {
        slabs.close();
        table.close();
        lru.close();
    }
}
