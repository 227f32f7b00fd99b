package io.netchannel.perf.netperf.host;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Runs tests on blocking sockets as netperf does: a thread for each connection, which sends, waits and receives.
 *
 * <p>Threading: as {@link Host}; {@code enter} is called first on each thread that makes sockets.
 */
final class BlockingHost implements Host {

    /** A reader's buffer: what one call may take. */
    static final int RECEIVE_BUFFER_BYTES = 256 * 1024;
    private static final long JOIN_MILLIS = 5_000;

    private final String name;
    private final BlockingSockets sockets;
    private final Runnable enter;
    private final AtomicInteger threadNumber = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Set<Runnable> open = ConcurrentHashMap.newKeySet();

    /** @param enter puts the calling thread where its sockets are to be */
    BlockingHost(final String name, final BlockingSockets sockets, final Runnable enter) {
        this.name = name;
        this.sockets = sockets;
        this.enter = enter;
    }

    @Override
    public String address() {
        return sockets.address();
    }

    private void start(final Runnable body) {
        Thread.ofPlatform().name(name + "-" + threadNumber.incrementAndGet()).daemon().start(() -> {
            threads.add(Thread.currentThread());
            try {
                enter.run();
                body.run();
            } finally {
                threads.remove(Thread.currentThread());
            }
        });
    }

    /** On a thread of its own, because the socket's place is that of the thread. */
    private <T> T make(final IoSupplier<T> supplier) {
        final CompletableFuture<T> made = new CompletableFuture<>();
        start(() -> {
            try {
                made.complete(supplier.get());
            } catch (final IOException | RuntimeException e) {
                made.completeExceptionally(e);
            }
        });
        try {
            return made.join();
        } catch (final CompletionException e) {
            throw new UncheckedIOException(name + ": " + e.getCause().getMessage(),
                    e.getCause() instanceof final IOException io ? io : new IOException(e.getCause()));
        }
    }

    @Override
    public Listening listen(final int connections, final Supplier<? extends FlowHandler> handlers) {
        final BlockingSockets.Listener listener = make(sockets::listen);
        open.add(listener::close);
        for (int i = 0; i < connections; i++) {
            start(() -> accept(listener, handlers));
        }
        return new Listening() {

            @Override
            public int port() {
                return listener.port();
            }

            @Override
            public void close() {
                listener.close();
            }
        };
    }

    /** As netserver: serves a connection to its end, then accepts the next. */
    private void accept(final BlockingSockets.Listener listener, final Supplier<? extends FlowHandler> handlers) {
        try {
            while (true) {
                run(listener.accept(), handlers.get());
            }
        } catch (final IOException e) {
            // Closed: nobody is to connect any more.
        }
    }

    @Override
    public void connect(final Host server, final int port, final FlowHandler handler) {
        start(() -> {
            boolean again = true;
            while (again) {
                BlockingSockets.Stream stream = null;
                try {
                    stream = sockets.connect(server, port);
                } catch (final IOException | RuntimeException e) {
                    again = handler.onClosed("can't connect: " + e.getMessage());
                }
                if (stream != null) {
                    again = run(stream, handler);
                }
            }
        });
    }

    private boolean run(final BlockingSockets.Stream stream, final FlowHandler handler) {
        final StreamFlow flow = new StreamFlow(stream);
        final Runnable close = stream::close;
        open.add(close);
        String reason = null;
        try {
            handler.onConnected(flow);
            final Buffer buffer = flow.buffer();
            int n = 0;
            while (!flow.closed && (n = stream.read(buffer)) >= 0) {
                handler.onReceive(flow, buffer.address(), n);
            }
            if (n < 0) {
                handler.onPeerFinished(flow);
            }
        } catch (final IOException | UncheckedIOException e) {
            reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        } catch (final RuntimeException e) {
            reason = e.toString();
        }
        open.remove(close);
        stream.close();
        return handler.onClosed(reason);
    }

    @Override
    public Datagrams datagrams(final DatagramHandler handler) {
        return new Socket(make(sockets::datagram), handler);
    }

    static void sleepUntil(final long timeNs) {
        for (long left; (left = timeNs - System.nanoTime()) > 0 && !Thread.currentThread().isInterrupted();) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        open.forEach(Runnable::run);
        sockets.close();
        for (final Thread thread : threads) {
            thread.interrupt();
            try {
                thread.join(JOIN_MILLIS);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private interface IoSupplier<T> {
        T get() throws IOException;
    }

    private static final class StreamFlow implements Flow {

        private static final ThreadLocal<Buffer> BUFFER = ThreadLocal
                .withInitial(() -> new Buffer(RECEIVE_BUFFER_BYTES));

        private final BlockingSockets.Stream stream;
        private boolean closed;

        StreamFlow(final BlockingSockets.Stream stream) {
            this.stream = stream;
        }

        /** The thread's: kept over connections that follow each other. */
        Buffer buffer() {
            return BUFFER.get();
        }

        @Override
        public int write(final Payload payload, final int offset, final int lengthBytes) {
            try {
                stream.write(payload, offset, lengthBytes);
            } catch (final IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
            return lengthBytes;
        }

        @Override
        public int writeFile(final FilePayload file, final int offset, final int lengthBytes) {
            try {
                stream.writeFile(file, offset, lengthBytes);
            } catch (final IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
            return lengthBytes;
        }

        @Override
        public void finish() {
            try {
                stream.shutdownOutput();
            } catch (final IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public void at(final long timeNs, final Runnable task) {
            sleepUntil(timeNs);
            task.run();
        }
    }

    private final class Socket implements Datagrams {

        private final BlockingSockets.Datagram datagram;
        private final DatagramHandler handler;
        private final Runnable closer;
        private volatile boolean closed;

        Socket(final BlockingSockets.Datagram datagram, final DatagramHandler handler) {
            this.datagram = datagram;
            this.handler = handler;
            this.closer = this::close;
            open.add(closer);
        }

        @Override
        public int localPort() {
            return datagram.localPort();
        }

        @Override
        public void connect(final Host peer, final int port) {
            try {
                datagram.connect(peer, port);
            } catch (final IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }

        @Override
        public void start() {
            BlockingHost.this.start(this::run);
        }

        private void run() {
            try {
                handler.onStart(this);
                final Buffer buffer = new Buffer(RECEIVE_BUFFER_BYTES);
                while (!closed) {
                    final int n = datagram.receive(buffer);
                    handler.onDatagram(this, buffer.address(), n);
                }
            } catch (final InterruptedIOException e) {
                // The host closes.
            } catch (final IOException | RuntimeException e) {
                if (!closed) {
                    handler.onFailure(e.getMessage());
                }
            }
        }

        @Override
        public boolean send(final Payload payload, final int lengthBytes) {
            try {
                datagram.send(payload, lengthBytes);
                return true;
            } catch (final IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }

        @Override
        public boolean again() {
            return !closed;
        }

        @Override
        public void at(final long timeNs, final Runnable task) {
            sleepUntil(timeNs);
            task.run();
        }

        @Override
        public void close() {
            closed = true;
            open.remove(closer);
            datagram.close();
        }
    }
}
