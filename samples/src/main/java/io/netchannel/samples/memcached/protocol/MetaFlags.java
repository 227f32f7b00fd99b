package io.netchannel.samples.memcached.protocol;

import io.netchannel.samples.memcached.store.Item;
import io.netchannel.samples.memcached.store.StoreClock;

/**
 * The flags of a meta command: one character each, some with a value behind it.
 *
 * <p>Threading: confined to its loop.
 */
final class MetaFlags {

    /** Words of a meta command, itself included. */
    static final int MAX_WORDS = 19;
    static final int MAX_OPAQUE_BYTES = 32;
    private static final int LAST_FLAG = 126;
    private static final String RETURNED = "kstcfOPL";
    private static final byte[] DUPLICATE = Replies.line("CLIENT_ERROR duplicate flag");
    private static final byte[] INVALID = Replies.line("CLIENT_ERROR invalid flag");
    private static final byte[] BAD_KEY = Replies.line("CLIENT_ERROR error decoding key");
    private static final byte[] BAD_TOKEN = Replies.line("CLIENT_ERROR bad token in command line format");
    private static final byte[] BAD_MODE = Replies.line("CLIENT_ERROR incorrect length for M token");
    private static final byte[] BAD_INITIAL = Replies.line("CLIENT_ERROR invalid numeric initial value");
    private static final byte[] BAD_DELTA = Replies.line("CLIENT_ERROR invalid numeric delta value");

    private final Tokens tokens;
    private final StoreClock clock;
    private final long keyScratch;

    long key;
    int keyBytes;
    boolean noUpdate;
    boolean vivify;
    boolean value;
    boolean invalidate;
    boolean quiet;
    boolean hasCas;
    boolean newExpiry;
    boolean keyBinary;
    /** Asks for something that a lookup by itself would change: when it was used, whether it was. */
    boolean beforeUse;
    int mode;
    int expiry;
    int vivifyExpiry;
    int recacheBefore;
    int clientFlags;
    long cas;
    long delta;
    long initial;

    /** @param keyScratch address of {@link Item#MAX_KEY_BYTES} bytes */
    MetaFlags(final Tokens tokens, final StoreClock clock, final long keyScratch) {
        this.tokens = tokens;
        this.clock = clock;
        this.keyScratch = keyScratch;
    }

    /**
     * Reads the words from {@code first} on; the key is word 1.
     *
     * @return null, or what is wrong
     */
    byte[] parse(final int first) {
        clear();
        long seenLow = 0;
        long seenHigh = 0;
        byte[] error = null;
        for (int i = first; i < tokens.count(); i++) {
            final int flag = tokens.character(i, 0);
            final long bit = 1L << flag;
            if (flag > LAST_FLAG || ((flag < Long.SIZE ? seenLow : seenHigh) & bit) != 0) {
                return DUPLICATE;
            }
            if (flag < Long.SIZE) {
                seenLow |= bit;
            } else {
                seenHigh |= bit;
            }
            final byte[] wrong = RETURNED.indexOf(flag) >= 0 ? null : one(i, flag);
            if (wrong == INVALID) {
                return wrong;
            }
            error = wrong == null ? error : wrong;
        }
        return error;
    }

    private void clear() {
        key = tokens.address(1);
        keyBytes = tokens.length(1);
        noUpdate = false;
        vivify = false;
        value = false;
        invalidate = false;
        quiet = false;
        hasCas = false;
        newExpiry = false;
        keyBinary = false;
        beforeUse = false;
        mode = 0;
        expiry = 0;
        vivifyExpiry = 0;
        recacheBefore = 0;
        clientFlags = 0;
        cas = 0;
        delta = 1;
        initial = 0;
    }

    private byte[] one(final int i, final int flag) {
        switch (flag) {
            case 'b' -> {
                keyBytes = KeyCodec.decode(key, keyBytes, keyScratch);
                key = keyScratch;
                keyBinary = true;
                return keyBytes == 0 ? BAD_KEY : null;
            }
            case 'N', 'T', 'R' -> {
                return seconds(i, flag);
            }
            case 'l', 'h' -> beforeUse = true;
            case 'v' -> value = true;
            case 'u' -> noUpdate = true;
            case 'q' -> quiet = true;
            case 'I' -> invalidate = true;
            case 'F' -> {
                if (!tokens.isUnsigned(i, 1)) {
                    return Replies.BAD_LINE_FORMAT;
                }
                clientFlags = (int) tokens.number(i, 1);
            }
            case 'C' -> {
                if (!tokens.isUnsigned(i, 1)) {
                    return BAD_TOKEN;
                }
                cas = tokens.number(i, 1);
                hasCas = true;
            }
            case 'M' -> {
                if (tokens.length(i) != 2) {
                    return BAD_MODE;
                }
                mode = tokens.character(i, 1);
            }
            case 'J' -> {
                if (!tokens.isUnsigned(i, 1)) {
                    return BAD_INITIAL;
                }
                initial = tokens.number(i, 1);
            }
            case 'D' -> {
                if (!tokens.isUnsigned(i, 1)) {
                    return BAD_DELTA;
                }
                delta = tokens.number(i, 1);
            }
            default -> {
                return INVALID;
            }
        }
        return null;
    }

    private byte[] seconds(final int i, final int flag) {
        if (!tokens.isSigned(i, 1)) {
            return BAD_TOKEN;
        }
        final int second = clock.expiry((int) tokens.number(i, 1));
        switch (flag) {
            case 'N' -> {
                vivify = true;
                beforeUse = true;
                vivifyExpiry = second;
            }
            case 'T' -> {
                newExpiry = true;
                beforeUse = true;
                expiry = second;
            }
            default -> {
                beforeUse = true;
                recacheBefore = second;
            }
        }
        return null;
    }
}
