package io.netchannel.samples.memcached.store;

/**
 * Who is told of what happens to items.
 *
 * <p>Threading: under the store's lock; must not call the store.
 */
public interface StoreListener {

    /** Results of {@link #onGet}. */
    int NOT_FOUND = 0;
    int FOUND = 1;
    int FLUSHED = 2;
    int EXPIRED = 3;

    /** Whether anybody wants to know of lookups. */
    boolean wantsGets();

    /** @param item or 0 */
    void onGet(long key, int keyBytes, int result, long item);

    boolean wantsStores();

    /** @param item what was to be stored, or 0 if there was no memory for it */
    void onStore(long key, int keyBytes, StoreResult result, StoreMode mode, long item);

    boolean wantsEvictions();

    void onEvict(long item);

    /** A line for who watches the system's own work, without its time. */
    void onSystemEvent(String text);
}
