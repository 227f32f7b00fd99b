package io.netchannel.node;

import io.netchannel.channels.ChannelPacketSink;
import io.netchannel.channels.ChannelPacketSource;
import io.netchannel.channels.DropCounters;
import io.netchannel.channels.PacketSink;
import io.netchannel.channels.NetChannelConsumer;
import io.netchannel.channels.NetChannelProducer;
import io.netchannel.kernel.sched.WakeWord;
import io.netchannel.virtio.device.VirtioNetDevice;
import io.netchannel.virtio.driver.QueuePair;
import io.netchannel.virtio.driver.QueuePairBinding;
import io.netchannel.virtio.driver.ReceivePoller;
import io.netchannel.virtio.driver.RxDispatcher;
import io.netchannel.virtio.driver.VirtioNetDriver;
import java.util.ArrayList;
import java.util.List;

/**
 * Connects device, driver, rings and stacks to the threads of a node: the one place where the two modes differ.
 *
 * <pre>
 *   inline    loop i:  turn start │ link i │ queue pair i ─▶ dispatcher ─┬▶ stack i │ from other loops │ buffers │ work │ stack i
 *                                                                       └▶ ring ─▶ stack j, on loop j
 *   channel   driver:  link 0 │ queue pair 0 ─▶ dispatcher ─▶ ring i │ hand-over of frames │ buffers
 *             loop i:  turn start │ ring i ─▶ stack i │ finished frames │ buffers │ work │ stack i
 * </pre>
 * The pollers of a turn run in this order, so that a packet is received, answered and sent in one turn. Work is what applications
 * have: their tasks and pollers, a slice of them in each turn; all else is the dataplane's.
 */
final class NodeAssembly {

    /** Frames that a thread takes from the device in a turn, at most: a bound on how long the other work waits. */
    private static final int RECEIVE_BUDGET = 64;

    private final NodeConfig config;
    private final NodeThread[] threads;
    private final NodeMemory memory;
    private final NodeSteering steering;
    private final NodeLink link;
    private final NodeStackFactory stacks;
    private final List<ChannelPacketSource> sources = new ArrayList<>();
    private final List<ChannelTxPort> ports = new ArrayList<>();
    private final List<DropCounters> drops = new ArrayList<>();
    private final List<RxDispatcher> dispatchers = new ArrayList<>();
    private final List<NetChannelProducer> channels = new ArrayList<>();
    private VirtioNetDriver driver;
    private TransmitHandOver handOver;

    NodeAssembly(final NodeConfig config, final NodeThread[] threads, final NodeMemory memory,
            final NodeSteering steering, final NodeLink link, final NodeStackFactory stacks) {
        this.config = config;
        this.threads = threads;
        this.memory = memory;
        this.steering = steering;
        this.link = link;
        this.stacks = stacks;
    }

    VirtioNetDriver driver() {
        return driver;
    }

    /** Every ring that carries packets between two threads, by the end that counts. */
    List<NetChannelProducer> channels() {
        return channels;
    }

    List<RxDispatcher> dispatchers() {
        return dispatchers;
    }

    List<DropCounters> drops() {
        return drops;
    }

    /** Starts the driver and makes the loops, whose threads do not run yet. */
    List<NodeLoop> assemble(final VirtioNetDevice device, final long nowNs) {
        return config.mode() == NodeMode.INLINE ? inline(device, nowNs) : channel(device, nowNs);
    }

    // -- inline

    private List<NodeLoop> inline(final VirtioNetDevice device, final long nowNs) {
        final List<QueuePairBinding> bindings = new ArrayList<>();
        for (final NodeThread thread : threads) {
            bindings.add(QueuePairBinding.of(thread.pool(), thread.loop().wakeWord()::signal));
        }
        driver = VirtioNetDriver.open(device, config.driver(), memory.region(), bindings);
        final List<NodeLoop> loops = new ArrayList<>();
        for (final NodeThread thread : threads) {
            loops.add(new NodeLoop(thread, config, steering, driver.queuePair(thread.index()), stacks,
                    nowNs));
        }
        // Each ring before either of its ends is polled.
        final PacketSink[][] sinks = new PacketSink[threads.length][threads.length];
        final List<List<ChannelPacketSource>> sourcesOf = new ArrayList<>();
        threadsInOrder(sourcesOf);
        for (final NodeThread from : threads) {
            final DropCounters dropped = newDrops();
            for (final NodeLoop to : loops) {
                sinks[from.index()][to.index()] = from == to.thread()
                        ? to.stack()
                        : ringTo(from, to, dropped, sourcesOf.get(to.index()));
            }
            wireInline(from, loops.get(from.index()), sinks[from.index()], dropped);
        }
        for (final NodeLoop loop : loops) {
            sourcesOf.get(loop.index()).forEach(loop.thread()::addDataplane);
            if (threads.length > 1) {
                // A lone thread's buffers never leave it.
                loop.thread().addDataplane(loop.thread().home());
            }
            loop.thread().addTransmit(loop.stack());
        }
        return loops;
    }

