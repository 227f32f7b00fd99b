package io.netchannel.samples.memcached.server;

import io.netchannel.samples.memcached.protocol.Connection;
import io.netchannel.samples.memcached.protocol.Session;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * A connection on a socket of the kernel's.
 *
 * <p>Threading: on its loop, but for the names.
 */
final class KernelConnection implements Connection {

    private final KernelLoop loop;
    private final SocketChannel channel;
    private final String remote;
    private final String local;
    private Session session;
    private SelectionKey key;
    // What was read and could not be taken: there is nothing more to read until it is.
    private ByteBuffer unread;
    private boolean ended;

    KernelConnection(final KernelLoop loop, final SocketChannel channel) throws IOException {
        this.loop = loop;
        this.channel = channel;
        final SocketAddress from = channel.getRemoteAddress();
        final SocketAddress to = channel.getLocalAddress();
        if (from instanceof InetSocketAddress) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        }
        this.remote = Names.of("tcp", from instanceof InetSocketAddress ? from : to);
        this.local = Names.of("tcp", to);
    }

    void open(final Session opened, final SelectionKey registered) {
        session = opened;
        key = registered;
        loop.server().opened(session);
    }

    void ready(final SelectionKey selected) {
        if (selected.isWritable()) {
            interest(SelectionKey.OP_READ);
            session.writable(loop.nowNs());
            takeUnread();
        } else if (selected.isReadable()) {
            read();
        }
    }

    private void read() {
        final ByteBuffer buffer = loop.readBuffer();
        final int count;
        try {
            count = channel.read(buffer.clear());
        } catch (final IOException e) {
            session.close(Session.CloseReason.ERROR);
            return;
        }
        if (count < 0) {
            ended = true;
            interest(session.isBlocked() ? SelectionKey.OP_WRITE : 0);
            session.inputEnded();
            return;
        }
        final long address = MemorySegment.ofBuffer(buffer.flip()).address();
        final int taken = session.receive(address, count, loop.nowNs());
        if (taken < count && !session.isClosed()) {
            unread = ByteBuffer.allocateDirect(count - taken).put(buffer.position(taken)).flip();
        }
    }

    private void takeUnread() {
        while (unread != null && !session.isBlocked() && !session.isClosed()) {
            final int taken = session.receive(MemorySegment.ofBuffer(unread).address(), unread.remaining(),
                    loop.nowNs());
            unread.position(unread.position() + taken);
            if (!unread.hasRemaining()) {
                unread = null;
            }
        }
    }

    private void interest(final int operations) {
        if (key.isValid()) {
            key.interestOps(operations == SelectionKey.OP_READ && ended ? 0 : operations);
        }
    }

    // Reinterpreted: the answers' memory, by its address.
    @SuppressWarnings("restricted")
    @Override
    public int write(final long address, final int length) {
        try {
            final int written = channel.write(MemorySegment.ofAddress(address).reinterpret(length).asByteBuffer());
            if (written < length) {
                interest(SelectionKey.OP_WRITE);
            }
            return written;
        } catch (final IOException e) {
            session.close(Session.CloseReason.ERROR);
            return 0;
        }
    }

    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.close();
        } catch (final IOException e) {
            // It is gone either way.
        }
        if (session != null) {
            session.closed();
            loop.server().closed(session, loop.nowNs());
        }
    }

    @Override
    public void execute(final Runnable task) {
        loop.execute(task);
    }

    @Override
    public String remote() {
        return remote;
    }

    @Override
    public String local() {
        return local;
    }
}
