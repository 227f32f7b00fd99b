package io.netchannel.perf.netperf.host;

import io.netchannel.channels.flow.FlowTable;
import io.netchannel.kernel.sched.Timer;
import io.netchannel.node.Application;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.LoopContext;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeLink;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpListener;
import io.netchannel.tcpip.udp.UdpHandler;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tests as an application of a node, by its flow API: callbacks on the loops, reading in place.
 *
 * <p>Threading: as {@link Host}; handlers on the loop of their flow. Connections go to the loops in turn.
 */
final class NodeHost implements Host {

    private static final int FIRST_PORT = 5001;
    private static final int BACKLOG = 1024;

    private final DataplaneNode node;
    private final String address;
    private final Loops loops;
    private final long connectionTableBytes;
    private int nextPort = FIRST_PORT;
    private int nextLoop;

    private NodeHost(final DataplaneNode node, final String address, final Loops loops,
            final long connectionTableBytes) {
        this.node = node;
        this.address = address;
        this.loops = loops;
        this.connectionTableBytes = connectionTableBytes;
    }

    /** Opened, not started: both ends of a wire are plugged in first. */
    static NodeHost open(final NodeConfig config, final NodeLink link) {
        final Loops loops = new Loops(config.loops());
        final DataplaneNode node = DataplaneNode.open(config, link);
        node.deploy(loops);
        return new NodeHost(node, config.addresses().getFirst().address().toString(), loops,
                config.loops() * FlowTable.sizeBytes(config.flowsPerLoop()));
    }

    NodeHost start() {
        try {
            node.start();
            return this;
        } catch (final RuntimeException e) {
            node.close();
            throw e;
        }
    }

    @Override
    public String address() {
        return address;
    }

    private LoopContext next() {
        return loops.contexts[nextLoop++ % loops.contexts.length];
    }

    private static <T> T on(final LoopContext loop, final Supplier<T> task) {
        try {
            return CompletableFuture.supplyAsync(task, loop::execute).join();
        } catch (final CompletionException e) {
            throw e.getCause() instanceof final RuntimeException cause ? cause : e;
        }
    }

    @Override
    public Listening listen(final int connections, final Supplier<? extends FlowHandler> handlers) {
        final int port = nextPort++;
        final List<TcpListener> listeners = new ArrayList<>();
        for (final LoopContext loop : loops.contexts) {
            listeners.add(on(loop, () -> loop.stack().tcp().listen(0, 0, port, BACKLOG,
                    flow -> new NodeFlow(loop, handlers.get(), flow, null))));
        }
        return new Listening() {

            @Override
            public int port() {
                return port;
            }

            @Override
            public void close() {
                for (int i = 0; i < loops.contexts.length; i++) {
                    final TcpListener listener = listeners.get(i);
                    on(loops.contexts[i], () -> {
                        listener.close();
                        return null;
                    });
                }
            }
        };
    }

    @Override
    public void connect(final Host server, final int port, final FlowHandler handler) {
        final LoopContext loop = next();
        final IpAddress to = IpAddress.parse(server.address());
        loop.execute(() -> open(loop, to, port, handler));
    }

    private static void open(final LoopContext loop, final IpAddress to, final int port, final FlowHandler handler) {
        final NodeFlow flow = new NodeFlow(loop, handler, null, () -> open(loop, to, port, handler));
        flow.tcp = loop.stack().tcp().connect(to.high(), to.low(), port, flow);
        if (flow.tcp == null) {
            handler.onClosed("can't connect: " + loop.stack().tcp().connectFailure());
        }
    }

    @Override
    public long connectionTableBytes() {
        return connectionTableBytes;
    }

    @Override
    public Datagrams datagrams(final DatagramHandler handler) {
        final LoopContext loop = next();
        return on(loop, () -> new NodeDatagrams(loop, handler));
    }

    @Override
    public void close() {
        node.close();
    }

    /** Keeps the loops for the measuring thread. */
    private static final class Loops implements Application {

        // Each element is written by its loop before start() returns.
        private final LoopContext[] contexts;

        Loops(final int count) {
            contexts = new LoopContext[count];
        }

        @Override
        public String name() {
            return "netperf";
        }

        @Override
        public void start(final LoopContext context) {
            contexts[context.index()] = context;
        }
    }

    private static final class Later extends Timer {

        private final Runnable task;

        Later(final Runnable task) {
            this.task = task;
        }

