package io.netchannel.channels.flow;

import java.security.SecureRandom;

/**
 * The Toeplitz hash of receive-side scaling, as VirtIO 1.3, 5.1.6.4.3 and Microsoft's RSS define it: over source
 * address, destination address and, for TCP and UDP, source port and destination port, in network order, IPv4 in 4
 * bytes.
 *
 * <p>For each bit of the input that is set, the 32 bits of the key that begin at that bit's position are XORed. A table
 * for each byte of the input holds the XOR for each of its 256 values.
 *
 * <p>With a secret key a sender can't choose addresses that collide. (The function is linear, so whoever learns many
 * hashes learns the key: hashes must not be told to peers.)
 *
 * <p>Threading: immutable.
 */
public final class RssHash {

    public static final int KEY_BYTES = 40;

    private static final int V6_INPUT_BYTES = 36;
    private static final int BYTE_VALUES = 256;

    private final byte[] key;
    private final int[] tables = new int[V6_INPUT_BYTES * BYTE_VALUES];

    /**
     * @param key {@value #KEY_BYTES} bytes
     * @throws IllegalArgumentException if it has another length
     */
    public RssHash(final byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("key.length=" + key.length + " is not " + KEY_BYTES);
        }
        this.key = key.clone();
        for (int position = 0; position < V6_INPUT_BYTES; position++) {
            fillTable(position);
        }
    }

    /** With a key that nobody knows. */
    public static RssHash random(final SecureRandom random) {
        final byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return new RssHash(key);
    }

    private void fillTable(final int position) {
        long window = 0;
        for (int i = 0; i < 5; i++) {
            window = window << 8 | key[position + i] & 0xFF;
        }
        for (int value = 0; value < BYTE_VALUES; value++) {
            int hash = 0;
            for (int bit = 0; bit < 8; bit++) {
                if ((value & 0x80 >> bit) != 0) {
                    hash ^= (int) (window >>> 8 - bit);
                }
            }
            tables[position * BYTE_VALUES + value] = hash;
        }
    }

    /** The key, for a device that hashes too; secret. */
    public byte[] key() {
        return key.clone();
    }

    /** Hash of a received packet of this flow: the remote side is the source. Ports count for TCP and UDP only. */
    public int hash(final FlowKey flow) {
        final int protocol = flow.protocol();
        final boolean withPorts = protocol == FlowKey.TCP || protocol == FlowKey.UDP;
        final int ports = flow.remotePort() << 16 | flow.localPort();
        if (flow.isIpv4()) {
            final int addresses = hashLong(0, flow.remoteLow() << 32 | flow.localLow() & 0xFFFF_FFFFL);
            return withPorts ? addresses ^ hashInt(8, ports) : addresses;
        }
        final int addresses = hashLong(0, flow.remoteHigh()) ^ hashLong(8, flow.remoteLow())
                ^ hashLong(16, flow.localHigh()) ^ hashLong(24, flow.localLow());
        return withPorts ? addresses ^ hashInt(32, ports) : addresses;
    }

    private int hashLong(final int position, final long value) {
        return hashInt(position, (int) (value >>> 32)) ^ hashInt(position + 4, (int) value);
    }

    private int hashInt(final int position, final int value) {
        final int table = position * BYTE_VALUES;
        return tables[table | value >>> 24] ^ tables[table + BYTE_VALUES | value >>> 16 & 0xFF]
                ^ tables[table + 2 * BYTE_VALUES | value >>> 8 & 0xFF] ^ tables[table + 3 * BYTE_VALUES | value & 0xFF];
    }
}
