package io.netchannel.samples.haproxy.balance;

import io.netchannel.samples.haproxy.expression.Hashes;

/** By the names that {@code hash-type} has for them. */
public enum HashFunction {
    SDBM, DJB2, WT6, CRC32;

    /** @param key as on the wire */
    public int hash(final byte[] key) {
        return switch (this) {
            case SDBM -> Hashes.sdbm(0, key);
            case DJB2 -> Hashes.djb2(key);
            case WT6 -> Hashes.wt6(key);
            case CRC32 -> Hashes.crc32(key);
        };
    }
}
