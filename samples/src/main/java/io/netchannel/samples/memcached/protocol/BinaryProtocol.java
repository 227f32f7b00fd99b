package io.netchannel.samples.memcached.protocol;

import static io.netchannel.samples.memcached.protocol.BinaryLayout.*;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.samples.memcached.options.Settings;
import io.netchannel.samples.memcached.options.Version;
import io.netchannel.samples.memcached.protocol.Session.CloseReason;
import io.netchannel.samples.memcached.store.ClassCounter;
import io.netchannel.samples.memcached.store.Item;
import io.netchannel.samples.memcached.store.LruCounter;
import io.netchannel.samples.memcached.store.Store;
import io.netchannel.samples.memcached.store.StoreCounter;
import io.netchannel.samples.memcached.store.StoreMode;
import io.netchannel.samples.memcached.store.StoreResult;
import io.netchannel.samples.memcached.store.Updates;
import io.netchannel.samples.memcached.store.Values;
import io.netchannel.tcpip.wire.NetworkOrder;
import java.nio.charset.StandardCharsets;

/**
 * The binary protocol.
 *
 * <p>Threading: confined to its loop, under the store's lock.
 */
final class BinaryProtocol {

    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;
    private static final int FLAGS_BYTES = 4;
    private static final int UPDATE_EXTRAS = 8;
    private static final int ARITHMETIC_EXTRAS = 20;
    private static final int NO_CREATION = -1;

    private final Worker worker;
    private final Store store;
    private final Settings settings;
    private final Output output;

    // -- of the request at hand
    private Session session;
    private int opcode;
    private long extras;
    private int extrasBytes;
    private long key;
    private int keyBytes;
    private int bodyBytes;
    private long cas;

    BinaryProtocol(final Worker worker) {
        this.worker = worker;
        this.store = worker.store();
        this.settings = worker.settings();
        this.output = worker.output();
    }

    /** @return bytes consumed: the header with extras and key */
    int request(final Session from, final long address, final int length) {
        if ((MEMORY.getByte(address) & 0xFF) != REQUEST) {
            from.closing = true;
            return Worker.NEED_MORE;
        }
        if (length < HEADER_BYTES) {
            return Worker.NEED_MORE;
        }
        session = from;
        keyBytes = NetworkOrder.getShort(MEMORY, address + KEY_BYTES_OFFSET);
        extrasBytes = NetworkOrder.getByte(MEMORY, address + EXTRAS_BYTES_OFFSET);
        bodyBytes = NetworkOrder.getInt(MEMORY, address + BODY_BYTES_OFFSET);
        session.opaque = MEMORY.getInt(address + OPAQUE_OFFSET);
        session.opcode = NetworkOrder.getByte(MEMORY, address + OPCODE_OFFSET);
        final boolean fits = Integer.compareUnsigned(keyBytes + extrasBytes, bodyBytes) <= 0;
        final int consumed = HEADER_BYTES + extrasBytes + keyBytes;
        // What is refused for its lengths is refused at once: the original waits for a key that it won't take.
        if (fits && keyBytes <= Item.MAX_KEY_BYTES && length < consumed) {
            return Worker.NEED_MORE;
        }
        if (!worker.mayRespond()) {
            worker.overflow(session);
            return Worker.NEED_MORE;
        }
        cas = NetworkOrder.getLong(MEMORY, address + CAS_OFFSET);
        extras = address + HEADER_BYTES;
        key = extras + extrasBytes;
        session.lastCommandSecond = store.clock().seconds();
        opcode = loud(session.opcode);
        session.noReply = opcode != session.opcode;
        if (!fits) {
            error(session, UNKNOWN_COMMAND, 0);
            session.closing = true;
            return length;
        }
        if (keyBytes > Item.MAX_KEY_BYTES) {
            refuse();
            return length;
        }
        dispatch();
        return consumed;
    }

    private void dispatch() {
        if (!isWellFormed()) {
            refuse();
            return;
        }
        switch (opcode) {
            case GET, GETK, TOUCH, GAT, GATK -> get();
            case SET, ADD, REPLACE -> update();
            case APPEND, PREPEND -> join();
            case DELETE -> delete();
            case INCREMENT, DECREMENT -> arithmetic();
            case FLUSH -> flush();
            case NOOP -> succeed();
            case VERSION -> version();
            case STAT -> stat();
            case QUIT -> quit();
            // The SASL commands too: there is none.
            default -> error(session, UNKNOWN_COMMAND, bodyBytes - keyBytes - extrasBytes);
        }
    }

