package io.netchannel.samples.memcached.server;

import io.netchannel.kernel.pressure.MemoryPressure;
import io.netchannel.kernel.sched.Timer;
import io.netchannel.node.Application;
import io.netchannel.node.LoopContext;
import io.netchannel.samples.memcached.options.Settings;
import io.netchannel.samples.memcached.protocol.Worker;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpListener;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;

/**
 * The server on the flows of a node: the same on each of its loops, the first of which also does the maintenance.
 *
 * <p>Threading: the node's; what is of a loop belongs to it.
 */
public final class FlowServer implements Application, Listeners {

    private static final byte[] TOO_MANY = "ERROR Too many open connections\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final TcpHandler REFUSAL = new Refusal();
    /** Giving pages back is the kernel's work, megabytes at a call: seldom, and longer than requests may wait otherwise. */
    private static final long GIVE_BACK_BUDGET_NS = 10_000_000;

    private final MemcachedServer server;
    private final Settings settings;
    private final LoopContext[] loops;
    private final TcpListener[] listeners;
    /** Null if memory is kept. */
    private final MemoryPressure pressure;
    private final Maintenance maintenance = new Maintenance();

    public FlowServer(final MemcachedServer server, final int loopCount) {
        this.server = server;
        this.settings = server.settings();
        this.loops = new LoopContext[loopCount];
        this.listeners = new TcpListener[loopCount];
        server.listeners(this);
        this.pressure = server.watchMemory(task -> loops[0].execute(task));
    }

    @Override
    public String name() {
        return "memcached";
    }

    @Override
    public void start(final LoopContext loop) {
        final int index = loop.index();
        final Worker worker = new Worker(server);
        // Not at the loop's end: the node aborts the flows after it, and those give their memory back to the worker.
        server.atClose(worker::close);
        loops[index] = loop;
        if (settings.tcpPort > 0) {
            listeners[index] = loop.stack().tcp().listen(0, 0, settings.tcpPort, settings.backlog, flow -> {
                if (!server.mayOpen(loop.nowNs())) {
                    return REFUSAL;
                }
                return new FlowConnection(server, loop, worker, flow);
            });
        }
        if (settings.udpPort > 0) {
            loop.stack().udp().bind(0, 0, settings.udpPort, new FlowDatagrams(server, loop, worker));
        }
        if (pressure != null) {
            giveBuffers(loop);
            server.giveBack(worker, index, index == 0 ? null : task -> loop.execute(task, GIVE_BACK_BUDGET_NS));
        }
        if (index == 0) {
            reportListeners();
            loop.timers().schedule(maintenance, loop.nowNs());
        }
    }

    private void giveBuffers(final LoopContext loop) {
        if (loop.index() == 0) {
            pressure.register(loop.freeBuffers());
            pressure.register(loop.sendBuffers());
            loop.addPoller(pressure, GIVE_BACK_BUDGET_NS);
        } else {
            final Executor patient = task -> loop.execute(task, GIVE_BACK_BUDGET_NS);
            pressure.register(loop.freeBuffers(), patient);
            pressure.register(loop.sendBuffers(), patient);
        }
    }

    private void reportListeners() {
        if (settings.tcpPort > 0) {
            server.listening(server.newId(), false, "tcp:0.0.0.0:" + settings.tcpPort);
        }
        if (settings.udpPort > 0) {
            server.listening(server.newId(), true, "udp:0.0.0.0:" + settings.udpPort);
        }
    }

    @Override
    public void stop(final LoopContext loop) {
        if (loop.index() == 0) {
            loop.timers().cancel(maintenance);
        }
    }

    @Override
    public void accept(final boolean on) {
        for (int i = 0; i < loops.length; i++) {
            final TcpListener listener = listeners[i];
            loops[i].execute(on ? listener::resumeAccepting : listener::pauseAccepting);
        }
    }

    @Override
    public void wakeMaintenance() {
        loops[0].execute(maintenance::runSoon);
    }

    private final class Maintenance extends Timer {

        @Override
        protected void expire(final long nowNs) {
            loops[0].timers().schedule(this, server.runMaintenance(nowNs));
        }

        void runSoon() {
            loops[0].timers().schedule(this, loops[0].nowNs());
        }
    }

    /** Of a connection too many. */
    private static final class Refusal implements TcpHandler {

        @Override
        public void onConnected(final TcpFlow flow) {
            flow.write(TOO_MANY, 0, TOO_MANY.length);
            flow.close();
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            return lengthBytes;
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            // Nothing is kept for it.
        }
    }
}
