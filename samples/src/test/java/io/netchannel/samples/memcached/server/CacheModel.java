package io.netchannel.samples.memcached.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/**
 * What a cache may answer: for each key its last version, or nothing. Makes bursts of requests and checks the answers; a
 * value begins with its key and version, and all its other bytes follow from those.
 */
final class CacheModel {

    static final int KEYS = 600_000;
    static final int MAX_TTL_SECONDS = 40;
    static final int REQUESTS_PER_BURST = 32;
    /** Keys that each burst asks for, and as many that are set at the start and never again. */
    private static final int WITNESSES = 8;
    static final int FIRST_UNTOUCHED = KEYS + WITNESSES;
    private static final int MIN_VALUE_BYTES = 10;
    private static final int MAX_VALUE_BYTES = 200 << 10;
    private static final int NONE = 0;
    private static final byte[] END = ascii("END\r\n");

    private final SplittableRandom random;
    private final long seed;
    private final byte[] filler = new byte[2 * MAX_VALUE_BYTES];
    private final int[] version = new int[KEYS + 2 * WITNESSES];
    private final int[] length = new int[version.length];
    private final int[] expiry = new int[version.length];
    private final ByteArrayOutputStream requests = new ByteArrayOutputStream();
    private final Operation[] kinds = new Operation[2 * REQUESTS_PER_BURST];
    private final int[] keys = new int[kinds.length];
    private final int[] versions = new int[kinds.length];
    private final int[] ttls = new int[kinds.length];
    private final int[] lengths = new int[kinds.length];
    private final Counts counts = new Counts();
    private int count;
    private int sets;
    private boolean witnessed;
    private byte[] answer;
    private int at;

    private enum Operation {
        SET, GET, DELETE, TOUCH
    }

    /** What has been answered. */
    static final class Counts {
        long stored;
        long hits;
        long touches;
        long touchHits;
        long deletes;
        long deleteHits;
    }

    CacheModel(final SplittableRandom random, final long seed) {
        this.random = random;
        this.seed = seed;
        random.nextBytes(filler);
    }

    Counts counts() {
        return counts;
    }

