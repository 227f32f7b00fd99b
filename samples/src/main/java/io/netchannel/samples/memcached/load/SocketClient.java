package io.netchannel.samples.memcached.load;

import io.netchannel.kernel.sched.SystemNanoClock;
import io.netchannel.samples.load.CpuTime;
import io.netchannel.samples.load.FlowClient;
import io.netchannel.samples.load.Link;
import io.netchannel.samples.load.LoadFailure;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Connections over the kernel's sockets: a selector, with one thread.
 *
 * <p>Threading: as {@link LoadClient}.
 */
final class SocketClient implements LoadClient {

    private static final int READ_BYTES = 256 << 10;
    private static final int CONNECT_MILLIS = 5_000;

    private final LoadWorker worker;
    private final ExecutorService executor;
    private final Thread thread;

    // -- its own thread's
    private Selector selector;
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final long readAddress = MemorySegment.ofBuffer(readBuffer).address();
    private final Consumer<SelectionKey> onReady = this::ready;
    private final Consumer<LoadCounts> onEnd = counts -> result = counts;
    private LoadCounts result;

    private SocketClient(final String name, final LoadProfile profile) {
        this.worker = new LoadWorker(profile, SystemNanoClock.INSTANCE);
        this.executor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("memload-" + name + "-client").daemon().factory());
        this.thread = own(Thread::currentThread);
    }

    /**
     * Connects.
     *
     * @param enter called first on the client's thread, to move it into a network namespace
     * @throws LoadFailure if there is nobody
     */
    static SocketClient connect(final String name, final Runnable enter, final InetSocketAddress server,
            final LoadProfile profile) {
        final SocketClient client = new SocketClient(name, profile);
        try {
            client.own(() -> {
                enter.run();
                client.open(server, profile.connections());
                return null;
            });
        } catch (final LoadFailure e) {
            client.close();
            throw e;
        }
        return client;
    }

    private <T> T own(final Callable<T> task) {
        try {
            return executor.submit(task).get();
        } catch (final ExecutionException e) {
            throw LoadFailure.of(e.getCause());
        } catch (final InterruptedException e) {
            throw LoadFailure.interrupted(e);
        }
    }

    private void open(final InetSocketAddress server, final int connections) throws IOException {
        selector = Selector.open();
        for (int i = 0; i < connections; i++) {
            final SocketChannel channel = SocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.socket().connect(server, CONNECT_MILLIS);
                channel.configureBlocking(false);
                final SocketLink link = new SocketLink(channel);
                link.key = channel.register(selector, SelectionKey.OP_READ, link);
                link.connection = worker.open(link);
            } catch (final IOException e) {
                channel.close();
                throw new LoadFailure("connection " + (i + 1) + " to " + server + ": " + e.getMessage(), e);
            }
        }
    }

    // -- rounds

    @Override
    public LoadCounts store() {
        return own(() -> {
            worker.store(onEnd);
            return await();
        });
    }

    @Override
    public LoadCounts run(final int depth, final long durationNs) {
        return own(() -> {
            worker.run(depth, durationNs, onEnd);
            return await();
        });
    }

    private LoadCounts await() throws IOException {
        while (result == null) {
            if (selector.select(onReady, FlowClient.SILENCE_SECONDS * 1_000L) == 0) {
                throw new LoadFailure("no answer for " + FlowClient.SILENCE_SECONDS + " s");
            }
        }
        final LoadCounts counts = result;
        result = null;
        return counts;
    }

    private void ready(final SelectionKey key) {
        ((SocketLink) key.attachment()).ready();
    }

    @Override
    public long cpuNs() {
        return CpuTime.of(thread).ns();
    }

    @Override
    public void close() {
        try {
            own(() -> {
                if (selector != null) {
                    for (final SelectionKey key : selector.keys()) {
                        key.channel().close();
                    }
                    selector.close();
                }
                return null;
            });
        } finally {
            executor.shutdown();
            worker.close();
        }
    }

    private final class SocketLink implements Link {

        private final SocketChannel channel;
        private SelectionKey key;
        private LoadConnection connection;

        SocketLink(final SocketChannel channel) {
            this.channel = channel;
        }

        void ready() {
            if (key.isWritable()) {
                key.interestOps(SelectionKey.OP_READ);
                connection.writable();
            }
            if (key.isReadable()) {
                final int count;
                try {
                    count = channel.read(readBuffer.clear());
                } catch (final IOException e) {
                    throw new LoadFailure("connection failed: " + e.getMessage(), e);
                }
                if (count < 0) {
                    throw new LoadFailure("the server ended a connection");
                }
                connection.receive(readAddress, count);
            }
        }

        // Reinterpreted: the requests' memory, by its address.
        @SuppressWarnings("restricted")
        @Override
        public int write(final long address, final int length) {
            try {
                final int written = channel.write(MemorySegment.ofAddress(address).reinterpret(length).asByteBuffer());
                if (written < length) {
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                }
                return written;
            } catch (final IOException e) {
                throw new LoadFailure("connection failed: " + e.getMessage(), e);
            }
        }
    }
}
