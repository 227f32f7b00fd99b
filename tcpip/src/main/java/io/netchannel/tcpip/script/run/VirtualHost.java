package io.netchannel.tcpip.script.run;

import io.netchannel.channels.DropCounters;
import io.netchannel.channels.LinkCapabilities;
import io.netchannel.channels.flow.FlowClassifier;
import io.netchannel.channels.flow.FlowFilter;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.ListenerTable;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.channels.flow.RssIndirection;
import io.netchannel.channels.flow.Verdict;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.tcpip.FlowSteering;
import io.netchannel.tcpip.ListenerRegistry;
import io.netchannel.tcpip.NetStack;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.script.call.Dialect;
import io.netchannel.tcpip.script.call.IpVersion;
import io.netchannel.tcpip.script.call.ScriptHost;
import io.netchannel.tcpip.script.packet.WirePacket;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import io.netchannel.tcpip.wire.MacAddress;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A host with one stack in virtual time, and the other end of its link. */
final class VirtualHost implements ScriptHost, AutoCloseable {

    /** Not 0, so that a timestamp of 0 is not the first. */
    static final long START_NS = 1_000_000_000_000L;

    private static final int BUFFERS = 8192;
    private static final int BUFFER_BYTES = 4096;
    private static final int FLOWS = 256;
    private static final int MAX_GSO_BYTES = 65_535;
    private static final int MAX_SLICES = 15;
    /** Where a device puts a frame: behind its own header. */
    private static final int RECEIVE_OFFSET = 128;
    private static final int LOCAL_PREFIX_BITS_IPV4 = 16;
    private static final int LOCAL_PREFIX_BITS_IPV6 = 48;
    /** Turns of the loop that a script may take: a stack that never rests is cut off. */
    private static final int MAX_TURNS = 300_000;
    private static final long SEED = 42;

    private final ScriptSettings settings;
    private final Map<String, String> sysctls = new LinkedHashMap<>();
    private final ListenerTable listeners = new ListenerTable();
    private final ArrayDeque<WirePacket> sent = new ArrayDeque<>();
    private boolean offload = true;
    private Supplier<TcpConfig> tcpConfig = TcpConfig::defaults;
    private Runnable afterTurn = () -> {
    };
    private Region region;
    private PacketPool pool;
    private CapturePort port;
    private FlowClassifier classifier;
    private NetStack stack;
    private long nowNs = START_NS;
    private int turns;

    VirtualHost(final ScriptSettings settings) {
        this.settings = settings;
    }

    // -- what socket calls see

    @Override
    public NetStack stack() {
        if (stack == null) {
            build();
        }
        return stack;
    }

