package io.netchannel.samples.memcached.store;

/** How a value is stored; in the order in which the original counts them, from 1. */
public enum StoreMode {
    ADD, SET, REPLACE, APPEND, PREPEND, CAS
}
