package io.netchannel.samples.memcached.protocol;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.samples.memcached.options.Settings;
import io.netchannel.samples.memcached.protocol.Session.CloseReason;
import io.netchannel.samples.memcached.protocol.Session.State;
import io.netchannel.samples.memcached.store.ClassCounter;
import io.netchannel.samples.memcached.store.Item;
import io.netchannel.samples.memcached.store.LruCounter;
import io.netchannel.samples.memcached.store.Store;
import io.netchannel.samples.memcached.store.StoreCounter;
import io.netchannel.samples.memcached.store.StoreMode;
import io.netchannel.samples.memcached.store.StoreResult;
import io.netchannel.samples.memcached.store.Updates;
import io.netchannel.samples.memcached.store.Values;

/**
 * The text protocol: a line, and for what stores the value behind it. The commands that are hot; the rest is in {@link
 * TextCommands} and {@link MetaProtocol}.
 *
 * <p>Threading: confined to its loop, under the store's lock.
 */
final class TextProtocol {

    private static final long GET = Tokens.pack("get");
    private static final long GETS = Tokens.pack("gets");
    private static final long BGET = Tokens.pack("bget");
    private static final long GAT = Tokens.pack("gat");
    private static final long GATS = Tokens.pack("gats");
    private static final long SET = Tokens.pack("set");
    private static final long ADD = Tokens.pack("add");
    private static final long REPLACE = Tokens.pack("replace");
    private static final long APPEND = Tokens.pack("append");
    private static final long PREPEND = Tokens.pack("prepend");
    private static final long CAS = Tokens.pack("cas");
    private static final long DELETE = Tokens.pack("delete");
    private static final long INCR = Tokens.pack("incr");
    private static final long DECR = Tokens.pack("decr");
    private static final long TOUCH = Tokens.pack("touch");
    private static final byte[] NOREPLY = Replies.ascii("noreply");
    private static final byte[] ZERO = Replies.ascii("0");
    private static final int MAX_DELTA_TOKENS = 4;
    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;

    private final Worker worker;
    private final Store store;
    private final Settings settings;
    private final Output output;
    private final Tokens tokens = new Tokens();
    private final MetaProtocol metaCommands;
    private final TextCommands commands;
    private int lineStartOutput;

    TextProtocol(final Worker worker) {
        this.worker = worker;
        this.store = worker.store();
        this.settings = worker.settings();
        this.output = worker.output();
        this.metaCommands = new MetaProtocol(worker, tokens);
        this.commands = new TextCommands(worker, tokens);
    }

    /**
     * Does what a line says.
     *
     * @param length without its end
     * @param withEnd bytes to the next line
     * @return bytes consumed
     */
    int line(final Session session, final long line, final int length, final int withEnd) {
        tokens.split(line, line + length);
        if (settings.verbosity > 1) {
            commands.logLine(session, line, length);
        }
        if (!worker.mayRespond()) {
            worker.overflow(session);
            return withEnd;
        }
        if (tokens.count() == 0 || tokens.length(0) < 2) {
            output.put(Replies.ERROR);
            return withEnd;
        }
        if (tokens.length(0) == 2 && tokens.character(0, 0) == 'm') {
            metaCommands.command(session, tokens.character(0, 1));
            return withEnd;
        }
        final long word = tokens.packed(0);
        final int count = tokens.count();
        if (word == GET || word == GETS || word == BGET) {
            return beginKeys(session, line, withEnd, word == GETS, false);
        } else if (word == SET) {
            update(session, StoreMode.SET, count == 5 || count == 6);
        } else if (word == GAT || word == GATS) {
            return beginKeys(session, line, withEnd, word == GATS, true);
        } else if (word == ADD) {
            update(session, StoreMode.ADD, count == 5 || count == 6);
        } else if (word == REPLACE) {
            update(session, StoreMode.REPLACE, count == 5 || count == 6);
        } else if (word == APPEND) {
            update(session, StoreMode.APPEND, count == 5 || count == 6);
        } else if (word == PREPEND) {
            update(session, StoreMode.PREPEND, count == 5 || count == 6);
        } else if (word == CAS) {
            update(session, StoreMode.CAS, count == 6 || count == 7);
        } else if (word == DELETE) {
            delete(session);
        } else if (word == INCR || word == DECR) {
            arithmetic(session, word == INCR);
        } else if (word == TOUCH) {
            touch(session);
        } else {
            commands.command(session);
        }
        return withEnd;
    }

    /** Whether the last word asks for no answer. */
    private void noReplyMaybe(final Session session) {
        session.noReply = tokens.is(tokens.count() - 1, NOREPLY);
    }

    private void reply(final Session session, final byte[] line) {
        if (!session.noReply) {
            output.put(line);
        }
    }

    // -- get

