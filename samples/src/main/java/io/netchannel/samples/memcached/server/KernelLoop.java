package io.netchannel.samples.memcached.server;

import io.netchannel.kernel.pressure.MemoryPressure;
import io.netchannel.kernel.sched.SystemNanoClock;
import io.netchannel.samples.memcached.protocol.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * A selector with its thread: reads from what is ready, and lets the sessions answer.
 *
 * <p>Threading: {@link #execute}, {@link #wakeMaintenance} and {@link #close} any thread; the rest the loop's, or
 * before it runs.
 */
final class KernelLoop implements AutoCloseable {

    private static final int READ_BYTES = 64 << 10;
    private static final long MILLISECOND_NS = 1_000_000L;
    private static final byte[] TOO_MANY = "ERROR Too many open connections\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final int MAX_ACCEPTS_PER_TURN = 64;

    private final MemcachedServer server;
    private final KernelServer kernel;
    private final int index;
    private final boolean first;
    private final Selector selector;
    private final Worker worker;
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Consumer<SelectionKey> onReady = this::handle;
    private final List<SelectionKey> listening = new ArrayList<>();
    private final Thread thread;
    /** Of the first loop, if memory is given back. */
    private MemoryPressure pressure;
    private long nowNs;
    private long maintenanceNs;
    private volatile boolean maintenanceWanted;
    private volatile boolean ended;

    KernelLoop(final MemcachedServer server, final KernelServer kernel, final int index) throws IOException {
        this.server = server;
        this.kernel = kernel;
        this.index = index;
        this.first = index == 0;
        this.selector = Selector.open();
        this.worker = new Worker(server);
        this.thread = Thread.ofPlatform().name("memcached-" + index).unstarted(this::run);
    }

    // -- before it runs

    void accept(final ServerSocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        listening.add(channel.register(selector, SelectionKey.OP_ACCEPT, channel));
    }

    void receive(final DatagramChannel channel, final int id) throws IOException {
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new KernelDatagrams(worker, channel, id));
    }

    void watch(final MemoryPressure memory) {
        pressure = memory;
    }

    /** Has what is free of the loop's memory given back, if any is. */
    void giveBack() {
        server.giveBack(worker, index, first ? null : this::execute);
    }

    void start() {
        thread.start();
    }

    // -- any thread

    void execute(final Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != thread) {
            selector.wakeup();
        }
    }

    void wakeMaintenance() {
        maintenanceWanted = true;
        if (Thread.currentThread() != thread) {
            selector.wakeup();
        }
    }

    @Override
    public void close() {
        ended = true;
        selector.wakeup();
        try {
            if (thread.getState() == Thread.State.NEW) {
                cleanUp();
            } else {
                thread.join();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // -- the loop

    ByteBuffer readBuffer() {
        return readBuffer;
    }

    long nowNs() {
        return nowNs;
    }

    MemcachedServer server() {
        return server;
    }

    private void run() {
        try {
            while (!ended) {
                selector.select(onReady, waitMillis());
                nowNs = SystemNanoClock.INSTANCE.nowNs();
                runTasks();
                maintain();
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            cleanUp();
        }
    }

    private long waitMillis() {
        nowNs = SystemNanoClock.INSTANCE.nowNs();
        if (!tasks.isEmpty() || maintenanceWanted) {
            return 1;
        }
        // 0 is for ever.
        final long deadlineNs = pressure == null ? maintenanceNs : Math.min(maintenanceNs, pressure.nextDeadlineNs());
        if (!first) {
            return 0;
        }
        // Long past, before the first look: the difference would overflow.
        return deadlineNs <= nowNs ? 1 : (deadlineNs - nowNs + MILLISECOND_NS - 1) / MILLISECOND_NS;
    }

    private void runTasks() {
        for (int left = tasks.size(); left > 0; left--) {
            tasks.poll().run();
        }
    }

    private void maintain() {
        if (first && (nowNs >= maintenanceNs || maintenanceWanted)) {
            maintenanceWanted = false;
            maintenanceNs = server.runMaintenance(nowNs);
        }
        if (pressure != null && nowNs >= pressure.nextDeadlineNs()) {
            pressure.poll(nowNs);
        }
    }

    private void handle(final SelectionKey key) {
        try {
            if (!key.isValid()) {
                return;
            }
            // The selector may have slept since the last look.
            nowNs = SystemNanoClock.INSTANCE.nowNs();
            switch (key.attachment()) {
                case final KernelConnection connection -> connection.ready(key);
                case final KernelDatagrams datagrams -> datagrams.ready(nowNs);
                default -> acceptFrom((ServerSocketChannel) key.attachment());
            }
        } catch (final CancelledKeyException e) {
            // Closed meanwhile, by what another key did.
        } catch (final IOException e) {
            if (server.settings().verbosity > 0) {
                System.err.println("memcached: " + e.getMessage());
            }
        }
    }

    private void acceptFrom(final ServerSocketChannel listener) throws IOException {
        for (int i = 0; i < MAX_ACCEPTS_PER_TURN && server.isAccepting(); i++) {
            final SocketChannel channel = listener.accept();
            if (channel == null) {
                return;
            }
            channel.configureBlocking(false);
            if (!server.mayOpen(nowNs)) {
                channel.write(ByteBuffer.wrap(TOO_MANY));
                channel.close();
                continue;
            }
            // Numbered here, so that numbers are in the order of accepting.
            final int id = server.newId();
            final KernelLoop loop = kernel.nextLoop();
            if (loop == this) {
                adopt(channel, id);
            } else {
                loop.execute(() -> loop.adopt(channel, id));
            }
        }
    }

    private void adopt(final SocketChannel channel, final int id) {
        try {
            final KernelConnection connection = new KernelConnection(this, channel);
            final SelectionKey key = channel.register(selector, SelectionKey.OP_READ, connection);
            connection.open(worker.open(connection, id, false), key);
        } catch (final IOException e) {
            server.failed(nowNs);
            try {
                channel.close();
            } catch (final IOException ignored) {
                // It is gone already.
            }
        }
    }

    /** Takes connections, or none for now. */
    void accept(final boolean on) {
        for (final SelectionKey key : listening) {
            key.interestOps(on ? SelectionKey.OP_ACCEPT : 0);
        }
    }

    private void cleanUp() {
        try {
            for (final SelectionKey key : List.copyOf(selector.keys())) {
                if (key.attachment() instanceof final KernelConnection connection) {
                    connection.close();
                }
                key.channel().close();
            }
            selector.close();
        } catch (final IOException e) {
            // The process ends, and its sockets with it.
        }
        worker.close();
    }
}
