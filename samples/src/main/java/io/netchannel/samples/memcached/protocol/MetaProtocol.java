package io.netchannel.samples.memcached.protocol;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.samples.memcached.store.ClassCounter;
import io.netchannel.samples.memcached.store.Decimal;
import io.netchannel.samples.memcached.store.Item;
import io.netchannel.samples.memcached.store.LruCounter;
import io.netchannel.samples.memcached.store.Store;
import io.netchannel.samples.memcached.store.StoreCounter;
import io.netchannel.samples.memcached.store.StoreMode;
import io.netchannel.samples.memcached.store.StoreResult;
import io.netchannel.samples.memcached.store.Updates;
import io.netchannel.samples.memcached.store.Values;

/**
 * The meta commands: mg, ms, md, ma, mn, me.
 *
 * <p>Threading: confined to its loop, under the store's lock.
 */
final class MetaProtocol {

    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;
    private static final byte[] HEADER = Replies.ascii("HD");
    private static final byte[] WITH_VALUE = Replies.ascii("VA ");
    private static final byte[] MISS = Replies.ascii("EN");
    private static final byte[] NOT_FOUND = Replies.ascii("NF");
    private static final byte[] NOT_STORED = Replies.ascii("NS");
    private static final byte[] EXISTS = Replies.ascii("EX");
    private static final byte[] TOO_MANY_TO_GET = Replies.line("CLIENT_ERROR options flags are too long");
    private static final byte[] TOO_MANY = Replies.line("CLIENT_ERROR options flags too long");
    private static final byte[] BAD_SET_MODE = Replies.line("CLIENT_ERROR invalid mode for ms M token");
    private static final byte[] BAD_ARITHMETIC_MODE = Replies.line("CLIENT_ERROR invalid mode for ma M token");
    private static final byte[] BAD_FLAG = Replies.line("CLIENT_ERROR invalid or duplicate flag");
    private static final byte[] NO_MEMORY_FOR_NEW = Replies.line("SERVER_ERROR Out of memory allocating new item");
    private static final int MAX_RETURN_BYTES = 1024;

    private final Worker worker;
    private final Store store;
    private final Output output;
    private final Tokens tokens;
    private final MetaFlags flags;
    private final MetaReply reply;
    private final long endOfLine;

    MetaProtocol(final Worker worker, final Tokens tokens) {
        this.worker = worker;
        this.store = worker.store();
        this.output = worker.output();
        this.tokens = tokens;
        this.flags = new MetaFlags(tokens, store.clock(), worker.scratch());
        this.reply = new MetaReply(output, tokens, flags, store.clock());
        this.endOfLine = worker.scratch() + Item.MAX_KEY_BYTES;
        MEMORY.putByte(endOfLine, (byte) '\r');
        MEMORY.putByte(endOfLine + 1, (byte) '\n');
    }

    void command(final Session session, final int second) {
        switch (second) {
            case 'g' -> get();
            case 's' -> set(session);
            case 'd' -> delete();
            case 'a' -> arithmetic();
            case 'n' -> output.put(Replies.META_NOTHING);
            case 'e' -> describe();
            default -> output.put(Replies.ERROR);
        }
    }

    /** What mg, md and ma check alike; @return whether to go on */
    private boolean prepare(final byte[] tooMany, final byte[] badFlag) {
        if (tokens.count() < 2) {
            output.put(Replies.ERROR);
            return false;
        }
        if (tokens.length(1) > Item.MAX_KEY_BYTES) {
            output.put(Replies.BAD_LINE_FORMAT);
            return false;
        }
        if (tokens.count() > MetaFlags.MAX_WORDS) {
            output.put(tooMany);
            return false;
        }
        final byte[] error = flags.parse(2);
        if (error != null) {
            output.put(badFlag == null ? error : badFlag);
            return false;
        }
        return true;
    }

    // -- mg

