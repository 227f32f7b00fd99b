package io.netchannel.samples.memcached.protocol;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.LoopHeap;
import io.netchannel.kernel.memory.ObjectPool;
import io.netchannel.kernel.pressure.FreeBlocks;
import io.netchannel.kernel.pressure.Shrinker;
import io.netchannel.samples.memcached.options.Settings;
import io.netchannel.samples.memcached.options.Settings.BindingProtocol;
import io.netchannel.samples.memcached.protocol.Session.State;
import io.netchannel.samples.memcached.store.Item;
import io.netchannel.samples.memcached.store.Store;
import io.netchannel.samples.memcached.store.StoreCounter;
import io.netchannel.samples.memcached.store.Updates;
import io.netchannel.samples.memcached.store.Values;
import java.lang.foreign.Arena;

/**
 * A loop's part of the protocols: takes a burst of received bytes through the store in one go, and sends all answers
 * to it by one
 * write.
 *
 * <p>Threading: confined to its loop; holds the store's lock while it parses.
 */
public final class Worker implements AutoCloseable {

    /** What a request needs is not there yet. */
    static final int NEED_MORE = -1;
    /** Answers that are sent before the next request is looked at; one request's may be more. */
    static final int MAX_BURST_BYTES = 256 << 10;
    /** Of a line of keys, which is the only kind that may be long. */
    private static final int MAX_LINE_BYTES = 1 << 20;
    private static final int MAX_UNENDED_BYTES = 2048;
    static final int SCRATCH_BYTES = 512;
    /** Of a request that isn't complete: a line with the longest key fits. */
    private static final int PIECE_BYTES = 512;
    private static final int MAX_INDENT_BYTES = 100;
    private static final int BINARY_MAGIC = 0x80;
    private static final int UDP_HIGH_WATER_BYTES = 64 << 20;
    /** What the original fits into one of its buffers: so many answers wait at most. */
    private static final int RESPONSES_PER_BUFFER = 13;
    private static final int ORIGINAL_BUFFER_BYTES = 16 << 10;
    private static final byte[] GET = Replies.ascii("get ");
    private static final byte[] GETS = Replies.ascii("gets ");
    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;

    private final Services services;
    private final Settings settings;
    private final Store store;
    private final LoopHeap heap;
    private final ObjectPool pieces;
    private final Output output;
    private final Arena arena = Arena.ofShared();
    private final Updates updates;
    private final long scratch;
    private final TextProtocol text;
    private final BinaryProtocol binary;
    private final AuthenticationProtocol authentication;
    private final int maxResponses;
    private int responses;
    private boolean yielded;
    private long unreportedBytes;
    private long nowNs;

    public Worker(final Services services) {
        this.services = services;
        this.heap = services.newLoopHeap();
        this.pieces = new ObjectPool(heap, PIECE_BYTES);
        this.output = new Output(heap);
        this.store = services.store();
        this.settings = store.settings();
        this.scratch = arena.allocate(SCRATCH_BYTES).address();
        this.updates = new Updates(store, arena.allocate(Updates.MAX_NUMBER_BYTES).address());
        this.text = new TextProtocol(this);
        this.binary = new BinaryProtocol(this);
        this.authentication = new AuthenticationProtocol(this);
        this.maxResponses = settings.readBufferLimitBytes == 0
                ? Integer.MAX_VALUE
                : RESPONSES_PER_BUFFER
                        * Math.max(1, settings.readBufferLimitBytes / settings.threads / ORIGINAL_BUFFER_BYTES - 1);
    }

    /** A session for a connection that was accepted. */
    public Session open(final Connection connection, final int id, final boolean datagrams) {
        final Session session = new Session(this, connection, id, datagrams,
                datagrams ? BindingProtocol.AUTO : settings.protocol, settings.authFile == null || datagrams);
        services.lock();
        session.lastCommandSecond = store.clock().seconds();
        services.unlock();
        return session;
    }

    /** For requests that are not complete and answers that are not sent. */
    LoopHeap heap() {
        return heap;
    }

    /** For the first bytes of a request. */
    ObjectPool pieces() {
        return pieces;
    }

    /** What is free of this loop's memory, to be registered where memory is given back under pressure, on this loop. */
    public Shrinker freeMemory(final String name) {
        return new FreeBlocks(name, heap);
    }