    int sets() {
        return sets;
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    // -- requests

    /** What {@link #check} expects the answer to. */
    byte[] request() {
        final byte[] all = requests.toByteArray();
        requests.reset();
        return all;
    }

    void setWitnesses() {
        witnessed = true;
        for (int key = KEYS; key < version.length; key++) {
            set(key, 100, 0);
        }
    }

    void nextBurst() {
        for (int i = 0; i < REQUESTS_PER_BURST; i++) {
            final int key = key();
            final int choice = random.nextInt(100);
            if (choice < 64) {
                set(key, valueBytes(), random.nextInt(10) == 0 ? 1 + random.nextInt(MAX_TTL_SECONDS) : 0);
            } else if (choice < 94) {
                get(key);
            } else if (choice < 97) {
                requests.writeBytes(ascii("delete k" + key + "\r\n"));
                add(Operation.DELETE, key);
            } else {
                ttls[count] = 1 + random.nextInt(MAX_TTL_SECONDS);
                requests.writeBytes(ascii("touch k" + key + " " + ttls[count] + "\r\n"));
                add(Operation.TOUCH, key);
            }
        }
        get(KEYS + random.nextInt(WITNESSES));
    }

    /** The n-th key as often as 1/n, as Zipf has it. */
    private int key() {
        return (int) Math.exp(random.nextDouble() * Math.log(KEYS)) % KEYS;
    }

    /** Mostly small; one in a hundred may be of any size. */
    private int valueBytes() {
        final int choice = random.nextInt(100);
        final int max = choice == 0 ? MAX_VALUE_BYTES : choice < 10 ? 8192 : 1000;
        return (int) (MIN_VALUE_BYTES * Math.exp(random.nextDouble() * Math.log((double) max / MIN_VALUE_BYTES)));
    }

    private void set(final int key, final int bytes, final int ttl) {
        ttls[count] = ttl;
        lengths[count] = bytes;
        versions[count] = ++sets;
        requests.writeBytes(ascii("set k" + key + " " + sets + " " + ttl + " " + bytes + "\r\n"));
        requests.writeBytes(value(key, sets, bytes));
        requests.writeBytes(ascii("\r\n"));
        add(Operation.SET, key);
    }

    void get(final int key) {
        requests.writeBytes(ascii("get k" + key + "\r\n"));
        add(Operation.GET, key);
    }

    private void add(final Operation kind, final int key) {
        kinds[count] = kind;
        keys[count++] = key;
    }

    private byte[] value(final int key, final int ofVersion, final int bytes) {
        final int from = Math.floorMod(key * 31 + ofVersion * 17, MAX_VALUE_BYTES);
        final byte[] value = Arrays.copyOfRange(filler, from, from + bytes);
        ByteBuffer.wrap(value).putInt(key).putInt(ofVersion);
        return value;
    }

    // -- answers

    void check(final byte[] bytes, final int second) {
        answer = bytes;
        at = 0;
        for (int i = 0; i < count; i++) {
            switch (kinds[i]) {
                case SET -> checkSet(i, second);
                case GET -> checkGet(keys[i], second);
                case DELETE -> checkDelete(keys[i], second);
                case TOUCH -> checkTouch(keys[i], ttls[i], second);
            }
        }
        count = 0;
        if (at != answer.length) {
            throw wrong("more than was asked for");
        }
    }

    private AssertionError wrong(final String what) {
        return new AssertionError(what + ", seed " + seed + ", at " + new String(answer, at, Math.min(100, answer.length
                - at), StandardCharsets.ISO_8859_1));
    }

    private String line() {
        final int from = at;
        while (at < answer.length && answer[at] != '\n') {
            at++;
        }
        if (at++ == answer.length) {
            at = from;
            throw wrong("half an answer");
        }
        return new String(answer, from, at - 2 - from, StandardCharsets.ISO_8859_1);
    }

    private void checkSet(final int request, final int second) {
        final int key = keys[request];
        final String line = line();
        if (line.equals("STORED")) {
            counts.stored++;
            version[key] = versions[request];
            length[key] = lengths[request];
            expiry[key] = ttls[request] == 0 ? 0 : second + ttls[request];
        } else if (line.equals("SERVER_ERROR out of memory storing object")) {
            // As the original: what was there before is over all the same.
            version[key] = NONE;
        } else {
            throw wrong(line + " for a set of k" + key);
        }
    }

    private boolean mayBeThere(final int key, final int second) {
        return version[key] != NONE && (expiry[key] == 0 || expiry[key] > second);
    }

    private void checkGet(final int key, final int second) {
        if (answer.length - at >= END.length && Arrays.equals(answer, at, at + END.length, END, 0, END.length)) {
            at += END.length;
            if (witnessed && key >= KEYS && key < FIRST_UNTOUCHED) {
                throw wrong("k" + key + ", touched again and again, was evicted");
            }
            return;
        }
        final String line = line();
        if (!mayBeThere(key, second)) {
            throw wrong(line + " for k" + key + ", which is deleted or expired");
        }
        if (!line.equals("VALUE k" + key + " " + version[key] + " " + length[key])) {
            throw wrong(line + " for k" + key + " of version " + version[key] + " and length " + length[key]);
        }
        final byte[] expected = value(key, version[key], length[key]);
        final int end = at + expected.length;
        if (end > answer.length || !Arrays.equals(answer, at, end, expected, 0, expected.length)) {
            throw wrong("another value for " + line);
        }
        at = end;
        if (!line().isEmpty() || !line().equals("END")) {
            throw wrong("no end of " + line);
        }
        counts.hits++;
    }

    private void checkDelete(final int key, final int second) {
        final String line = line();
        counts.deletes++;
        if (line.equals("DELETED") && mayBeThere(key, second)) {
            counts.deleteHits++;
        } else if (!line.equals("NOT_FOUND")) {
            throw wrong(line + " for a delete of k" + key);
        }
        version[key] = NONE;
    }

    private void checkTouch(final int key, final int ttl, final int second) {
        final String line = line();
        counts.touches++;
        if (line.equals("TOUCHED") && mayBeThere(key, second)) {
            counts.touchHits++;
            expiry[key] = second + ttl;
        } else if (!line.equals("NOT_FOUND")) {
            throw wrong(line + " for a touch of k" + key);
        }
    }

    /** What was set at the start only, among so many. */
    void assertUntouchedAreGone(final IntPredicate isGone) {
        for (int key = FIRST_UNTOUCHED; key < version.length; key++) {
            if (!isGone.test(key)) {
                throw new AssertionError("k" + key + ", never touched, is still there, seed " + seed);
            }
            version[key] = NONE;
        }
    }
}