    private void get() {
        if (!prepare(TOO_MANY_TO_GET, null)) {
            return;
        }
        final int start = output.length();
        final boolean useAtOnce = !flags.beforeUse && !flags.noUpdate;
        long item = store.get(flags.key, flags.keyBytes, useAtOnce);
        boolean created = false;
        if (item == Item.NONE && flags.vivify) {
            item = store.allocate(flags.key, flags.keyBytes, 0, 0, Item.END_BYTES);
            if (item != Item.NONE) {
                store.values().append(item, 0, endOfLine, Item.END_BYTES);
                worker.updates().link(item);
                created = true;
            }
        }
        if (item == Item.NONE) {
            miss(start);
            return;
        }
        if (flags.value) {
            output.put(WITH_VALUE);
            output.putNumber(Item.valueBytes(item) - Item.END_BYTES);
        } else {
            output.put(HEADER);
        }
        if (!putItemFlags(item, created, start)) {
            return;
        }
        output.putEndOfLine();
        if (flags.value) {
            final int bytes = Item.valueBytes(item);
            Values.copy(item, output.reserve(bytes), bytes);
            output.advance(bytes);
        }
        if (flags.newExpiry) {
            store.counters().add(StoreCounter.TOUCH_CMDS, 1);
            store.counters().add(ClassCounter.TOUCH_HITS, Item.classId(item));
        } else {
            store.counters().add(LruCounter.HITS, Item.lruId(item), 1);
            store.counters().add(StoreCounter.GET_CMDS, 1);
        }
        if (flags.beforeUse && !flags.noUpdate) {
            store.use(item);
        }
    }

    private void miss(final int start) {
        store.counters().add(StoreCounter.GET_MISSES, 1);
        store.counters().add(StoreCounter.GET_CMDS, 1);
        if (flags.quiet) {
            return;
        }
        output.put(MISS);
        if (reply.putEchoes(start)) {
            output.putEndOfLine();
        }
    }

    /** @return false if an error was answered instead */
    private boolean putItemFlags(final long item, final boolean created, final int start) {
        boolean won = created && flags.vivify;
        for (int i = 2; i < tokens.count(); i++) {
            switch (tokens.character(i, 0)) {
                case 'T' -> store.expiry(item, flags.expiry);
                case 'N' -> {
                    if (created) {
                        store.expiry(item, flags.vivifyExpiry);
                    }
                }
                case 'R' -> won |= !created && !Item.has(item, Item.FLAG_TOKEN_SENT) && Item.expiry(item) != 0
                        && Integer.compareUnsigned(Item.expiry(item), flags.recacheBefore) < 0;
                case 's' -> reply.putFlag('s', Item.valueBytes(item) - Item.END_BYTES);
                case 't' -> reply.putRemaining(item);
                case 'c' -> reply.putFlag('c', Item.cas(item));
                case 'f' -> reply.putFlag('f', Integer.toUnsignedLong(Item.clientFlags(item)));
                case 'l' -> reply.putFlag('l', store.clock().seconds() - Item.time(item));
                case 'h' -> reply.putFlag('h', Item.isFetched(item) ? 1 : 0);
                case 'O' -> {
                    if (!reply.putOpaque(i, start)) {
                        return false;
                    }
                }
                case 'k' -> reply.putKey(Item.key(item), Item.keyBytes(item), Item.has(item, Item.FLAG_KEY_BINARY));
                default -> {
                    // Says how, and returns nothing.
                }
            }
        }
        if (Item.has(item, Item.FLAG_TOKEN_SENT)) {
            reply.putFlag('Z');
        }
        if (Item.has(item, Item.FLAG_STALE)) {
            reply.putFlag('X');
            won |= !Item.has(item, Item.FLAG_TOKEN_SENT);
        }
        if (won) {
            reply.putFlag('W');
            Item.set(item, Item.FLAG_TOKEN_SENT);
        }
        return true;
    }

    // -- ms

    private void set(final Session session) {
        if (tokens.count() < 2) {
            output.put(Replies.ERROR);
            return;
        }
        if (tokens.count() == 2 || tokens.length(1) > Item.MAX_KEY_BYTES) {
            output.put(Replies.BAD_LINE_FORMAT);
            return;
        }
        if (tokens.count() > MetaFlags.MAX_WORDS) {
            output.put(TOO_MANY);
            return;
        }
        final int length = tokens.isSigned(2, 0) ? (int) tokens.number(2, 0) : -1;
        if (length < 0 || length > Integer.MAX_VALUE - Item.END_BYTES) {
            output.put(Replies.BAD_LINE_FORMAT);
            return;
        }
        final int valueBytes = length + Item.END_BYTES;
        byte[] error = flags.parse(3);
        if (error == null) {
            error = keepReturnFlags(session);
        }
        final StoreMode mode = mode();
        if (error == null && mode == null) {
            error = BAD_SET_MODE;
        }
        if (error == null) {
            error = beginValue(session, mode, valueBytes);
        }
        if (error != null) {
            output.put(error);
            worker.expectNothing(session, valueBytes);
        }
    }

    private StoreMode mode() {
        final StoreMode mode = switch (flags.mode) {
            case 0, 'S' -> StoreMode.SET;
            case 'E' -> StoreMode.ADD;
            case 'A' -> StoreMode.APPEND;
            case 'P' -> StoreMode.PREPEND;
            case 'R' -> StoreMode.REPLACE;
            default -> null;
        };
        return flags.hasCas && (mode == StoreMode.SET || mode == StoreMode.REPLACE) ? StoreMode.CAS : mode;
    }