    private int beginKeys(final Session session, final long line, final int withEnd, final boolean withCas,
            final boolean touching) {
        if (tokens.count() < 2) {
            output.put(Replies.ERROR);
            return withEnd;
        }
        if (touching) {
            if (!tokens.isSigned(1, 0)) {
                output.put(Replies.BAD_EXPTIME);
                return withEnd;
            }
            session.touchExpiry = expiry((int) tokens.number(1, 0));
            if (tokens.count() == 2) {
                output.put(Replies.END);
                return withEnd;
            }
        }
        session.withCas = withCas;
        session.touching = touching;
        lineStartOutput = output.length();
        return keys(session, line, withEnd, touching ? 2 : 1, false);
    }

    /** The rest of a line of keys, of which the first were answered before. */
    int keys(final Session session, final long address, final int length) {
        final int end = Lines.findEnd(address, length);
        if (end < 0) {
            return Worker.NEED_MORE;
        }
        lineStartOutput = output.length();
        tokens.split(address, address + (end > 0 && MEMORY.getByte(address + end - 1) == '\r' ? end - 1 : end));
        return keys(session, address, end + 1, 0, true);
    }

    private int keys(final Session session, final long line, final int withEnd, final int first,
            final boolean resumed) {
        int index = first;
        session.state = State.COMMAND;
        int answered = resumed ? 1 : 0;
        while (true) {
            for (; index < tokens.count(); index++) {
                if (tokens.length(index) > Item.MAX_KEY_BYTES) {
                    output.truncate(lineStartOutput);
                    output.put(Replies.BAD_LINE_FORMAT);
                    return withEnd;
                }
                if (answered++ > 0 && !worker.mayRespond()) {
                    output.truncate(lineStartOutput);
                    output.put(Replies.OUT_OF_MEMORY_WRITING);
                    return withEnd;
                }
                if (output.length() - lineStartOutput >= Worker.MAX_BURST_BYTES && !session.isDatagrams()) {
                    session.state = State.KEYS;
                    return (int) (tokens.address(index) - line);
                }
                getOne(session, tokens.address(index), tokens.length(index));
            }
            final long rest = tokens.rest();
            if (rest == tokens.end()) {
                output.put(Replies.END);
                return withEnd;
            }
            tokens.split(rest, tokens.end());
            index = 0;
        }
    }

    private void getOne(final Session session, final long key, final int keyBytes) {
        final long item = store.get(key, keyBytes, true);
        if (settings.detailEnabled) {
            worker.services().prefixes().recordGet(key, keyBytes, item != Item.NONE);
        }
        if (session.touching) {
            store.counters().add(StoreCounter.TOUCH_CMDS, 1);
        } else {
            store.counters().add(StoreCounter.GET_CMDS, 1);
        }
        if (item == Item.NONE) {
            store.counters().add(session.touching ? StoreCounter.TOUCH_MISSES : StoreCounter.GET_MISSES, 1);
            return;
        }
        if (session.touching) {
            store.expiry(item, session.touchExpiry);
            store.counters().add(ClassCounter.TOUCH_HITS, Item.classId(item));
        } else {
            store.counters().add(LruCounter.HITS, Item.lruId(item), 1);
        }
        output.put(Replies.VALUE);
        output.put(Item.key(item), keyBytes);
        output.put(' ');
        output.putNumber(Integer.toUnsignedLong(Item.clientFlags(item)));
        output.put(' ');
        final int valueBytes = Item.valueBytes(item);
        output.putNumber(valueBytes - Item.END_BYTES);
        if (session.withCas) {
            output.put(' ');
            output.putNumber(Item.cas(item));
        }
        output.putEndOfLine();
        Values.copy(item, output.reserve(valueBytes), valueBytes);
        output.advance(valueBytes);
    }

    // -- what stores

    private int expiry(final int requested) {
        return store.clock().expiry(requested);
    }

    private void update(final Session session, final StoreMode mode, final boolean hasAllWords) {
        if (!hasAllWords) {
            output.put(Replies.ERROR);
            return;
        }
        noReplyMaybe(session);
        final boolean valid = tokens.length(1) <= Item.MAX_KEY_BYTES && tokens.isUnsigned(2, 0)
                && tokens.isSigned(3, 0) && tokens.isSigned(4, 0)
                && (mode != StoreMode.CAS || tokens.isUnsigned(5, 0));
        final int length = valid ? (int) tokens.number(4, 0) : -1;
        if (length < 0 || length > Integer.MAX_VALUE - Item.END_BYTES) {
            reply(session, Replies.BAD_LINE_FORMAT);
            return;
        }
        final long key = tokens.address(1);
        final int keyBytes = tokens.length(1);
        final int clientFlags = (int) tokens.number(2, 0);
        final int valueBytes = length + Item.END_BYTES;
        if (settings.detailEnabled) {
            worker.services().prefixes().recordSet(key, keyBytes);
        }
        final long item = store.allocate(key, keyBytes, clientFlags, expiry((int) tokens.number(3, 0)), valueBytes);
        if (item == Item.NONE) {
            final boolean fits = store.fits(keyBytes, clientFlags, valueBytes);
            reply(session, fits ? Replies.NO_MEMORY : Replies.TOO_LARGE);
            store.refused(key, keyBytes, mode, fits);
            worker.expectNothing(session, valueBytes);
            if (mode == StoreMode.SET) {
                // Rather nothing than the value of before.
                store.removeKey(key, keyBytes);
            }
            return;
        }
        Item.cas(item, mode == StoreMode.CAS ? tokens.number(5, 0) : 0);
        session.mode = mode;
        worker.expectValue(session, item, valueBytes);
    }

