package io.netchannel.samples.memcached.store;

/** What is counted for each slab class. */
public enum ClassCounter {
    SET_CMDS, TOUCH_HITS, DELETE_HITS, CAS_HITS, CAS_BADVAL, INCR_HITS, DECR_HITS
}