    private byte[] keepReturnFlags(final Session session) {
        int at = 0;
        for (int i = 2; i < tokens.count(); i++) {
            final int flag = tokens.character(i, 0);
            if (flag != 'O' && flag != 'k' && flag != 'c') {
                continue;
            }
            if (flag == 'O' && tokens.length(i) > MetaFlags.MAX_OPAQUE_BYTES) {
                return MetaReply.OPAQUE_TOO_LONG;
            }
            if (session.returnFlags == null) {
                session.returnFlags = new byte[MAX_RETURN_BYTES];
            }
            final int bytes = flag == 'O' ? tokens.length(i) : 1;
            MEMORY.copyToArray(tokens.address(i), session.returnFlags, at, bytes);
            at += bytes;
            session.returnFlags[at++] = ' ';
        }
        session.returnFlagsBytes = at;
        return null;
    }

    private byte[] beginValue(final Session session, final StoreMode mode, final int valueBytes) {
        final long item = store.allocate(flags.key, flags.keyBytes, flags.clientFlags, flags.expiry, valueBytes);
        if (item == Item.NONE) {
            final boolean fits = store.fits(flags.keyBytes, flags.clientFlags, valueBytes);
            store.refused(flags.key, flags.keyBytes, mode, fits);
            store.removeKey(flags.key, flags.keyBytes);
            return fits ? Replies.NO_MEMORY : Replies.TOO_LARGE;
        }
        Item.cas(item, flags.cas);
        if (flags.keyBinary) {
            Item.set(item, Item.FLAG_KEY_BINARY);
        }
        session.noReply = flags.quiet;
        session.mode = mode;
        session.meta = true;
        session.invalidate = flags.invalidate && mode == StoreMode.CAS;
        worker.expectValue(session, item, valueBytes);
        return null;
    }

    /** The value of an ms is there. */
    void complete(final Session session) {
        final long item = session.item;
        final long key = Item.key(item);
        final int keyBytes = Item.keyBytes(item);
        // Storing may free the item, and its key with it.
        MEMORY.copy(key, worker.scratch(), keyBytes);
        final boolean encoded = Item.has(item, Item.FLAG_KEY_BINARY);
        final StoreResult result = worker.updates().store(item, session.mode, session.invalidate);
        if (result == StoreResult.STORED && session.noReply) {
            return;
        }
        output.put(switch (result) {
            case STORED -> HEADER;
            case EXISTS -> EXISTS;
            case NOT_FOUND -> NOT_FOUND;
            default -> NOT_STORED;
        });
        int at = 0;
        while (at < session.returnFlagsBytes) {
            int end = at;
            while (session.returnFlags[end] != ' ') {
                end++;
            }
            switch (session.returnFlags[at]) {
                case 'k' -> reply.putKey(worker.scratch(), keyBytes, encoded);
                case 'c' -> reply.putFlag('c', result == StoreResult.STORED ? worker.updates().storedCas() : 0);
                default -> {
                    output.put(' ');
                    MEMORY.copyFromArray(session.returnFlags, at, output.reserve(end - at), end - at);
                    output.advance(end - at);
                }
            }
            at = end + 1;
        }
        output.putEndOfLine();
    }

    // -- md

    private void delete() {
        if (!prepare(TOO_MANY, BAD_FLAG)) {
            return;
        }
        final int start = output.length();
        final long item = store.get(flags.key, flags.keyBytes, false);
        final byte[] answer;
        if (item == Item.NONE) {
            store.counters().add(StoreCounter.DELETE_MISSES, 1);
            answer = NOT_FOUND;
        } else if (flags.hasCas && Item.cas(item) != flags.cas) {
            store.counters().add(StoreCounter.DELETE_MISSES, 1);
            answer = EXISTS;
        } else {
            answer = HEADER;
        }
        output.put(answer);
        if (!reply.putEchoes(start)) {
            return;
        }
        output.putEndOfLine();
        if (answer == HEADER) {
            deleteOrInvalidate(item);
            if (flags.quiet) {
                output.truncate(start);
            }
        }
    }

    private void deleteOrInvalidate(final long item) {
        if (flags.invalidate) {
            if (flags.newExpiry) {
                Item.expiry(item, flags.expiry);
            }
            Item.set(item, Item.FLAG_STALE);
            Item.clear(item, Item.FLAG_TOKEN_SENT);
            Item.cas(item, store.nextCas());
            store.changed(item);
        } else {
            store.counters().add(ClassCounter.DELETE_HITS, Item.classId(item));
            store.remove(item);
        }
    }

