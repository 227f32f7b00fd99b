package io.netchannel.samples.haproxy.proxy;

/** Something to be done at a time, unless it is put off; see {@link Timers}. */
abstract class Timeout {

    static final long NEVER = Long.MAX_VALUE;

    /** Place in the heap, or -1. */
    int index = -1;
    long atMs = NEVER;

    /** Its time has come; it is no longer armed. */
    abstract void expired(long nowMs);
}