    @Override
    public PacketPool pool() {
        stack();
        return pool;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public Map<String, String> sysctls() {
        return sysctls;
    }

    @Override
    public Dialect dialect() {
        return settings.dialect;
    }

    @Override
    public IpVersion ipVersion() {
        return settings.ipVersion;
    }

    @Override
    public IpAddress localAddress() {
        return settings.localAddress;
    }

    @Override
    public IpAddress remoteAddress() {
        return settings.remoteAddress;
    }

    @Override
    public int bindPort() {
        return settings.bindPort;
    }

    @Override
    public int connectPort() {
        return settings.connectPort;
    }

    // -- building

    boolean isBuilt() {
        return stack != null;
    }

    /** Whether the link cuts super-frames. */
    void offload(final boolean on) {
        offload = on;
    }

    /** Where TCP's settings are when the stack is built. */
    void tcpConfig(final Supplier<TcpConfig> source) {
        tcpConfig = source;
    }

    /** What is done at the end of each turn. */
    void afterTurn(final Runnable action) {
        afterTurn = action;
    }

    private void build() {
        final long flowBytes = FlowTable.sizeBytes(FLOWS);
        region = Region.create("packet-script", PacketMemory.requiredBytes(BUFFERS, BUFFER_BYTES) + flowBytes + 65_536);
        pool = new PacketPool(new PacketMemory(region, BUFFERS, BUFFER_BYTES));
        port = new CapturePort(pool, new LinkCapabilities(settings.mtuBytes, offload, offload, offload,
                offload ? MAX_GSO_BYTES : 0, MAX_SLICES));
        final FlowTable flows = new FlowTable(region.memory(), region.allocate(flowBytes, 128), FLOWS);
        final SplittableRandom random = new SplittableRandom(SEED);
        final byte[] key = new byte[RssHash.KEY_BYTES];
        random.nextBytes(key);
        final RssHash hash = new RssHash(key);
        final RssIndirection indirection = new RssIndirection(1);
        classifier = new FlowClassifier(pool.packets(), hash, indirection, listeners, new FlowTable[]{flows},
                FlowFilter.PERMIT_ALL, new DropCounters());
        stack = new NetStack(NetStackConfig.of(network()).withTcp(tcpConfig.get()), pool, port,
                new FlowSteering(flows, hash, indirection, 0),
                new Registry(), random, nowNs);
        settle();
    }

    private InterfaceConfig network() {
        final IpAddress local = settings.localAddress;
        final IpPrefix prefix = new IpPrefix(local,
                local.isIpv4() ? LOCAL_PREFIX_BITS_IPV4 : LOCAL_PREFIX_BITS_IPV6);
        // A neighbour of ours; the peer answers for it.
        final IpAddress gateway = new IpAddress(local.high(), local.low() ^ 2);
        final boolean ipv4 = local.isIpv4();
        return new InterfaceConfig(new MacAddress(Peer.STACK_MAC), List.of(prefix), ipv4 ? gateway : null,
                ipv4 ? null : gateway, settings.mtuBytes, InterfaceConfig.UNTAGGED);
    }

    // -- time

    /** Since the start of the script. */
    long scriptNs() {
        return nowNs - START_NS;
    }

    /**
     * Lets time pass until {@code untilNs}, since the start of the script, or until {@code stop} holds.
     *
     * @return whether it holds
     */
    boolean advance(final long untilNs, final BooleanSupplier stop) {
        final long endNs = START_NS + untilNs;
        settle();
        while (!stop.getAsBoolean()) {
            final long nextNs = stack == null ? Poller.NO_DEADLINE : stack.nextDeadlineNs();
            final boolean last = nextNs > endNs;
            nowNs = Math.max(nowNs, last ? endNs : nextNs);
            settle();
            if (last) {
                return stop.getAsBoolean();
            }
        }
        return true;
    }

    /** Does all that is to be done at the present time. */
    void settle() {
        if (stack == null) {
            return;
        }
        do {
            if (++turns > MAX_TURNS) {
                throw ScriptStop.failure("endless", "cut off after " + MAX_TURNS + " turns, at "
                        + Seconds.format(scriptNs()) + "; TCP has work: " + stack.tcp().hasWork() + ", free buffers: "
                        + pool.available());
            }
            stack.poll(nowNs);
            afterTurn.run();
            port.take().forEach(this::carry);
        } while (stack.nextDeadlineNs() <= nowNs);
    }

    private void carry(final CapturePort.Frame frame) {
        final WirePacket packet = WirePacket.parse(frame.bytes(), frame.gsoSizeBytes(), nowNs - START_NS);
        if (packet != null) {
            sent.add(packet);
            return;
        }
        final byte[] answer = Peer.answer(frame.bytes());
        if (answer != null) {
            receive(answer, 0);
        }
    }

    /** Packets that the stack has sent, not looked at yet. */
    ArrayDeque<WirePacket> sent() {
        return sent;
    }

    // -- receiving

    /**
     * Lets an IP packet arrive, and the stack react to it.
     *
     * @param segmentBytes of the segments of TCP that the link has joined to this one, or 0
     */
    void inject(final byte[] packet, final int segmentBytes) {
        stack();
        receive(Peer.frame(packet), segmentBytes);
        settle();
    }

    private void receive(final byte[] frame, final int segmentBytes) {
        stack.beginTurn(nowNs);
        final long packet = toPacket(frame);
        if (segmentBytes > 0) {
            pool.packets().gso(PacketHandle.index(packet),
                    settings.ipVersion.isIpv6OnWire() ? PacketLayout.GSO_TCPV6 : PacketLayout.GSO_TCPV4, segmentBytes);
        }
        if (classifier.classify(packet) == Verdict.DROP) {
            pool.releasePacket(packet);
        } else {
            stack.accept(packet);
        }
        stack.endOfBurst();
    }

    /** Puts a frame into buffers, as a device does. */
    private long toPacket(final byte[] frame) {
        final PacketMemory packets = pool.packets();
        final int head = allocate();
        final int headBytes = Math.min(frame.length, packets.bufferBytes() - RECEIVE_OFFSET);
        final long packet = PacketHandle.of(head, RECEIVE_OFFSET, headBytes);
        packets.memory().copyFromArray(frame, 0, packets.address(packet), headBytes);
        for (int at = headBytes; at < frame.length;) {
            final int index = allocate();
            final int count = Math.min(frame.length - at, packets.bufferBytes());
            if (!packets.addSlice(head, PacketHandle.of(index, 0, count))) {
                throw ScriptStop.skip("injected packets of " + frame.length + " bytes");
            }
            packets.memory().copyFromArray(frame, at, packets.bufferAddress(index), count);
            at += count;
        }
        return packet;
    }

    private int allocate() {
        final int index = pool.allocate();
        if (index == PacketPool.EMPTY) {
            throw ScriptStop.failure("memory", "the stack holds all of BUFFERS=" + BUFFERS + " packet buffers");
        }
        return index;
    }

    @Override
    public void close() {
        if (stack != null) {
            stack.close();
            region.close();
        }
    }

    private final class Registry implements ListenerRegistry {

        @Override
        public void register(final int protocol, final long localHigh, final long localLow, final int localPort) {
            listeners.listen(protocol, localHigh, localLow, localPort, ListenerTable.ANY_VLAN, 0);
        }

        @Override
        public void unregister(final int protocol, final long localHigh, final long localLow, final int localPort) {
            listeners.unlisten(protocol, localHigh, localLow, localPort, ListenerTable.ANY_VLAN, 0);
        }
    }
}