    // -- ma

    private void arithmetic() {
        if (!prepare(TOO_MANY, BAD_FLAG)) {
            return;
        }
        final boolean increment = flags.mode == 0 || flags.mode == 'I' || flags.mode == '+';
        if (!increment && flags.mode != 'D' && flags.mode != '-') {
            output.put(BAD_ARITHMETIC_MODE);
            return;
        }
        final int start = output.length();
        final Updates updates = worker.updates();
        switch (updates.add(flags.key, flags.keyBytes, increment, flags.delta, flags.cas)) {
            case OK -> {
                if (putNumberItem(updates.item(), false, start) && flags.quiet) {
                    output.truncate(start);
                }
            }
            case NOT_FOUND -> arithmeticMiss(increment, start);
            case NON_NUMERIC -> output.put(Replies.NON_NUMERIC);
            case NO_MEMORY -> output.put(Replies.NO_MEMORY_DELTA);
            case CAS_MISMATCH -> {
                output.put(EXISTS);
                if (reply.putEchoes(start)) {
                    output.putEndOfLine();
                }
            }
        }
    }

    private void arithmeticMiss(final boolean increment, final int start) {
        if (flags.vivify) {
            final long item = worker.updates().create(flags.key, flags.keyBytes, flags.initial, 0);
            if (item == Item.NONE) {
                output.put(NO_MEMORY_FOR_NEW);
            } else {
                putNumberItem(item, true, start);
            }
            return;
        }
        store.counters().add(increment ? StoreCounter.INCR_MISSES : StoreCounter.DECR_MISSES, 1);
        output.put(NOT_FOUND);
        if (reply.putEchoes(start)) {
            output.putEndOfLine();
        }
    }

    private boolean putNumberItem(final long item, final boolean created, final int start) {
        final long number = worker.updates().value();
        if (flags.value) {
            output.put(WITH_VALUE);
            output.putNumber(Decimal.digits(number));
        } else {
            output.put(HEADER);
        }
        for (int i = 2; i < tokens.count(); i++) {
            switch (tokens.character(i, 0)) {
                case 'c' -> reply.putFlag('c', Item.cas(item));
                case 't' -> reply.putRemaining(item);
                case 'T' -> store.expiry(item, flags.expiry);
                case 'N' -> {
                    if (created) {
                        store.expiry(item, flags.vivifyExpiry);
                    }
                }
                case 'O' -> {
                    if (!reply.putOpaque(i, start)) {
                        return false;
                    }
                }
                case 'k' -> reply.putKey(flags.key, flags.keyBytes, flags.keyBinary);
                default -> {
                    // Says how, and returns nothing.
                }
            }
        }
        output.putEndOfLine();
        if (flags.value) {
            output.putNumber(number);
            output.putEndOfLine();
        }
        return true;
    }

    // -- me

    private void describe() {
        if (tokens.count() < 2 || tokens.length(1) > Item.MAX_KEY_BYTES) {
            output.put(Replies.BAD_LINE_FORMAT);
            return;
        }
        long key = tokens.address(1);
        int keyBytes = tokens.length(1);
        if (tokens.count() >= 3 && tokens.length(2) == 1 && tokens.character(2, 0) == 'b') {
            keyBytes = KeyCodec.decode(key, keyBytes, worker.scratch());
            key = worker.scratch();
            if (keyBytes == 0) {
                output.put(Replies.BAD_LINE_FORMAT);
                return;
            }
        }
        final long item = store.get(key, keyBytes, false);
        if (item == Item.NONE) {
            output.put(Replies.NO_SUCH_META);
        } else {
            output.put(Replies.ascii("ME "));
            if (Item.has(item, Item.FLAG_KEY_BINARY)) {
                output.advance(KeyCodec.encode(Item.key(item), keyBytes,
                        output.reserve(KeyCodec.encodedBytes(keyBytes))));
            } else {
                output.put(Item.key(item), keyBytes);
            }
            final int now = store.clock().seconds();
            // What the original prints as exp has its sign turned round; so do we.
            output.put(Replies.line(" exp=" + (Item.expiry(item) == 0 ? -1 : now - Item.expiry(item)) + " la="
                    + (now - Item.time(item)) + " cas=" + Long.toUnsignedString(Item.cas(item)) + " fetch="
                    + (Item.isFetched(item) ? "yes" : "no") + " cls=" + Item.classId(item) + " size="
                    + Item.totalBytes(item)));
        }
        store.counters().add(StoreCounter.META_CMDS, 1);
    }
}