    private void threadsInOrder(final List<List<ChannelPacketSource>> sourcesOf) {
        for (int i = 0; i < threads.length; i++) {
            sourcesOf.add(new ArrayList<>());
        }
    }

    private void wireInline(final NodeThread thread, final NodeLoop loop, final PacketSink[] sinks,
            final DropCounters dropped) {
        final QueuePair pair = driver.queuePair(thread.index());
        link.wake(thread.index(), thread.loop().wakeWord()::signal);
        final RxDispatcher dispatcher = new RxDispatcher(steering.newClassifier(memory.packets(), dropped),
                thread.pool(),
                sinks, loop.index());
        dispatchers.add(dispatcher);
        thread.addDataplane(loop.stack().turnStart(), link.poller(thread.index()),
                new ReceivePoller(pair, dispatcher, RECEIVE_BUDGET));
    }

    // -- channel

    private List<NodeLoop> channel(final VirtioNetDevice device, final long nowNs) {
        final int loopCount = config.loops();
        final NodeThread driverThread = threads[loopCount];
        final NetChannelConsumer[] frames = new NetChannelConsumer[loopCount];
        final NetChannelProducer[] finished = new NetChannelProducer[loopCount];
        final WakeWord[] wakes = new WakeWord[loopCount];
        final Rings.Ring[] frameRings = new Rings.Ring[loopCount];
        final Rings.Ring[] finishedRings = new Rings.Ring[loopCount];
        for (int i = 0; i < loopCount; i++) {
            frameRings[i] = Rings.allocate(memory.region(), NodeMemory.CHANNEL_CAPACITY,
                    driverThread.loop().wakeWord());
            // Null: see TransmitHandOver.
            finishedRings[i] = Rings.allocate(memory.region(), config.buffersPerLoop(), null);
            channels.add(frameRings[i].producer());
            frames[i] = frameRings[i].consumer();
            finished[i] = finishedRings[i].producer();
            wakes[i] = threads[i].loop().wakeWord();
        }
        handOver = new TransmitHandOver(frames, finished, wakes, NodeMemory.CHANNEL_CAPACITY, driverThread.pool());
        driver = VirtioNetDriver.open(device, config.driver(), memory.region(),
                List.of(new QueuePairBinding(driverThread.pool(), driverThread.loop().wakeWord()::signal,
                        handOver::completed)));
        final QueuePair pair = driver.queuePair(0);
        handOver.pair(pair);

        final DropCounters dropped = newDrops();
        final PacketSink[] sinks = new PacketSink[loopCount];
        final List<NodeLoop> loops = new ArrayList<>();
        for (int i = 0; i < loopCount; i++) {
            final ChannelTxPort port = new ChannelTxPort(frameRings[i].producer(), finishedRings[i].consumer(),
                    threads[i].pool(), pair.capabilities());
            ports.add(port);
            final NodeLoop loop = new NodeLoop(threads[i], config, steering, port, stacks, nowNs);
            loops.add(loop);
            final List<ChannelPacketSource> own = new ArrayList<>();
            sinks[i] = ringTo(driverThread, loop, dropped, own);
            threads[i].addDataplane(loop.stack().turnStart(), own.getFirst(), port, threads[i].home());
            threads[i].addTransmit(loop.stack());
        }
        link.wake(0, driverThread.loop().wakeWord()::signal);
        final RxDispatcher dispatcher = new RxDispatcher(steering.newClassifier(memory.packets(), dropped),
                driverThread.pool(), sinks, 0);
        dispatchers.add(dispatcher);
        driverThread.addDataplane(link.poller(0), new ReceivePoller(pair, dispatcher, RECEIVE_BUDGET), handOver,
                driverThread.home());
        return loops;
    }

    private ChannelPacketSink ringTo(final NodeThread from, final NodeLoop to, final DropCounters dropped,
            final List<ChannelPacketSource> into) {
        final Rings.Ring ring = Rings.allocate(memory.region(), NodeMemory.CHANNEL_CAPACITY,
                to.thread().loop().wakeWord());
        final ChannelPacketSource source = new ChannelPacketSource(ring.consumer(), to.stack(), to.thread().pool(),
                RECEIVE_BUDGET);
        sources.add(source);
        channels.add(ring.producer());
        into.add(source);
        return new ChannelPacketSink(ring.producer(), from.pool(), dropped);
    }

    private DropCounters newDrops() {
        final DropCounters counters = new DropCounters();
        drops.add(counters);
        return counters;
    }

    /** After all threads have ended: resets the device and brings every buffer home. */
    void takeDown() {
        if (driver != null) {
            driver.close();
        }
        sources.forEach(ChannelPacketSource::close);
        if (handOver != null) {
            handOver.returnAll();
        }
        ports.forEach(ChannelTxPort::takeAll);
        for (final NodeThread thread : threads) {
            thread.home().sendAll();
        }
        for (final NodeThread thread : threads) {
            thread.home().takeAll();
        }
    }
}