        @Override
        protected void expire(final long nowNs) {
            task.run();
        }
    }

    private static void later(final LoopContext loop, final long timeNs, final Runnable task) {
        // The loop's clock has a zero of its own.
        final long delayNs = timeNs - System.nanoTime();
        if (delayNs <= 0) {
            task.run();
        } else {
            loop.timers().schedule(new Later(task), loop.nowNs() + delayNs);
        }
    }

    private static final class NodeFlow implements Flow, TcpHandler {

        private final LoopContext loop;
        private final FlowHandler handler;
        private final Runnable reconnect;
        private TcpFlow tcp;
        private boolean peerFinished;
        private boolean reported;

        /** @param reconnect null for an accepted flow */
        NodeFlow(final LoopContext loop, final FlowHandler handler, final TcpFlow tcp, final Runnable reconnect) {
            this.loop = loop;
            this.handler = handler;
            this.tcp = tcp;
            this.reconnect = reconnect;
        }

        @Override
        public int write(final Payload payload, final int offset, final int lengthBytes) {
            return tcp.write(payload.address() + offset, lengthBytes);
        }

        @Override
        public int writeFile(final FilePayload file, final int offset, final int lengthBytes) {
            return tcp.write(file.address() + offset, lengthBytes);
        }

        @Override
        public void finish() {
            tcp.shutdownOutput();
        }

        @Override
        public void close() {
            tcp.close();
            if (peerFinished) {
                // As a kernel's close(): the last acknowledgment comes in the background.
                report(null);
            }
        }

        @Override
        public void at(final long timeNs, final Runnable task) {
            later(loop, timeNs, task);
        }

        @Override
        public void onConnected(final TcpFlow flow) {
            tcp = flow;
            flow.noDelay(true);
            handler.onConnected(this);
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            handler.onReceive(this, address, lengthBytes);
            return lengthBytes;
        }

        @Override
        public void onWritable(final TcpFlow flow) {
            handler.onWritable(this);
        }

        @Override
        public void onPeerFinished(final TcpFlow flow) {
            peerFinished = true;
            handler.onPeerFinished(this);
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            report(reason == TcpCloseReason.FINISHED ? null : "connection ended: " + reason);
        }

        private void report(final String reason) {
            if (reported) {
                return;
            }
            reported = true;
            if (handler.onClosed(reason) && reconnect != null) {
                loop.execute(reconnect);
            }
        }
    }

    private static final class NodeDatagrams implements Datagrams, UdpHandler {

        private final LoopContext loop;
        private final DatagramHandler handler;
        private final UdpSocket socket;
        private final Runnable ready;
        private boolean full;

        NodeDatagrams(final LoopContext loop, final DatagramHandler handler) {
            this.loop = loop;
            this.handler = handler;
            this.socket = loop.stack().udp().bind(0, 0, 0, this);
            this.ready = () -> {
                if (full) {
                    // The far side needs this CPU, perhaps, to make room.
                    full = false;
                    Thread.yield();
                }
                if (socket.isOpen()) {
                    handler.onReady(this);
                }
            };
        }

        @Override
        public int localPort() {
            return socket.localPort();
        }

        @Override
        public void connect(final Host peer, final int port) {
            final IpAddress to = IpAddress.parse(peer.address());
            final Function<UdpSocket, Boolean> connect = s -> s.connect(to.high(), to.low(), port);
            if (!on(loop, () -> connect.apply(socket))) {
                throw new IllegalStateException("no route to " + to);
            }
        }

        @Override
        public void start() {
            loop.execute(() -> handler.onStart(this));
        }

        @Override
        public boolean send(final Payload payload, final int lengthBytes) {
            final boolean sent = socket.send(payload.address(), lengthBytes) >= 0;
            full |= !sent;
            return sent;
        }

        @Override
        public boolean again() {
            loop.execute(ready);
            return false;
        }

        @Override
        public void at(final long timeNs, final Runnable task) {
            later(loop, timeNs, () -> {
                // The test may have ended since.
                if (socket.isOpen()) {
                    task.run();
                }
            });
        }

        @Override
        public void close() {
            on(loop, () -> {
                socket.close();
                return null;
            });
        }

        @Override
        public void onDatagram(final UdpSocket from, final long remoteHigh, final long remoteLow, final int remotePort,
                final long address, final int lengthBytes) {
            handler.onDatagram(this, address, lengthBytes);
        }
    }
}
