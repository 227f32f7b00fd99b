package io.netchannel.samples.load;

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
import java.util.function.Function;

/**
 * Connections over flows, for rounds: an application of a node with one loop, which reads answers where the packet lies.
 *
 * <p>Threading: one thread, another than the loop's, which is where conversations are.
 *
 * @param <R> what a round comes to
 */
public final class FlowClient<R> implements Application {

    /** No answer for so long, and a path has failed. */
    public static final int SILENCE_SECONDS = 10;

    private final String name;
    private final int connections;
    private final Function<Link, Conversation> opening;

    // -- written by the loop before the node has started
    private LoopContext loop;
    private Thread thread;

    // -- the loop's
    private CompletableFuture<R> round;
    private LoadFailure failure;
    private int connected;

    /**
     * @param node with one loop; not started
     * @param opening of a conversation on a connection, in the loop
     */
    public FlowClient(final DataplaneNode node, final String name, final int connections,
            final Function<Link, Conversation> opening) {
        this.name = name;
        this.connections = connections;
        this.opening = opening;
        node.deploy(this);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start(final LoopContext context) {
        loop = context;
        thread = Thread.currentThread();
    }

    /** @throws LoadFailure if it can't; the node has started */
    public void connect(final IpAddress server, final int port) {
        round(0, end -> {
            for (int i = 0; i < connections && failure == null; i++) {
                if (loop.stack().tcp().connect(server.high(), server.low(), port, new Flow()) == null) {
                    fail(new LoadFailure("can't connect: " + loop.stack().tcp().connectFailure()));
                }
            }
        });
    }

    /**
     * One round.
     *
     * @param begin is called in the loop, with who is told the result
     * @throws LoadFailure if a connection ends, an answer is none, or doesn't come
     */
    public R round(final long durationNs, final Consumer<Consumer<R>> begin) {
        final CompletableFuture<R> future = new CompletableFuture<>();
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
            throw LoadFailure.of(e.getCause());
        } catch (final TimeoutException e) {
            throw new LoadFailure("no answer for " + SILENCE_SECONDS + " s", e);
        } catch (final InterruptedException e) {
            throw LoadFailure.interrupted(e);
        }
    }

    private void fail(final LoadFailure what) {
        if (failure == null) {
            failure = what;
        }
        if (round != null) {
            round.completeExceptionally(what);
        }
    }

    /** Of the loop. */
    public CpuTime cpu() {
        return CpuTime.of(thread);
    }

    private final class Flow implements TcpHandler, Link {

        private TcpFlow tcp;
        private Conversation conversation;

        @Override
        public void onConnected(final TcpFlow flow) {
            tcp = flow;
            flow.noDelay(true);
            conversation = opening.apply(this);
            if (++connected == connections) {
                round.complete(null);
            }
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            conversation.receive(address, lengthBytes);
            return lengthBytes;
        }

        @Override
        public void onWritable(final TcpFlow flow) {
            conversation.writable();
        }

        @Override
        public void onPeerFinished(final TcpFlow flow) {
            fail(new LoadFailure("the server ended a connection"));
        }

        @Override
        public void onFailure(final TcpFlow flow, final RuntimeException what) {
            fail(what instanceof final LoadFailure known ? known : new LoadFailure(what.toString(), what));
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            fail(new LoadFailure("connection ended: " + reason));
        }

        @Override
        public int write(final long address, final int length) {
            return tcp.write(address, length);
        }
    }
}
