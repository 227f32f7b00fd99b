package io.netchannel.samples.memcached.warm;

/**
 * Values in the table, in the CPU's order.
 *
 * <pre>
 *   an item, under its key:      client flags, 4 | item flags, 4 | CAS id, 8 | stored at, 8 | value with CR LF
 *   the rest, under the empty key: flushed until, 8 | flushed CAS ids below, 8 | CAS ids below, 8
 * </pre>
 * Times are seconds since 1970.
 */
final class WarmLayout {

    static final int CLIENT_FLAGS_OFFSET = 0;
    static final int ITEM_FLAGS_OFFSET = 4;
    static final int CAS_OFFSET = 8;
    static final int STORED_OFFSET = 16;
    static final int ITEM_BYTES = 24;

    static final int FLUSHED_OFFSET = 0;
    static final int FLUSHED_CAS_OFFSET = 8;
    static final int CAS_BASE_OFFSET = 16;
    static final int REST_BYTES = 24;

    private WarmLayout() {
    }
}
