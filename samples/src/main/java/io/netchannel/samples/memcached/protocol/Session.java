package io.netchannel.samples.memcached.protocol;

import io.netchannel.samples.memcached.options.Settings.BindingProtocol;
import io.netchannel.samples.memcached.store.Item;
import io.netchannel.samples.memcached.store.StoreMode;

/**
 * One connection's place in the protocol: what it is in the middle of, and what waits to be sent. While an answer
 * waits, nothing
 * more is read, so a client that doesn't read can't make the server hold more than one burst's answers for it.
 *
 * <p>Threading: on its loop; fields of requests under the store's lock too.
 */
public final class Session {

    /** What the next bytes are. */
    enum State {
        COMMAND, VALUE, SWALLOW, KEYS, WATCH
    }

    /** Why a connection ended, as watchers are told. */
    public enum CloseReason {
        ERROR, NORMAL, IDLE_TIMEOUT, SHUTDOWN
    }

    private final Worker worker;
    private final Connection connection;
    private final int id;
    private final boolean datagrams;

    // -- the request
    State state = State.COMMAND;
    BindingProtocol protocol;
    boolean authenticated;
    boolean noReply;
    boolean closing;
    CloseReason closeReason = CloseReason.ERROR;
    int lastCommandSecond;

    // -- a value under way: the item that takes it, or what is thrown away
    long item = Item.NONE;
    int filled;
    int wanted;
    int swallow;
    StoreMode mode;
    boolean meta;
    boolean invalidate;
    byte[] returnFlags;
    int returnFlagsBytes;

    // -- keys of one line under way
    boolean withCas;
    boolean touching;
    int touchExpiry;

    // -- a binary request under way
    int opcode;
    int opaque;

    // -- bytes
    final Input input;
    // 0 bytes while nothing waits.
    private long pending;
    private int pendingCapacity;
    private int pendingStart;
    private int pendingEnd;
    private boolean closed;
    private boolean inputEnded;

    Session(final Worker worker, final Connection connection, final int id, final boolean datagrams,
            final BindingProtocol protocol, final boolean authenticated) {
        this.worker = worker;
        this.connection = connection;
        this.id = id;
        this.datagrams = datagrams;
        this.protocol = protocol;
        this.authenticated = authenticated;
        this.input = new Input(worker.heap(), worker.pieces());
    }

    public int id() {
        return id;
    }

    public Connection connection() {
        return connection;
    }

    boolean isDatagrams() {
        return datagrams;
    }

    public boolean isClosed() {
        return closed;
    }

    public CloseReason closeReason() {
        return closeReason;
    }

    public int lastCommandSecond() {
        return lastCommandSecond;
    }

    /** As the original names the states of its connections. */
    public String stateName() {
        return switch (state) {
            case COMMAND, KEYS -> input.isEmpty() ? "conn_read" : "conn_parse_cmd";
            case VALUE -> "conn_nread";
            case SWALLOW -> "conn_swallow";
            case WATCH -> "conn_watch";
        };
    }

    /** Whether it waits for a request, so that it may be idle. */
    public boolean isIdle() {
        return state == State.COMMAND;
    }

    /** Whether answers wait to be sent. */
    public boolean isBlocked() {
        return pendingCapacity > 0;
    }

    // -- called by the transport

    /**
     * Takes what was received.
     *
     * @return bytes consumed: all, unless answers wait; the rest is wanted again when {@link #isBlocked} is over
     */
    public int receive(final long address, final int length, final long nowNs) {
        if (closed || closing) {
            return length;
        }
        if (isBlocked()) {
            return 0;
        }
        if (input.isEmpty()) {
            final int consumed = worker.run(this, address, length, nowNs);
            if (consumed < length && !isBlocked() && !closing && !closed) {
                input.append(address + consumed, length - consumed);
                return length;
            }
            return closed || closing ? length : consumed;
        }
        input.append(address, length);
        worker.runInput(this, nowNs);
        return length;
    }

    /** There is room to write again; @return whether nothing waits any more */
    public boolean writable(final long nowNs) {
        if (isBlocked() && !flushPending()) {
            return false;
        }
        if (closing) {
            close();
        } else if (state == State.WATCH) {
            worker.services().resumeFeeds(this);
        } else if (!closed && !input.isEmpty()) {
            worker.runInput(this, nowNs);
        }
        if (inputEnded && !isBlocked() && !closed) {
            closeReason = CloseReason.NORMAL;
            close();
        }
        return !isBlocked();
    }

    /** The client sends no more: what it asked for is still answered. */
    public void inputEnded() {
        inputEnded = true;
        if (!isBlocked() && !closed) {
            closeReason = CloseReason.NORMAL;
            close();
        }
    }

    /** The connection is gone. */
    public void closed() {
        if (closed) {
            return;
        }
        closed = true;
        worker.abandon(this);
        input.release();
        if (isBlocked()) {
            releasePending();
        }
    }

    /** Ends the connection. */
    public void close(final CloseReason reason) {
        closeReason = reason;
        close();
    }

    private void close() {
        if (!closed) {
            connection.close();
        }
    }

    // -- answers

    /** Sends a burst's answers; keeps what the connection doesn't take. */
    void send(final Output output) {
        final int length = output.length();
        if (length > 0) {
            final int sent = connection.write(output.address(), length);
            if (sent < length && !closed) {
                pendingStart = sent;
                pendingEnd = length;
                pending = output.address();
                pendingCapacity = output.capacity();
                output.detach();
            } else {
                output.reset();
            }
        }
        if (closing && !isBlocked()) {
            close();
        }
    }

    private boolean flushPending() {
        final int length = pendingEnd - pendingStart;
        final int sent = connection.write(pending + pendingStart, length);
        if (closed) {
            return false;
        }
        pendingStart += sent;
        if (sent < length) {
            return false;
        }
        releasePending();
        return true;
    }

    private void releasePending() {
        worker.heap().free(pending, pendingCapacity);
        pendingCapacity = 0;
    }

    /** Sends bytes of a log or a dump at once; @return bytes taken */
    public int sendDirectly(final long address, final int length) {
        return closed || isBlocked() ? 0 : connection.write(address, length);
    }

    /** Goes back to commands after a dump. */
    public void endWatch() {
        state = State.COMMAND;
        if (!input.isEmpty() && !closed) {
            worker.runInput(this, worker.nowNs());
        }
    }
}