    /** Whether there are the parts that the command has, and no others. */
    private boolean isWellFormed() {
        return switch (opcode) {
            case GET, GETK, DELETE -> extrasBytes == 0 && keyBytes > 0 && bodyBytes == keyBytes;
            case TOUCH, GAT, GATK -> extrasBytes == FLAGS_BYTES && keyBytes > 0;
            case SET, ADD, REPLACE -> extrasBytes == UPDATE_EXTRAS && keyBytes > 0;
            case APPEND, PREPEND -> extrasBytes == 0 && keyBytes > 0;
            case INCREMENT, DECREMENT -> extrasBytes == ARITHMETIC_EXTRAS && keyBytes > 0
                    && bodyBytes == keyBytes + extrasBytes;
            case FLUSH -> keyBytes == 0 && bodyBytes == extrasBytes
                    && (extrasBytes == 0 || extrasBytes == FLAGS_BYTES);
            case NOOP, VERSION, QUIT -> extrasBytes == 0 && keyBytes == 0 && bodyBytes == 0;
            case STAT -> extrasBytes == 0;
            default -> true;
        };
    }

    private void refuse() {
        error(session, INVALID, 0);
        session.closing = true;
    }

    // -- answers

    private long header(final Session to, final int status, final int extrasLength, final int keyLength,
            final int bodyLength, final long casId) {
        final long at = output.reserve(HEADER_BYTES + extrasLength);
        MEMORY.putByte(at, (byte) RESPONSE);
        MEMORY.putByte(at + OPCODE_OFFSET, (byte) to.opcode);
        NetworkOrder.putShort(MEMORY, at + KEY_BYTES_OFFSET, keyLength);
        MEMORY.putShort(at + EXTRAS_BYTES_OFFSET, (short) extrasLength);
        NetworkOrder.putShort(MEMORY, at + STATUS_OFFSET, status);
        NetworkOrder.putInt(MEMORY, at + BODY_BYTES_OFFSET, bodyLength);
        MEMORY.putInt(at + OPAQUE_OFFSET, to.opaque);
        NetworkOrder.putLong(MEMORY, at + CAS_OFFSET, casId);
        output.advance(HEADER_BYTES + extrasLength);
        return at + HEADER_BYTES;
    }

    private void succeed() {
        succeed(session, 0);
    }

    private void succeed(final Session to, final long casId) {
        if (!to.noReply) {
            header(to, SUCCESS, 0, 0, 0, casId);
        }
    }

    /** Errors are said to quiet commands too; @param swallow bytes of the request to throw away */
    private void error(final Session to, final int status, final int swallow) {
        error(to, status, text(status), swallow);
    }

    private void error(final Session to, final int status, final byte[] text, final int swallow) {
        header(to, status, 0, 0, text.length, 0);
        output.put(text);
        worker.expectNothing(to, Math.max(0, swallow));
    }

    void outOfMemory(final Session to, final byte[] text) {
        header(to, NO_MEMORY, 0, 0, text.length, 0);
        output.put(text);
    }

    private static byte[] text(final int status) {
        return Replies.ascii(switch (status) {
            case NO_MEMORY -> "Out of memory";
            case UNKNOWN_COMMAND -> "Unknown command";
            case NOT_FOUND -> "Not found";
            case INVALID -> "Invalid arguments";
            case EXISTS -> "Data exists for key.";
            case TOO_BIG -> "Too large.";
            case BAD_DELTA -> "Non-numeric server-side value for incr or decr";
            case NOT_STORED -> "Not stored.";
            default -> "Auth failure.";
        });
    }

    // -- get, touch, gat