    Output output() {
        return output;
    }

    Services services() {
        return services;
    }

    Store store() {
        return store;
    }

    Settings settings() {
        return settings;
    }

    /** Address of {@link #SCRATCH_BYTES} bytes, free between requests. */
    long scratch() {
        return scratch;
    }

    Updates updates() {
        return updates;
    }

    /** Frees what a session that ends was filling. */
    void abandon(final Session session) {
        if (session.item != Item.NONE) {
            services.lock();
            try {
                store.free(session.item);
            } finally {
                services.unlock();
            }
            session.item = Item.NONE;
        }
    }

    // -- bursts

    /** @return bytes consumed; what is left is part of a request, or waits until answers are sent */
    int run(final Session session, final long address, final int length, final long burstNs) {
        nowNs = burstNs;
        int consumed = 0;
        boolean more = true;
        while (more && consumed < length) {
            final int before = consumed;
            services.lock();
            try {
                store.clock().advance(burstNs);
                store.counters().add(StoreCounter.BYTES_READ, before == 0 ? length : 0);
                consumed += parse(session, address + consumed, length - consumed);
            } finally {
                services.unlock();
            }
            more = yielded;
            if (output.length() >= MAX_BURST_BYTES) {
                more |= consumed > before;
                send(session);
            }
            more &= !session.isBlocked() && !session.closing && !session.isClosed();
        }
        send(session);
        return consumed;
    }

    private void send(final Session session) {
        // Counted by the next burst: this is not under the lock.
        unreportedBytes += output.length();
        session.send(output);
        responses = 0;
    }

    /** The time of the last burst. */
    long nowNs() {
        return nowNs;
    }

    void runInput(final Session session, final long burstNs) {
        final int consumed = run(session, session.input.address(), session.input.length(), burstNs);
        if (session.closing || session.isClosed()) {
            session.input.release();
        } else if (consumed > 0) {
            session.input.consume(consumed);
        }
    }

    /** A datagram's request: the answer stays in {@link #output}, of which the caller makes datagrams. */
    public Output runDatagram(final Session session, final long address, final int length, final long burstNs) {
        output.reset();
        services.lock();
        try {
            store.clock().advance(burstNs);
            store.counters().add(StoreCounter.BYTES_READ, length);
            session.protocol = BindingProtocol.AUTO;
            session.state = State.COMMAND;
            parse(session, address, length);
            if (session.item != Item.NONE) {
                // What is missing of a value does not come: a datagram is a whole request.
                store.free(session.item);
                session.item = Item.NONE;
            }
            unreportedBytes += output.length();
        } finally {
            services.unlock();
        }
        responses = 0;
        session.closing = false;
        return output;
    }

    private int parse(final Session session, final long address, final int length) {
        final int highWater = session.isDatagrams() ? UDP_HIGH_WATER_BYTES : MAX_BURST_BYTES;
        int done = 0;
        int requestsLeft = session.isDatagrams() ? Integer.MAX_VALUE : settings.requestsPerEvent;
        yielded = false;
        store.connection(session.id());
        store.counters().add(StoreCounter.BYTES_WRITTEN, unreportedBytes);
        unreportedBytes = 0;
        while (done < length && !session.closing && output.length() < highWater) {
            if (session.state == State.COMMAND && requestsLeft-- == 0) {
                // Lets other loops have the store; the answers still go out together.
                yielded = true;
                store.counters().add(StoreCounter.CONN_YIELDS, 1);
                break;
            }
            final int step = switch (session.state) {
                case COMMAND -> command(session, address + done, length - done);
                case VALUE -> value(session, address + done, length - done);
                case SWALLOW -> swallow(session, length - done);
                case KEYS -> text.keys(session, address + done, length - done);
                case WATCH -> services.isDumping(session) ? NEED_MORE : length - done;
            };
            if (step == NEED_MORE) {
                break;
            }
            done += step;
        }
        return done;
    }

