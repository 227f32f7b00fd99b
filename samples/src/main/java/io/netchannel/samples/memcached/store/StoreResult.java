package io.netchannel.samples.memcached.store;

/** What became of a value. */
public enum StoreResult {
    NOT_STORED, STORED, EXISTS, NOT_FOUND, TOO_LARGE, NO_MEMORY
}
