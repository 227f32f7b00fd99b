package io.netchannel.perf.conventional;

import io.netchannel.channels.DropCounters;
import io.netchannel.channels.flow.FlowClassifier;
import io.netchannel.channels.flow.FlowFilter;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.ListenerTable;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.channels.flow.RssIndirection;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Priority;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeLink;
import io.netchannel.tcpip.FlowSteering;
import io.netchannel.tcpip.NetStack;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.virtio.device.VirtioNetDevice;
import io.netchannel.virtio.device.VirtioNetDeviceConfig;
import io.netchannel.virtio.driver.QueuePair;
import io.netchannel.virtio.driver.QueuePairBinding;
import io.netchannel.virtio.driver.RxDispatcher;
import io.netchannel.virtio.driver.VirtioNetDriver;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A station whose TCP/IP runs as in a kernel: see the package. Its driver, device, TCP and settings are those of a
 * {@code DataplaneNode}; what differs is the way between them and the application.
 *
 * <p>Threading: {@link #open}, {@link #start}, {@link #close} from one thread; the rest any.
 */
public final class ConventionalNode implements AutoCloseable {

    /** Sockets that don't share a lock, at most. */
    public static final int MAX_SHARDS = 64;

    private static final int DRIVER_POOL = 0;
    private static final int INTERRUPT_POOL = 1;
    private static final int FIRST_SHARD_POOL = 2;
    private static final int ALIGNMENT_BYTES = 128;
    private static final int LAST_TURNS = 16;

    private final NodeConfig config;
    private final NodeLink link;
    private final int shardCount;
    private final RunLoop driverLoop;
    private final RunLoop interruptLoop;
    private final Region region;
    private final PacketMemory packets;
    private final PacketPool[] pools;
    private final BufferReturns[] returns;
    private final BufferReturns.Batches[] batches;
    private final VirtioNetDevice device;
    private final RssHash hash;
    private final RssIndirection indirection;
    private final ListenerTable listeners = new ListenerTable();
    private final FlowTable[] flows;
    private final TransmitLock transmit;
    private final SocketShard[] shards;
    private final AtomicInteger nextShard = new AtomicInteger();
    private VirtioNetDriver driver;
    private InputQueue input;
    private boolean closed;

    private ConventionalNode(final NodeConfig config, final int shardCount, final NodeLink link) {
        if (shardCount < 1 || shardCount > MAX_SHARDS) {
            throw new IllegalArgumentException("shards=" + shardCount + " is not within 1.." + MAX_SHARDS);
        }
        this.config = config;
        this.link = link;
        this.shardCount = shardCount;
        driverLoop = RunLoop.builder(config.name() + "-driver").idle(config.idle()).build();
        interruptLoop = RunLoop.builder(config.name() + "-softirq").idle(config.idle()).build();
        final int poolCount = FIRST_SHARD_POOL + shardCount;
        final int buffers = poolCount * config.buffersPerLoop();
        region = Region.create("netchannel-" + config.name(), PacketMemory.requiredBytes(buffers, config.bufferBytes())
                + shardCount * (FlowTable.sizeBytes(config.flowsPerLoop()) + ALIGNMENT_BYTES)
                + VirtioNetDriver.requiredBytes(config.driver(), 1));
        packets = new PacketMemory(region, buffers, config.bufferBytes());
        pools = new PacketPool[poolCount];
        returns = new BufferReturns[poolCount];
        batches = new BufferReturns.Batches[poolCount];
        makePools();
        final byte[] key = new byte[RssHash.KEY_BYTES];
        config.secrets().nextBytes(key);
        hash = new RssHash(key);
        indirection = new RssIndirection(shardCount);
        flows = new FlowTable[shardCount];
        for (int i = 0; i < shardCount; i++) {
            flows[i] = new FlowTable(region.memory(),
                    region.allocate(FlowTable.sizeBytes(config.flowsPerLoop()), ALIGNMENT_BYTES),
                    config.flowsPerLoop(), indirection, i);
        }
        transmit = new TransmitLock(shardCount, config.buffersPerLoop(), FIRST_SHARD_POOL,
                driverLoop.wakeWord());
        shards = new SocketShard[shardCount];
        device = new VirtioNetDevice(VirtioNetDeviceConfig.of(config.mac().value()).withMtuBytes(link.mtuBytes())
                .withQueuePairs(1));
        device.steering(hash, indirection);
        link.attach(device);
    }

    /**
     * Makes a node and plugs it in; nothing runs yet.
     *
     * @param config its mode and number of loops don't count
     * @param shards sockets that don't share a lock: as many as connections will be busy at a time
     * @param link becomes the node's, which closes it
     */
    public static ConventionalNode open(final NodeConfig config, final int shards, final NodeLink link) {
        return new ConventionalNode(config, shards, link);
    }

    private void makePools() {
        final int each = config.buffersPerLoop();
        for (int i = 0; i < pools.length; i++) {
            returns[i] = new BufferReturns(each,
                    (i == DRIVER_POOL ? driverLoop : interruptLoop).wakeWord());
        }
        for (int i = 0; i < pools.length; i++) {
            batches[i] = new BufferReturns.Batches(returns, each);
            pools[i] = new PacketPool(packets, i * each, each, batches[i]);
        }
    }

    /** Starts driver and soft interrupt. */
    public void start() {
        driver = VirtioNetDriver.open(device, config.driver(), region, List.of(new QueuePairBinding(pools[DRIVER_POOL],
                driverLoop.wakeWord()::signal, transmit::completed)));
        final QueuePair pair = driver.queuePair(0);
        transmit.pair(pair);
        input = new InputQueue(pools[DRIVER_POOL], interruptLoop.wakeWord(), DriverInterrupt.BUDGET);
        final ShardTxPort[] ports = new ShardTxPort[shardCount];
        for (int i = 0; i < shardCount; i++) {
            final PacketPool pool = pools[FIRST_SHARD_POOL + i];
            ports[i] = new ShardTxPort(transmit, i, pool);
            shards[i] = new SocketShard(interruptLoop.clock(), pool, pools[INTERRUPT_POOL],
                    batches[FIRST_SHARD_POOL + i], ports[i]);
        }
        final SoftInterrupt interrupt = new SoftInterrupt(input,
                new RxDispatcher(newClassifier(), pools[INTERRUPT_POOL], shards, 0), shards,
                interruptLoop.wakeWord(), pools[INTERRUPT_POOL], returns[INTERRUPT_POOL], batches[INTERRUPT_POOL]);
        for (int i = 0; i < shardCount; i++) {
            shards[i].start(newStack(i, ports[i]), interrupt);
        }
        link.wake(0, driverLoop.wakeWord()::signal);
        driverLoop.add(link.poller(0), Priority.DATAPLANE);
        driverLoop.add(new DriverInterrupt(pair, transmit, input, interrupt, pools[DRIVER_POOL],
                returns[DRIVER_POOL]), Priority.DATAPLANE);
        interruptLoop.add(interrupt, Priority.DATAPLANE);
        driverLoop.start();
        interruptLoop.start();
    }

    private FlowClassifier newClassifier() {
        return new FlowClassifier(packets, hash, indirection, listeners, flows, FlowFilter.PERMIT_ALL,
                new DropCounters());
    }

    private NetStack newStack(final int shard, final ShardTxPort port) {
        final InterfaceConfig network = new InterfaceConfig(config.mac(), config.addresses(), null, null,
                link.mtuBytes(), config.vlanId(), config.autoconf());
        return new NetStack(NetStackConfig.of(network).withTcp(bounded()).withAnswersRequests(shard == 0),
                pools[FIRST_SHARD_POOL + shard], port,
                new FlowSteering(flows[shard], hash, indirection, shard).withClassifier(newClassifier()),
                new ShardListeners(listeners, shard), config.secrets(), interruptLoop.clock().nowNs());
    }

    /**
     * What all shards receive lies in the driver's buffers: of the half that flows may hold, each has its part. Flows in
     * TIME-WAIT lie in the flow table too, and must leave room for those that work.
     */
    private TcpConfig bounded() {
        final TcpConfig tcp = config.tcp().with(TcpSetting.MAX_TIME_WAITS,
                Math.min(config.tcp().get(TcpSetting.MAX_TIME_WAITS), config.flowsPerLoop() / 2));
        return tcp.get(TcpSetting.MAX_RECEIVE_BUFFERS) != 0
                ? tcp
                : tcp.with(TcpSetting.MAX_RECEIVE_BUFFERS, Math.max(1, config.buffersPerLoop() / 2 / shardCount));
    }

    // -- sockets

    private SocketShard next() {
        return shards[Math.floorMod(nextShard.getAndIncrement(), shardCount)];
    }

    /**
     * Connects, and waits until the handshake is over.
     *
     * @throws IOException if the peer refuses or doesn't answer
     */
    public ConventionalSocket connect(final IpAddress address, final int port) throws IOException {
        final SocketShard shard = next();
        final ConventionalSocket socket = new ConventionalSocket(shard);
        shard.own();
        final TcpFlow flow = shard.stack().tcp().connect(address.high(), address.low(), port, socket.handler());
        if (flow == null) {
            final String why = "can't connect: " + shard.stack().tcp().connectFailure();
            shard.disown();
            throw new ConnectException(why);
        }
        socket.awaitConnected(flow);
        return socket;
    }

    public ConventionalServerSocket listen(final int port, final int backlog) {
        return new ConventionalServerSocket(shards, port, backlog);
    }

    /** A UDP socket on a port of the node's choice. */
    public ConventionalDatagramSocket datagrams() {
        return new ConventionalDatagramSocket(next(), transmit);
    }

    /** Packets that the shared queue had no room for. */
    public long inputDrops() {
        return input.dropped();
    }

    /**
     * Resets what is connected, ends the threads, unplugs. Idempotent.
     *
     * @throws IllegalStateException if a buffer was not given back
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (driver != null) {
            for (final SocketShard shard : shards) {
                shard.shutDown();
            }
            transmit.wakeAll();
            // The last frames, resets mostly, leave; a task takes a turn to run.
            for (int i = 0; i < LAST_TURNS; i++) {
                CompletableFuture.runAsync(() -> {
                }, driverLoop).join();
            }
        }
        interruptLoop.close();
        driverLoop.close();
        if (driver != null) {
            driver.close();
            takeBackBuffers();
        }
        link.close();
        region.close();
    }

    private void takeBackBuffers() {
        final long[] left = new long[InputQueue.LIMIT];
        final int count = input.take(left);
        for (int i = 0; i < count; i++) {
            pools[DRIVER_POOL].releasePacket(left[i]);
        }
        for (final SocketShard shard : shards) {
            shard.takeDown();
        }
        for (final BufferReturns.Batches batch : batches) {
            batch.flush();
        }
        for (int i = 0; i < pools.length; i++) {
            returns[i].reclaim(pools[i]);
        }
        for (final PacketPool pool : pools) {
            pool.checkNoLeaks();
        }
    }
}
