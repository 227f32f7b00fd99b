package io.netchannel.samples.haproxy.expression;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** XXH3 of 64 bits (xxHash's specification, version 0.8), with a seed. */
final class Xxh3 {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte[] SECRET = HexFormat.of().parseHex(
            "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221"
                    + "b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
                    + "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb"
                    + "170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e");

    private static final long PRIME32_1 = 0x9E3779B1L;
    private static final long PRIME32_2 = 0x85EBCA77L;
    private static final long PRIME32_3 = 0xC2B2AE3DL;
    private static final long PRIME64_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME64_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME64_3 = 0x165667B19E3779F9L;
    private static final long PRIME64_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME64_5 = 0x27D4EB2F165667C5L;
    private static final long PRIME_MX1 = 0x165667919E3779F9L;
    private static final long PRIME_MX2 = 0x9FB21C651E98DF25L;

    private static final int STRIPE_BYTES = 64;
    private static final int SECRET_STEP = 8;
    private static final int LAST_SECRET = 192 - STRIPE_BYTES;
    private static final int STRIPES_PER_BLOCK = LAST_SECRET / SECRET_STEP;
    private static final int BLOCK_BYTES = STRIPE_BYTES * STRIPES_PER_BLOCK;

    private Xxh3() {
    }

    static long hash(final byte[] in, final long seed) {
        final int length = in.length;
        if (length == 0) {
            return finish64(seed ^ secret(56) ^ secret(64));
        }
        if (length <= 3) {
            final int combined = (in[0] & 255) << 16 | (in[length >> 1] & 255) << 24 | in[length - 1] & 255
                    | length << 8;
            final long flip = ((int) INT.get(SECRET, 0) ^ (int) INT.get(SECRET, 4)) & 0xffffffffL;
            return finish64(combined & 0xffffffffL ^ flip + seed);
        }
        if (length <= 8) {
            return upTo8(in, seed);
        }
        if (length <= 16) {
            final long low = word(in, 0) ^ (secret(24) ^ secret(32)) + seed;
            final long high = word(in, length - 8) ^ (secret(40) ^ secret(48)) - seed;
            return finish(length + Long.reverseBytes(low) + high + fold(low, high));
        }
        if (length <= 128) {
            return upTo128(in, seed);
        }
        return length <= 240 ? upTo240(in, seed) : stripes(in, seed);
    }

    private static long upTo8(final byte[] in, final long seed) {
        final long mixedSeed = seed ^ (long) Integer.reverseBytes((int) seed) << 32;
        final long first = (int) INT.get(in, 0) & 0xffffffffL;
        final long last = (int) INT.get(in, in.length - 4) & 0xffffffffL;
        long hash = last + (first << 32) ^ (secret(8) ^ secret(16)) - mixedSeed;
        hash ^= Long.rotateLeft(hash, 49) ^ Long.rotateLeft(hash, 24);
        hash *= PRIME_MX2;
        hash ^= (hash >>> 35) + in.length;
        hash *= PRIME_MX2;
        return hash ^ hash >>> 28;
    }

    private static long upTo128(final byte[] in, final long seed) {
        final int length = in.length;
        long sum = length * PRIME64_1;
        for (int i = (length - 1) / 32; i >= 0; i--) {
            sum += mix(in, 16 * i, 32 * i, seed) + mix(in, length - 16 * (i + 1), 32 * i + 16, seed);
        }
        return finish(sum);
    }

    private static long upTo240(final byte[] in, final long seed) {
        final int length = in.length;
        long sum = length * PRIME64_1;
        for (int i = 0; i < 8; i++) {
            sum += mix(in, 16 * i, 16 * i, seed);
        }
        sum = finish(sum);
        for (int i = 8; i < length / 16; i++) {
            sum += mix(in, 16 * i, 16 * (i - 8) + 3, seed);
        }
        return finish(sum + mix(in, length - 16, 136 - 17, seed));
    }

    private static long stripes(final byte[] in, final long seed) {
        final byte[] secret = seed == 0 ? SECRET : seeded(seed);
        final long[] acc = {PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1};
        final int length = in.length;
        final int blocks = (length - 1) / BLOCK_BYTES;
        for (int block = 0; block < blocks; block++) {
            for (int i = 0; i < STRIPES_PER_BLOCK; i++) {
                accumulate(acc, in, block * BLOCK_BYTES + i * STRIPE_BYTES, secret, i * SECRET_STEP);
            }
            for (int i = 0; i < 8; i++) {
                acc[i] = (acc[i] ^ acc[i] >>> 47 ^ (long) LONG.get(secret, LAST_SECRET + 8 * i)) * PRIME32_1;
            }
        }
        final int rest = (length - 1 - BLOCK_BYTES * blocks) / STRIPE_BYTES;
        for (int i = 0; i < rest; i++) {
            accumulate(acc, in, blocks * BLOCK_BYTES + i * STRIPE_BYTES, secret, i * SECRET_STEP);
        }
        accumulate(acc, in, length - STRIPE_BYTES, secret, LAST_SECRET - 7);
        long sum = length * PRIME64_1;
        for (int i = 0; i < 4; i++) {
            sum += fold(acc[2 * i] ^ (long) LONG.get(secret, 11 + 16 * i),
                    acc[2 * i + 1] ^ (long) LONG.get(secret, 19 + 16 * i));
        }
        return finish(sum);
    }

    private static byte[] seeded(final long seed) {
        final byte[] secret = new byte[SECRET.length];
        for (int i = 0; i < SECRET.length; i += 16) {
            LONG.set(secret, i, secret(i) + seed);
            LONG.set(secret, i + 8, secret(i + 8) - seed);
        }
        return secret;
    }

    private static void accumulate(final long[] acc, final byte[] in, final int at, final byte[] secret,
            final int key) {
        for (int i = 0; i < 8; i++) {
            final long value = word(in, at + 8 * i);
            final long keyed = value ^ (long) LONG.get(secret, key + 8 * i);
            acc[i ^ 1] += value;
            acc[i] += (keyed & 0xffffffffL) * (keyed >>> 32);
        }
    }

    private static long mix(final byte[] in, final int at, final int key, final long seed) {
        return fold(word(in, at) ^ secret(key) + seed, word(in, at + 8) ^ secret(key + 8) - seed);
    }

    private static long fold(final long a, final long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }

    private static long finish(final long hash) {
        final long mixed = (hash ^ hash >>> 37) * PRIME_MX1;
        return mixed ^ mixed >>> 32;
    }

    private static long finish64(final long hash) {
        long mixed = (hash ^ hash >>> 33) * PRIME64_2;
        mixed = (mixed ^ mixed >>> 29) * PRIME64_3;
        return mixed ^ mixed >>> 32;
    }

    private static long word(final byte[] in, final int at) {
        return (long) LONG.get(in, at);
    }

    private static long secret(final int at) {
        return (long) LONG.get(SECRET, at);
    }
}