    private void get() {
        final boolean touching = opcode != GET && opcode != GETK;
        final boolean withKey = opcode == GETK || opcode == GATK;
        final long item = store.get(key, keyBytes, true);
        if (settings.detailEnabled) {
            worker.services().prefixes().recordGet(key, keyBytes, item != Item.NONE);
        }
        store.counters().add(touching ? StoreCounter.TOUCH_CMDS : StoreCounter.GET_CMDS, 1);
        if (item == Item.NONE) {
            store.counters().add(touching ? StoreCounter.TOUCH_MISSES : StoreCounter.GET_MISSES, 1);
            miss(withKey);
            return;
        }
        if (touching) {
            store.expiry(item, expiry(NetworkOrder.getInt(MEMORY, extras)));
            store.counters().add(ClassCounter.TOUCH_HITS, Item.classId(item));
        } else {
            store.counters().add(LruCounter.HITS, Item.lruId(item), 1);
        }
        final int valueBytes = opcode == TOUCH ? 0 : Item.valueBytes(item) - Item.END_BYTES;
        final int keyLength = withKey ? keyBytes : 0;
        final long flags = header(session, SUCCESS, FLAGS_BYTES, keyLength, FLAGS_BYTES + keyLength + valueBytes,
                Item.cas(item));
        NetworkOrder.putInt(MEMORY, flags, Item.clientFlags(item));
        if (withKey) {
            output.put(key, keyBytes);
        }
        Values.copy(item, output.reserve(valueBytes), valueBytes);
        output.advance(valueBytes);
    }

    private void miss(final boolean withKey) {
        if (session.noReply) {
            return;
        }
        if (withKey) {
            header(session, NOT_FOUND, 0, keyBytes, keyBytes, 0);
            output.put(key, keyBytes);
        } else {
            error(session, NOT_FOUND, 0);
        }
    }

    /** Unsigned on the wire. */
    private int expiry(final int requested) {
        return store.clock().expiry(Integer.toUnsignedLong(requested));
    }

    // -- what stores

    private void update() {
        final StoreMode mode = switch (opcode) {
            case ADD -> StoreMode.ADD;
            case REPLACE -> StoreMode.REPLACE;
            default -> StoreMode.SET;
        };
        begin(mode, NetworkOrder.getInt(MEMORY, extras), expiry(NetworkOrder.getInt(MEMORY, extras + FLAGS_BYTES)));
    }

    private void join() {
        begin(opcode == APPEND ? StoreMode.APPEND : StoreMode.PREPEND, 0, 0);
    }

    private void begin(final StoreMode mode, final int clientFlags, final int expiry) {
        final int length = bodyBytes - keyBytes - extrasBytes;
        if (settings.detailEnabled) {
            worker.services().prefixes().recordSet(key, keyBytes);
        }
        if (length < 0 || length > Integer.MAX_VALUE - Item.END_BYTES) {
            // More than fits an int: the original's arithmetic goes wrong here, and the connection with it.
            refuse();
            return;
        }
        final int valueBytes = length + Item.END_BYTES;
        final long item = store.allocate(key, keyBytes, clientFlags, expiry, valueBytes);
        if (item == Item.NONE) {
            final boolean fits = store.fits(keyBytes, clientFlags, valueBytes);
            store.refused(key, keyBytes, mode, fits);
            if (mode == StoreMode.SET) {
                store.removeKey(key, keyBytes);
            }
            if (fits) {
                error(session, NO_MEMORY, Replies.ascii("Out of memory allocating item"), length);
            } else {
                error(session, TOO_BIG, length);
            }
            return;
        }
        Item.cas(item, cas);
        final boolean joins = mode == StoreMode.APPEND || mode == StoreMode.PREPEND;
        session.mode = cas != 0 && !joins ? StoreMode.CAS : mode;
        worker.expectValue(session, item, length);
    }

    /** The value is there, without the end that the text protocol has: that is added. */
    void complete(final Session to) {
        final long item = to.item;
        store.counters().add(ClassCounter.SET_CMDS, Item.classId(item));
        MEMORY.putShort(worker.scratch(), (short) ('\r' | '\n' << Byte.SIZE));
        if (!store.values().append(item, to.filled, worker.scratch(), Item.END_BYTES)) {
            store.free(item);
            outOfMemory(to, Replies.OUT_OF_MEMORY_DURING_READ);
            return;
        }
        final StoreMode mode = to.mode;
        final StoreResult result = worker.updates().store(item, mode, false);
        switch (result) {
            case STORED -> succeed(to, worker.updates().storedCas());
            case EXISTS -> error(to, EXISTS, 0);
            case NOT_FOUND -> error(to, NOT_FOUND, 0);
            default -> error(to, mode == StoreMode.ADD
                    ? EXISTS
                    : mode == StoreMode.REPLACE ? NOT_FOUND : NOT_STORED, 0);
        }
    }

