package io.netchannel.perf.netperf;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;

/**
 * The kernel's loopback sockets by blocking java.nio channels with direct buffers: the fastest way that plain Java has to
 * them. One thread a side, as in the other paths.
 */
final class KernelPath implements NetperfPath {

    private static final int RECEIVE_BUFFER_BYTES = 256 * 1024;

    @Override
    public String name() {
        return "kernel";
    }

    @Override
    public String description() {
        return "kernel loopback sockets, blocking java.nio, a thread a side";
    }

    @Override
    public Measurement run(final NetperfTest test, final Workload workload, final long durationNs) {
        try {
            return switch (test) {
                case TCP_STREAM -> stream(workload, durationNs);
                case TCP_RR -> tcpRequestResponse(workload, durationNs);
                case UDP_RR -> udpRequestResponse(workload, durationNs);
            };
        } catch (final IOException e) {
            throw new NetperfException("path kernel, " + test + ": " + e.getMessage(), e);
        }
    }

    private Measurement stream(final Workload workload, final long durationNs) throws IOException {
        final AtomicLong received = new AtomicLong();
        try (TcpPair pair = TcpPair.open()) {
            final Peer receiver = Peer.start("netperf-kernel-receiver", () -> {
                final ByteBuffer buffer = ByteBuffer.allocateDirect(RECEIVE_BUFFER_BYTES);
                for (int n; (n = pair.server.read(buffer.clear())) >= 0;) {
                    received.setPlain(received.getPlain() + n);
                    received.setRelease(received.getPlain());
                }
            });
            final Peer sender = Peer.start("netperf-kernel-sender", () -> {
                final ByteBuffer message = ByteBuffer.allocateDirect(workload.messageBytes());
                while (!Thread.currentThread().isInterrupted()) {
                    pair.client.write(message.clear());
                }
            });
            final StreamInterval interval = StreamInterval.measure(received::getAcquire, durationNs);
            pair.client.close();
            sender.join();
            receiver.join();
            return interval.toMeasurement(name());
        }
    }

    private Measurement tcpRequestResponse(final Workload workload, final long durationNs) throws IOException {
        try (TcpPair pair = TcpPair.open()) {
            final Peer server = Peer.start("netperf-kernel-server", () -> {
                final ByteBuffer request = ByteBuffer.allocateDirect(workload.requestBytes());
                final ByteBuffer response = ByteBuffer.allocateDirect(workload.responseBytes());
                while (readFully(pair.server, request.clear())) {
                    pair.server.write(response.clear());
                }
            });
            final ByteBuffer request = ByteBuffer.allocateDirect(workload.requestBytes());
            final ByteBuffer response = ByteBuffer.allocateDirect(workload.responseBytes());
            final Measurement measurement;
            try (Watchdog _ = Watchdog.closing(durationNs, pair)) {
                measurement = transact(durationNs, () -> {
                    pair.client.write(request.clear());
                    if (!readFully(pair.client, response.clear())) {
                        throw new IOException("the server closed the connection");
                    }
                });
            }
            pair.client.close();
            server.join();
            return measurement;
        }
    }

    private Measurement udpRequestResponse(final Workload workload, final long durationNs) throws IOException {
        final Peer server;
        final Measurement measurement;
        try (DatagramChannel serverChannel = DatagramChannel.open();
                DatagramChannel clientChannel = DatagramChannel.open()) {
            serverChannel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            clientChannel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            serverChannel.connect(clientChannel.getLocalAddress());
            clientChannel.connect(serverChannel.getLocalAddress());
            server = Peer.start("netperf-kernel-server", () -> {
                final ByteBuffer request = ByteBuffer.allocateDirect(workload.requestBytes() + 1);
                final ByteBuffer response = ByteBuffer.allocateDirect(workload.responseBytes());
                while (true) {
                    serverChannel.read(request.clear());
                    serverChannel.write(response.clear());
                }
            });
            final ByteBuffer request = ByteBuffer.allocateDirect(workload.requestBytes());
            final ByteBuffer response = ByteBuffer.allocateDirect(workload.responseBytes() + 1);
            try (Watchdog _ = Watchdog.closing(durationNs, clientChannel, serverChannel)) {
                measurement = transact(durationNs, () -> {
                    clientChannel.write(request.clear());
                    clientChannel.read(response.clear());
                });
            }
        }
        // Its channel is closed, which ends its wait for a request.
        server.join();
        return measurement;
    }

    /** Transactions on the calling thread, until the time is up. */
    private static Measurement transact(final long durationNs, final IoAction transaction) throws IOException {
        final Histogram latencies = Measurement.newHistogram();
        final long startCpuNs = ProcessCpu.nowNs();
        final long startNs = System.nanoTime();
        long now = startNs;
        long count = 0;
        while (now - startNs < durationNs) {
            transaction.run();
            final long end = System.nanoTime();
            latencies.recordValue(Math.min(end - now, latencies.getHighestTrackableValue()));
            now = end;
            count++;
        }
        return new Measurement(now - startNs, 0, count, ProcessCpu.nowNs() - startCpuNs, latencies);
    }

    private static boolean readFully(final SocketChannel channel, final ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (channel.read(into) < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        // Every test has closed its own channels and ended its threads.
    }

    @FunctionalInterface
    private interface IoAction {
        void run() throws IOException;
    }

    /** A connected pair with Nagle off, as netperf -D and as the dataplane's side of the comparison. */
    private record TcpPair(SocketChannel client, SocketChannel server) implements Closeable {

        static TcpPair open() throws IOException {
            try (ServerSocketChannel listener = ServerSocketChannel.open()) {
                listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                final SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                final SocketChannel server = listener.accept();
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                server.setOption(StandardSocketOptions.TCP_NODELAY, true);
                return new TcpPair(client, server);
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    /** A thread of the other side, whose failure is reported when it is joined. */
    private static final class Peer {

        private final Thread thread;
        private final AtomicReference<IOException> failure = new AtomicReference<>();

        private Peer(final String name, final IoAction action) {
            thread = Thread.ofPlatform().name(name).daemon().unstarted(() -> {
                try {
                    action.run();
                } catch (final AsynchronousCloseException e) {
                    // The measuring side closed the channel: the test is over.
                } catch (final java.nio.channels.ClosedChannelException e) {
                    // As above, between two calls.
                } catch (final IOException e) {
                    failure.set(e);
                }
            });
        }

        static Peer start(final String name, final IoAction action) {
            final Peer peer = new Peer(name, action);
            peer.thread.start();
            return peer;
        }

        void join() {
            try {
                thread.join();
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (failure.get() != null) {
                throw new UncheckedIOException(thread.getName() + " failed", failure.get());
            }
        }
    }
}