    /** The value of a line is there. */
    void complete(final Session session, final boolean endsLine) {
        store.counters().add(ClassCounter.SET_CMDS, Item.classId(session.item));
        if (!endsLine) {
            store.free(session.item);
            if (session.meta || !session.noReply) {
                output.put(Replies.BAD_DATA_CHUNK);
            }
            return;
        }
        if (session.meta) {
            metaCommands.complete(session);
            return;
        }
        final StoreResult result = worker.updates().store(session.item, session.mode, false);
        if (session.noReply) {
            return;
        }
        output.put(switch (result) {
            case STORED -> Replies.STORED;
            case EXISTS -> Replies.EXISTS;
            case NOT_FOUND -> Replies.NOT_FOUND;
            default -> Replies.NOT_STORED;
        });
    }

    private void delete(final Session session) {
        final int count = tokens.count();
        if (count < 2 || count > 4) {
            output.put(Replies.ERROR);
            return;
        }
        if (count > 2) {
            final boolean zero = tokens.is(2, ZERO);
            noReplyMaybe(session);
            if (count == 3 ? !zero && !session.noReply : !zero || !session.noReply) {
                reply(session, Replies.BAD_DELETE);
                return;
            }
        }
        final long key = tokens.address(1);
        final int keyBytes = tokens.length(1);
        if (keyBytes > Item.MAX_KEY_BYTES) {
            reply(session, Replies.BAD_LINE_FORMAT);
            return;
        }
        if (settings.detailEnabled) {
            worker.services().prefixes().recordDelete(key, keyBytes);
        }
        final long item = store.get(key, keyBytes, false);
        if (item == Item.NONE) {
            store.counters().add(StoreCounter.DELETE_MISSES, 1);
            reply(session, Replies.NOT_FOUND);
        } else {
            store.counters().add(ClassCounter.DELETE_HITS, Item.classId(item));
            store.remove(item);
            reply(session, Replies.DELETED);
        }
    }

    private void touch(final Session session) {
        if (tokens.count() != 3 && tokens.count() != MAX_DELTA_TOKENS) {
            output.put(Replies.ERROR);
            return;
        }
        noReplyMaybe(session);
        if (tokens.length(1) > Item.MAX_KEY_BYTES) {
            reply(session, Replies.BAD_LINE_FORMAT);
            return;
        }
        if (!tokens.isSigned(2, 0)) {
            reply(session, Replies.BAD_EXPTIME);
            return;
        }
        final long item = store.get(tokens.address(1), tokens.length(1), true);
        store.counters().add(StoreCounter.TOUCH_CMDS, 1);
        if (item == Item.NONE) {
            store.counters().add(StoreCounter.TOUCH_MISSES, 1);
            reply(session, Replies.NOT_FOUND);
        } else {
            store.expiry(item, expiry((int) tokens.number(2, 0)));
            store.counters().add(ClassCounter.TOUCH_HITS, Item.classId(item));
            reply(session, Replies.TOUCHED);
        }
    }

    private void arithmetic(final Session session, final boolean increment) {
        if (tokens.count() != 3 && tokens.count() != MAX_DELTA_TOKENS) {
            output.put(Replies.ERROR);
            return;
        }
        noReplyMaybe(session);
        if (tokens.length(1) > Item.MAX_KEY_BYTES) {
            reply(session, Replies.BAD_LINE_FORMAT);
            return;
        }
        if (!tokens.isUnsigned(2, 0)) {
            reply(session, Replies.BAD_DELTA);
            return;
        }
        final Updates updates = worker.updates();
        switch (updates.add(tokens.address(1), tokens.length(1), increment, tokens.number(2, 0), 0)) {
            case OK -> {
                if (!session.noReply) {
                    output.putNumber(updates.value());
                    output.putEndOfLine();
                }
            }
            case NOT_FOUND -> {
                store.counters().add(increment ? StoreCounter.INCR_MISSES : StoreCounter.DECR_MISSES, 1);
                reply(session, Replies.NOT_FOUND);
            }
            case NO_MEMORY -> reply(session, Replies.NO_MEMORY_DELTA);
            default -> reply(session, Replies.NON_NUMERIC);
        }
    }

    /** Ends the connection, in an orderly way. */
    static void quit(final Session session) {
        session.closing = true;
        session.closeReason = CloseReason.NORMAL;
    }
}