    private void delete() {
        if (settings.detailEnabled) {
            worker.services().prefixes().recordDelete(key, keyBytes);
        }
        final long item = store.get(key, keyBytes, false);
        if (item == Item.NONE) {
            store.counters().add(StoreCounter.DELETE_MISSES, 1);
            error(session, NOT_FOUND, 0);
        } else if (cas != 0 && cas != Item.cas(item)) {
            error(session, EXISTS, 0);
        } else {
            store.counters().add(ClassCounter.DELETE_HITS, Item.classId(item));
            store.remove(item);
            succeed();
        }
    }

    private void arithmetic() {
        final boolean increment = opcode == INCREMENT;
        final Updates updates = worker.updates();
        switch (updates.add(key, keyBytes, increment, NetworkOrder.getLong(MEMORY, extras), cas)) {
            case OK -> number(updates.value(), Item.cas(updates.item()));
            case NON_NUMERIC -> error(session, BAD_DELTA, 0);
            case NO_MEMORY -> error(session, NO_MEMORY, Replies.ascii("Out of memory incrementing value"), 0);
            case CAS_MISMATCH -> error(session, EXISTS, 0);
            case NOT_FOUND -> createNumber(increment);
        }
    }

    private void createNumber(final boolean increment) {
        final int expiration = NetworkOrder.getInt(MEMORY, extras + 2 * Long.BYTES);
        if (expiration == NO_CREATION) {
            store.counters().add(increment ? StoreCounter.INCR_MISSES : StoreCounter.DECR_MISSES, 1);
            error(session, NOT_FOUND, 0);
            return;
        }
        final long initial = NetworkOrder.getLong(MEMORY, extras + Long.BYTES);
        final long item = worker.updates().create(key, keyBytes, initial, expiry(expiration));
        if (item == Item.NONE) {
            error(session, NO_MEMORY, Replies.ascii("Out of memory allocating new item"), 0);
        } else {
            number(initial, Item.cas(item));
        }
    }

    private void number(final long value, final long casId) {
        if (!session.noReply) {
            header(session, SUCCESS, 0, 0, Long.BYTES, casId);
            NetworkOrder.putLong(MEMORY, output.reserve(Long.BYTES), value);
            output.advance(Long.BYTES);
        }
    }

    // -- server

    private void flush() {
        if (!settings.flushEnabled) {
            error(session, AUTH_ERROR, 0);
            return;
        }
        final long delay = extrasBytes == 0 ? 0 : Integer.toUnsignedLong(NetworkOrder.getInt(MEMORY, extras));
        store.flush(delay > 0 ? store.clock().expiry(delay) : 0);
        store.counters().add(StoreCounter.FLUSH_CMDS, 1);
        succeed();
    }

    private void version() {
        final byte[] text = Replies.ascii(Version.TEXT);
        header(session, SUCCESS, 0, 0, text.length, 0);
        output.put(text);
    }

    private void quit() {
        succeed();
        session.closing = true;
        session.closeReason = CloseReason.NORMAL;
    }

    private void stat() {
        final byte[] bytes = new byte[keyBytes];
        MEMORY.copyToArray(key, bytes, 0, keyBytes);
        final String name = keyBytes == 0 ? null : new String(bytes, StandardCharsets.ISO_8859_1);
        if (name != null && name.startsWith("reset")) {
            StatsCommand.reset(worker.services());
        } else if (name != null && name.startsWith("detail")) {
            if (!detail(name)) {
                error(session, NOT_FOUND, 0);
                return;
            }
        } else if (!StatsCommand.add(worker.services(), name, this::putStat)) {
            error(session, NOT_FOUND, 0);
            return;
        }
        header(session, SUCCESS, 0, 0, 0, 0);
    }

    private boolean detail(final String name) {
        switch (name) {
            case "detail dump" -> putStat("detailed", worker.services().prefixes().dump());
            case "detail on" -> settings.detailEnabled = true;
            case "detail off" -> settings.detailEnabled = false;
            default -> {
                return false;
            }
        }
        return true;
    }

    private void putStat(final String name, final String value) {
        final byte[] nameBytes = Replies.ascii(name);
        final byte[] valueBytes = Replies.ascii(value);
        header(session, SUCCESS, 0, nameBytes.length, nameBytes.length + valueBytes.length, 0);
        output.put(nameBytes);
        output.put(valueBytes);
    }
}