    private int command(final Session session, final long address, final int length) {
        if (session.protocol == BindingProtocol.AUTO) {
            session.protocol = (MEMORY.getByte(address) & 0xFF) == BINARY_MAGIC
                    ? BindingProtocol.BINARY
                    : BindingProtocol.ASCII;
        }
        session.noReply = false;
        if (session.protocol == BindingProtocol.BINARY) {
            return binary.request(session, address, length);
        }
        if (!session.authenticated) {
            return authentication.request(session, address, length);
        }
        final int line = Lines.findEnd(address, length);
        if (line < 0) {
            return unended(session, address, length);
        }
        // As the original: a lone CR before the LF is part of the line.
        final int textLength = line > 1 && MEMORY.getByte(address + line - 1) == '\r' ? line - 1 : line;
        session.lastCommandSecond = store.clock().seconds();
        return text.line(session, address, textLength, line + 1);
    }

    /** Only a line of keys may be longer than the original's first look at it. */
    private int unended(final Session session, final long address, final int length) {
        if (length > MAX_UNENDED_BYTES) {
            int indent = 0;
            while (indent < length && MEMORY.getByte(address + indent) == ' ') {
                indent++;
            }
            if (indent > MAX_INDENT_BYTES
                    || !startsWith(address + indent, GET) && !startsWith(address + indent, GETS)) {
                session.closing = true;
            } else if (length > MAX_LINE_BYTES) {
                store.counters().add(StoreCounter.READ_BUF_OOM, 1);
                output.put(Replies.OUT_OF_MEMORY_READING);
                session.closing = true;
            }
        }
        return NEED_MORE;
    }

    private static boolean startsWith(final long address, final byte[] word) {
        for (int i = 0; i < word.length; i++) {
            if (MEMORY.getByte(address + i) != word[i]) {
                return false;
            }
        }
        return true;
    }

    // -- values

    /** Has the value of {@code item} read next. */
    void expectValue(final Session session, final long item, final int wanted) {
        session.item = item;
        session.filled = 0;
        session.wanted = wanted;
        session.state = State.VALUE;
        if (wanted == 0) {
            complete(session);
        }
    }

    /** Throws the next bytes away. */
    void expectNothing(final Session session, final int bytes) {
        session.swallow = bytes;
        session.state = bytes > 0 ? State.SWALLOW : State.COMMAND;
    }

    private int value(final Session session, final long address, final int length) {
        final int count = Math.min(session.wanted - session.filled, length);
        if (!store.values().append(session.item, session.filled, address, count)) {
            store.free(session.item);
            session.item = Item.NONE;
            outOfMemoryDuringRead(session);
            expectNothing(session, session.wanted - session.filled);
            return 0;
        }
        session.filled += count;
        if (session.filled == session.wanted) {
            complete(session);
        }
        return count;
    }

    private void outOfMemoryDuringRead(final Session session) {
        session.invalidate = false;
        session.meta = false;
        if (session.protocol == BindingProtocol.BINARY) {
            binary.outOfMemory(session, Replies.OUT_OF_MEMORY_DURING_READ);
        } else if (!session.noReply) {
            output.put(Replies.SERVER_ERROR_OUT_OF_MEMORY_DURING_READ);
        }
    }

    private void complete(final Session session) {
        session.state = State.COMMAND;
        if (session.protocol == BindingProtocol.BINARY) {
            binary.complete(session);
        } else {
            text.complete(session, Values.endsLine(session.item));
        }
        session.item = Item.NONE;
        session.meta = false;
        session.invalidate = false;
    }

    private static int swallow(final Session session, final int length) {
        final int count = Math.min(session.swallow, length);
        session.swallow -= count;
        if (session.swallow == 0) {
            session.state = State.COMMAND;
        }
        return count;
    }

    // -- limits

    /** @return whether one more answer may wait to be sent */
    boolean mayRespond() {
        if (responses >= maxResponses) {
            store.counters().add(StoreCounter.RESPONSE_OBJ_OOM, 1);
            return false;
        }
        responses++;
        return true;
    }

    /** More answers than may wait: ends the connection without them, as the original does. */
    void overflow(final Session session) {
        output.truncate(0);
        session.closing = true;
    }

    /** Whether answers to earlier requests wait in front. */
    boolean isPipelined() {
        return output.length() > 0;
    }

    @Override
    public void close() {
        output.close();
        pieces.close();
        heap.flush();
        arena.close();
    }
}
