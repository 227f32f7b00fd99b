package io.netchannel.samples.memcached.load;

import io.netchannel.kernel.sched.SystemNanoClock;
import io.netchannel.node.Application;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Connections over flows: an application of a node with one loop, which reads answers where the packet lies.
 *
 * <p>Threading: as {@link LoadClient}; its own thread is the loop's.
 */
final class FlowClient implements LoadClient, Application {

    private final LoadProfile profile;
    private final LoadWorker worker;
    private final DataplaneNode node;

    // -- written by the loop before the node has started
    private LoopContext loop;
    private Thread thread;

    // -- the loop's
    private CompletableFuture<LoadCounts> round;
    private LoadFailure failure;
    private int connected;

    /** @param node with one loop; not started, closed with this */
    FlowClient(final DataplaneNode node, final LoadProfile profile) {
        this.profile = profile;
        this.worker = new LoadWorker(profile, SystemNanoClock.INSTANCE);
        this.node = node;
        node.deploy(this);
    }

    @Override
    public String name() {
        return "memload";
    }

    @Override
    public void start(final LoopContext context) {
        loop = context;
        thread = Thread.currentThread();
    }

    /** @throws LoadFailure if it can't; the node has started */
    void connect(final IpAddress server, final int port) {
        round(0, end -> {
            for (int i = 0; i < profile.connections() && failure == null; i++) {
                final Flow flow = new Flow();
                if (loop.stack().tcp().connect(server.high(), server.low(), port, flow) == null) {
                    fail("can't connect: " + loop.stack().tcp().connectFailure());
                }
            }
        });
    }

    private LoadCounts round(final long durationNs, final Consumer<Consumer<LoadCounts>> begin) {
        final CompletableFuture<LoadCounts> future = new CompletableFuture<>();
        loop.execute(() -> {
            round = future;
            try {
                if (failure != null) {
                    throw failure;
                }
                begin.accept(future::complete);
            } catch (final LoadFailure e) {
                fail(e);
            }
        });
        try {
            return future.get(durationNs + SILENCE_SECONDS * 1_000_000_000L, TimeUnit.NANOSECONDS);
        } catch (final ExecutionException e) {
            throw e.getCause() instanceof final LoadFailure failed
                    ? failed
                    : new LoadFailure(String.valueOf(e.getCause().getMessage()), e.getCause());
        } catch (final TimeoutException e) {
            throw new LoadFailure("no answer for " + SILENCE_SECONDS + " s", e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadFailure("interrupted", e);
        }
    }

    @Override
    public LoadCounts store() {
        return round(0, worker::store);
    }

    @Override
    public LoadCounts run(final int depth, final long durationNs) {
        return round(durationNs, end -> worker.run(depth, durationNs, end));
    }

    private void fail(final String what) {
        fail(new LoadFailure(what));
    }

    private void fail(final LoadFailure what) {
        if (failure == null) {
            failure = what;
        }
        if (round != null) {
            round.completeExceptionally(what);
        }
    }

    @Override
    public long cpuNs() {
        return CpuTime.of(thread).ns();
    }

    @Override
    public void close() {
        node.close();
        worker.close();
    }

    private final class Flow implements TcpHandler, Link {

        private TcpFlow tcp;
        private LoadConnection connection;

        @Override
        public void onConnected(final TcpFlow flow) {
            tcp = flow;
            flow.noDelay(true);
            connection = worker.open(this);
            if (++connected == profile.connections()) {
                round.complete(null);
            }
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            connection.receive(address, lengthBytes);
            return lengthBytes;
        }

        @Override
        public void onWritable(final TcpFlow flow) {
            connection.writable();
        }

        @Override
        public void onPeerFinished(final TcpFlow flow) {
            fail("the server ended a connection");
        }

        @Override
        public void onFailure(final TcpFlow flow, final RuntimeException what) {
            fail(what instanceof final LoadFailure known ? known : new LoadFailure(what.toString(), what));
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            fail("connection ended: " + reason);
        }

        @Override
        public int write(final long address, final int length) {
            return tcp.write(address, length);
        }
    }
}
