package io.netchannel.samples.memcached.protocol;

import io.netchannel.samples.memcached.store.Item;
import io.netchannel.samples.memcached.store.StoreClock;

/**
 * The flags of a meta command's answer.
 *
 * <p>Threading: confined to its loop, under the store's lock.
 */
final class MetaReply {

    private static final byte[] BINARY_KEY = Replies.ascii(" b");
    private static final byte[] NEVER = Replies.ascii("-1");
    static final byte[] OPAQUE_TOO_LONG = Replies.line("CLIENT_ERROR opaque token too long");

    private final Output output;
    private final Tokens tokens;
    private final MetaFlags flags;
    private final StoreClock clock;

    MetaReply(final Output output, final Tokens tokens, final MetaFlags flags, final StoreClock clock) {
        this.output = output;
        this.tokens = tokens;
        this.flags = flags;
        this.clock = clock;
    }

    void putFlag(final char flag) {
        output.put(' ');
        output.put(flag);
    }

    void putFlag(final char flag, final long value) {
        putFlag(flag);
        output.putNumber(value);
    }

    void putRemaining(final long item) {
        putFlag('t');
        if (Item.expiry(item) == 0) {
            output.put(NEVER);
        } else {
            output.putNumber(Integer.toUnsignedLong(Item.expiry(item) - clock.seconds()));
        }
    }

    boolean putOpaque(final int word, final int start) {
        if (tokens.length(word) > MetaFlags.MAX_OPAQUE_BYTES) {
            output.truncate(start);
            output.put(OPAQUE_TOO_LONG);
            return false;
        }
        output.put(' ');
        output.put(tokens.address(word), tokens.length(word));
        return true;
    }

    void putKey(final long key, final int keyBytes, final boolean encoded) {
        putFlag('k');
        if (encoded) {
            output.advance(KeyCodec.encode(key, keyBytes, output.reserve(KeyCodec.encodedBytes(keyBytes))));
            output.put(BINARY_KEY);
        } else {
            output.put(key, keyBytes);
        }
    }

    /** Opaque and key as the request has them; @return false if an error was answered instead */
    boolean putEchoes(final int start) {
        for (int i = 2; i < tokens.count(); i++) {
            final int flag = tokens.character(i, 0);
            if (flag == 'O' && !putOpaque(i, start)) {
                return false;
            }
            if (flag == 'k') {
                putKey(flags.key, flags.keyBytes, flags.keyBinary);
            }
        }
        return true;
    }
}
