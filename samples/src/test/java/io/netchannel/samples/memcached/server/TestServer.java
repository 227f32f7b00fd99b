package io.netchannel.samples.memcached.server;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.pressure.MemoryGauge;
import io.netchannel.kernel.pressure.MemoryPressure;
import io.netchannel.samples.memcached.options.ArgumentParser;
import io.netchannel.samples.memcached.options.Settings;
import io.netchannel.samples.memcached.options.UsageException;
import io.netchannel.samples.memcached.protocol.Connection;
import io.netchannel.samples.memcached.protocol.Output;
import io.netchannel.samples.memcached.protocol.Session;
import io.netchannel.samples.memcached.protocol.Worker;
import io.netchannel.samples.memcached.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/** A server on one loop in virtual time, with connections that the test holds the other end of. */
public final class TestServer implements AutoCloseable {

    static final long UNIX_SECONDS = 1_700_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int MAX_MAINTENANCE_RUNS = 100_000;

    private final MemcachedServer server;
    private final Worker worker;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private long nowNs;
    private long maintenanceNs;
    private boolean maintenanceWanted;
    private int ids = 26;
    private boolean shutDown;
    private MemoryPressure pressure;

    /** @param arguments as on the command line */
    public TestServer(final String... arguments) {
        this(null, UNIX_SECONDS, arguments);
    }

    /** @param directory where items are kept, or null */
    TestServer(final Path directory, final long unixSeconds, final String... arguments) {
        try {
            final Settings settings = new ArgumentParser(List.of(arguments)).settings();
            settings.storeDirectory = directory;
            server = new MemcachedServer(settings, 1, nowNs, unixSeconds, 0, () -> shutDown = true);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } catch (final UsageException e) {
            throw new IllegalArgumentException(e);
        }
        server.listeners(new Listeners() {
            @Override
            public void accept(final boolean on) {
                // The test connects when it wants to.
            }

            @Override
            public void wakeMaintenance() {
                maintenanceWanted = true;
            }
        });
        worker = new Worker(server);
    }

    /** Has memory given back in the time that {@link #advanceSeconds} lets go by. */
    MemoryPressure watchMemory(final MemoryGauge... gauges) {
        pressure = server.watchMemory(tasks::add, List.of(gauges));
        server.giveBack(worker, 0, null);
        return pressure;
    }

    /** Polls until it would sleep, as a loop does that has nothing else to do. */
    void pollMemory() {
        for (int turns = 0; pressure != null
                && (pressure.poll(nowNs) > 0 || pressure.nextDeadlineNs() <= nowNs); turns++) {
            if (turns > MAX_MAINTENANCE_RUNS) {
                throw new AssertionError("memory pressure never rests");
            }
        }
    }

    Store store() {
        return server.store();
    }

    boolean isShutDown() {
        return shutDown;
    }

    /** As the store counts them: expiry is compared to these. */
    int seconds() {
        return server.store().clock().seconds();
    }

    /** Lets so much time go by, with all maintenance that is due. */
    void advanceSeconds(final int seconds) {
        final long endNs = nowNs + seconds * SECOND_NS;
        for (int runs = 0; maintenanceNs <= endNs || maintenanceWanted; runs++) {
            if (runs > MAX_MAINTENANCE_RUNS) {
                throw new AssertionError("maintenance never rests");
            }
            nowNs = Math.max(nowNs, Math.min(maintenanceNs, endNs));
            maintenanceWanted = false;
            // The clock has a resolution: work that is to go on at once does so a little later.
            maintenanceNs = Math.max(server.runMaintenance(nowNs), nowNs + 1000);
            runTasks();
            pollMemory();
        }
        nowNs = endNs;
        pollMemory();
        server.store().clock().advance(nowNs);
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** As for a connection that is about to be accepted. */
    boolean mayOpen() {
        return server.mayOpen(nowNs);
    }

    Client connect() {
        return new Client();
    }

    /** The answer to a datagram's request, in one piece. */
    byte[] datagram(final byte[] request) {
        final Session session = worker.open(new NoConnection("udp:0.0.0.0:11211"), ids++, true);
        try (Arena arena = Arena.ofConfined()) {
            final long address = copy(arena, request);
            final Output output = worker.runDatagram(session, address, request.length, nowNs);
            final byte[] answer = new byte[output.length()];
            HostMemory.INSTANCE.copyToArray(output.address(), answer, 0, answer.length);
            return answer;
        }
    }

    private static long copy(final Arena arena, final byte[] bytes) {
        final long address = arena.allocate(Math.max(1, bytes.length)).address();
        HostMemory.INSTANCE.copyFromArray(bytes, 0, address, bytes.length);
        return address;
    }

    @Override
    public void close() {
        worker.close();
        server.close();
    }

    /** A client; reads all at once, unless it is told not to. */
    final class Client implements Connection {

        private final Session session;
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private int room = Integer.MAX_VALUE;
        private byte[] unread = new byte[0];
        private boolean closed;

        private Client() {
            session = worker.open(this, ids++, false);
            server.mayOpen(nowNs);
            server.opened(session);
        }

        Session session() {
            return session;
        }

        boolean isClosed() {
            return closed;
        }

        /** Sends, and returns what has been answered since the last call. */
        String send(final String text) {
            return new String(send(text.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
        }

        byte[] send(final byte[] bytes) {
            offer(bytes);
            return take();
        }

        private void offer(final byte[] bytes) {
            final byte[] all = Arrays.copyOf(unread, unread.length + bytes.length);
            System.arraycopy(bytes, 0, all, unread.length, bytes.length);
            unread = new byte[0];
            deliver(all);
            runTasks();
        }

        private void deliver(final byte[] bytes) {
            try (Arena arena = Arena.ofConfined()) {
                final int taken = bytes.length == 0
                        ? 0
                        : session.receive(copy(arena, bytes), bytes.length, nowNs);
                unread = Arrays.copyOfRange(bytes, taken, bytes.length);
            }
        }

        byte[] take() {
            final byte[] answer = received.toByteArray();
            received.reset();
            return answer;
        }

        /** From now on takes so many bytes and no more. */
        void room(final int bytes) {
            room = bytes;
            if (bytes > 0 && session.writable(nowNs)) {
                offer(new byte[0]);
            }
        }

        int unreadBytes() {
            return unread.length;
        }

        @Override
        public int write(final long address, final int length) {
            final int count = Math.min(room, length);
            final byte[] bytes = new byte[count];
            HostMemory.INSTANCE.copyToArray(address, bytes, 0, count);
            received.writeBytes(bytes);
            room -= count;
            return count;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                session.closed();
                server.closed(session, nowNs);
            }
        }

        @Override
        public void execute(final Runnable task) {
            tasks.add(task);
        }

        @Override
        public String remote() {
            return "tcp:10.7.0.1:40000";
        }

        @Override
        public String local() {
            return "tcp:10.7.0.2:11211";
        }
    }
}
