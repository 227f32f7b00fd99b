package io.netchannel.samples.haproxy.expression;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** The hash functions that converters name, and balancing uses; results of 32 bits are ints. */
public final class Hashes {

    private static final int PRIME32_1 = 0x9E3779B1;
    private static final int PRIME32_2 = 0x85EBCA77;
    private static final int PRIME32_3 = 0xC2B2AE3D;
    private static final int PRIME32_4 = 0x27D4EB2F;
    private static final int PRIME32_5 = 0x165667B1;
    private static final long PRIME64_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME64_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME64_3 = 0x165667B19E3779F9L;
    private static final long PRIME64_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME64_5 = 0x27D4EB2F165667C5L;

    private Hashes() {
    }

    /** Spreads an int over all bits, as {@code hash-type … avalanche} does. */
    public static int avalanche(final int value) {
        int a = value;
        a = a + 0x7ed55d16 + (a << 12);
        a = a ^ 0xc761c23c ^ a >>> 19;
        a = a + 0x165667b1 + (a << 5);
        a = a + 0xd3a2646c ^ a << 9;
        a = a + 0xfd7046c5 + (a << 3);
        a = a ^ 0xb55a4f09 ^ a >>> 16;
        return a * (int) 3221225473L;
    }

    /** @param start 0, or the hash of what stands before */
    public static int sdbm(final int start, final byte[] bytes) {
        int hash = start;
        for (final byte b : bytes) {
            hash = (b & 255) + (hash << 6) + (hash << 16) - hash;
        }
        return hash;
    }

    public static int djb2(final byte[] bytes) {
        int hash = 5381;
        for (final byte b : bytes) {
            hash = (hash << 5) + hash + (b & 255);
        }
        return hash;
    }

    public static int wt6(final byte[] bytes) {
        int h0 = 0xa53c965a;
        int h1 = 0x5ca6953a;
        int step0 = 6;
        int step1 = 18;
        for (final byte b : bytes) {
            h0 = ~(h0 ^ b & 255);
            h1 = ~(h1 + (b & 255));
            final int turned = Integer.rotateLeft(h1, step0);
            h1 = Integer.rotateLeft(h0, step1);
            h0 = turned;
            final int next = (h0 >>> 16 ^ h1) & 0xffff;
            step0 = next & 0x1f;
            step1 = next >>> 11;
        }
        return h0 ^ h1;
    }

    public static int crc32(final byte[] bytes) {
        final CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    public static int crc32c(final byte[] bytes) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    public static long xxh3(final byte[] bytes, final long seed) {
        return Xxh3.hash(bytes, seed);
    }

    public static int xxh32(final byte[] bytes, final int seed) {
        final ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int hash = seed + PRIME32_5;
        if (bytes.length >= 16) {
            int a = seed + PRIME32_1 + PRIME32_2;
            int b = seed + PRIME32_2;
            int c = seed;
            int d = seed - PRIME32_1;
            while (in.remaining() >= 16) {
                a = round32(a, in.getInt());
                b = round32(b, in.getInt());
                c = round32(c, in.getInt());
                d = round32(d, in.getInt());
            }
            hash = Integer.rotateLeft(a, 1) + Integer.rotateLeft(b, 7) + Integer.rotateLeft(c, 12)
                    + Integer.rotateLeft(d, 18);
        }
        hash += bytes.length;
        while (in.remaining() >= 4) {
            hash = Integer.rotateLeft(hash + in.getInt() * PRIME32_3, 17) * PRIME32_4;
        }
        while (in.hasRemaining()) {
            hash = Integer.rotateLeft(hash + (in.get() & 255) * PRIME32_5, 11) * PRIME32_1;
        }
        hash = (hash ^ hash >>> 15) * PRIME32_2;
        hash = (hash ^ hash >>> 13) * PRIME32_3;
        return hash ^ hash >>> 16;
    }

    private static int round32(final int acc, final int word) {
        return Integer.rotateLeft(acc + word * PRIME32_2, 13) * PRIME32_1;
    }

    public static long xxh64(final byte[] bytes, final long seed) {
        final ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long hash = seed + PRIME64_5;
        if (bytes.length >= 32) {
            long a = seed + PRIME64_1 + PRIME64_2;
            long b = seed + PRIME64_2;
            long c = seed;
            long d = seed - PRIME64_1;
            while (in.remaining() >= 32) {
                a = round64(a, in.getLong());
                b = round64(b, in.getLong());
                c = round64(c, in.getLong());
                d = round64(d, in.getLong());
            }
            hash = Long.rotateLeft(a, 1) + Long.rotateLeft(b, 7) + Long.rotateLeft(c, 12) + Long.rotateLeft(d, 18);
            hash = merge64(merge64(merge64(merge64(hash, a), b), c), d);
        }
        hash += bytes.length;
        while (in.remaining() >= 8) {
            hash = Long.rotateLeft(hash ^ round64(0, in.getLong()), 27) * PRIME64_1 + PRIME64_4;
        }
        if (in.remaining() >= 4) {
            hash = Long.rotateLeft(hash ^ (in.getInt() & 0xffffffffL) * PRIME64_1, 23) * PRIME64_2 + PRIME64_3;
        }
        while (in.hasRemaining()) {
            hash = Long.rotateLeft(hash ^ (in.get() & 255) * PRIME64_5, 11) * PRIME64_1;
        }
        hash = (hash ^ hash >>> 33) * PRIME64_2;
        hash = (hash ^ hash >>> 29) * PRIME64_3;
        return hash ^ hash >>> 32;
    }

    private static long round64(final long acc, final long word) {
        return Long.rotateLeft(acc + word * PRIME64_2, 31) * PRIME64_1;
    }

    private static long merge64(final long hash, final long acc) {
        return (hash ^ round64(0, acc)) * PRIME64_1 + PRIME64_4;
    }
}
