package io.netchannel.samples.memcached.load;

import io.netchannel.samples.load.Bounds;

/**
 * What is asked for.
 *
 * @param sets of {@code sets + gets} requests store, the others read
 * @param verify whether each value is compared with what was stored
 */
record LoadProfile(int connections, int valueBytes, int keys, int sets, int gets, boolean verify, long seed) {

    static final int MAX_CONNECTIONS = 10_000;
    static final int MAX_VALUE_BYTES = 1_000_000;
    static final int MAX_KEYS = 10_000_000;
    static final int MAX_RATIO = 10_000;

    /** What an item takes beside its value, at most: header, key, and the room that its slab class leaves. */
    private static final double SLAB_OVERHEAD = 1.6;
    private static final int ITEM_OVERHEAD_BYTES = 100;
    private static final int SPARE_MEGABYTES = 64;
    private static final int SPARE_CONNECTIONS = 64;
    private static final int DEFAULT_CONNECTIONS = 1024;

    LoadProfile {
        Bounds.require("connections", connections, 1, MAX_CONNECTIONS);
        Bounds.require("valueBytes", valueBytes, 1, MAX_VALUE_BYTES);
        Bounds.require("keys", keys, 1, MAX_KEYS);
        Bounds.require("sets", sets, 0, MAX_RATIO);
        Bounds.require("gets", gets, 0, MAX_RATIO);
        Bounds.require("sets+gets", sets + gets, 1, 2 * MAX_RATIO);
    }

    /** Of a server that is to keep all keys. */
    int serverMegabytes() {
        return SPARE_MEGABYTES + (int) ((valueBytes + ITEM_OVERHEAD_BYTES) * SLAB_OVERHEAD * keys / (1 << 20));
    }

    /** That a server is to take. */
    int serverConnections() {
        return Math.max(DEFAULT_CONNECTIONS, connections + SPARE_CONNECTIONS);
    }

    /** For a title. */
    String describe() {
        return connections + (connections == 1 ? " connection" : " connections") + ", values of " + valueBytes
                + " bytes, " + keys + " keys, set:get " + sets + ":" + gets + (verify ? ", verified" : "");
    }
}
