package io.netchannel.perf.jmh;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.channels.flow.FlowKey;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.channels.flow.RssIndirection;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.FlowSteering;
import io.netchannel.tcpip.ListenerRegistry;
import io.netchannel.tcpip.ip.IpOutput;
import io.netchannel.tcpip.ip.Path;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpStack;
import io.netchannel.tcpip.wire.IpProtocol;
import java.util.Random;

/**
 * TCP alone: a stack whose segments end here, and the peer of one connection, whose segments are made by the same few
 * stores each time. With timestamps and window scaling, as between two Linux hosts; the link takes checksums and
 * super-frames.
 */
final class TcpPeer implements IpOutput, TcpHandler, AutoCloseable {

    private static final int BUFFERS = 4096;
    private static final int BUFFER_BYTES = 4096;
    private static final int FLOWS = 1024;
    private static final int HEADROOM_BYTES = 32;
    private static final int NETWORK = BenchmarkFrames.LINK_HEADER_BYTES;
    private static final int TRANSPORT = NETWORK + 20;
    private static final int HEADER_BYTES = MIN_HEADER_BYTES + PADDED_TIMESTAMPS_BYTES;
    private static final int PORT = BenchmarkFrames.DESTINATION_PORT;
    private static final int PEER_PORT = 40_000;
    private static final int WINDOW_SHIFT = 10;
    private static final int IN_FLIGHT = 1024;
    private static final long MS = 1_000_000;
    private static final long SEED = 5;

    private final Region region = Region.create("tcp",
            PacketMemory.requiredBytes(BUFFERS, BUFFER_BYTES) + FlowTable.sizeBytes(FLOWS) + (1 << 16));
    private final PacketPool pool = new PacketPool(new PacketMemory(region, BUFFERS, BUFFER_BYTES));
    private final OrderedMemory memory = region.memory();
    private final TimerWheel timers = new TimerWheel(0);
    private final Route route = new Route();
    private final LinkCapabilities capabilities = new LinkCapabilities(1500, true, true, true, 65_535,
            PacketLayout.MAX_SLICES);
    private final long[] sent = new long[IN_FLIGHT];
    private final TcpStack stack;
    private final int flowId;
    private int sentCount;
    private TcpFlow flow;
    private long receivedBytes;
    private long sentBytes;
    private long sentFrames;
    private int peerSequence = (int) SEED;
    private int stackSequence;
    private int stackTime;
    private long nowNs = MS;

    /** The connection is established. */
    TcpPeer() {
        final Random random = new Random(SEED);
        final byte[] secret = new byte[RssHash.KEY_BYTES];
        random.nextBytes(secret);
        final RssHash hash = new RssHash(secret);
        final FlowTable flows = new FlowTable(memory, region.allocate(FlowTable.sizeBytes(FLOWS), 128), FLOWS);
        stack = new TcpStack(TcpConfig.defaults(), this, timers,
                new FlowSteering(flows, hash, new RssIndirection(1), 0), ListenerRegistry.NONE, random);
        stack.listen(0, 0, PORT, 16, accepted -> this);
        connect();
        final FlowKey key = new FlowKey();
        new BenchmarkFrames(memory, false, FlowKey.TCP).writeKey(key, PEER_PORT);
        flowId = flows.find(key, hash.hash(key));
        if (flow == null || flowId == FlowTable.NONE) {
            throw new IllegalStateException("the handshake failed");
        }
    }

    private void connect() {
        final int index = pool.allocate();
        final long tcp = writeHeaders(index, SYN, 0);
        final long options = tcp + HEADER_BYTES;
        memory.putInt(options, Integer.reverseBytes(OPTION_MSS << 24 | MSS_BYTES << 16 | 1460));
        memory.putInt(options + 4, Integer.reverseBytes(OPTION_NO_OPERATION << 24 | OPTION_WINDOW_SCALE << 16
                | WINDOW_SCALE_BYTES << 8 | WINDOW_SHIFT));
        memory.putInt(options + 8, Integer.reverseBytes(OPTION_NO_OPERATION << 24 | OPTION_NO_OPERATION << 16
                | OPTION_SACK_PERMITTED << 8 | SACK_PERMITTED_BYTES));
        memory.putByte(tcp + DATA_OFFSET_OFFSET, (byte) (HEADER_BYTES + 12 << 2));
        input(index, HEADER_BYTES + 12, 0, FlowTable.NONE);
        peerSequence++;
        emit();
        pass(MS);
        acknowledge();
    }

    // -- the stack's loop

    TcpFlow flow() {
        return flow;
    }

    void pass(final long ns) {
        nowNs += ns;
        stack.beginTurn(nowNs);
        timers.advance(nowNs);
    }

    void emit() {
        stack.emit(nowNs);
    }

    /** The device has sent everything. */
    void complete() {
        for (int i = 0; i < sentCount; i++) {
            pool.releasePacket(sent[i]);
        }
        sentCount = 0;
    }

    // -- the peer

    /** The peer's next segment comes in; its payload is what the buffer held. */
    void receive(final int payloadBytes) {
        final int index = pool.allocate();
        writeHeaders(index, ACK, payloadBytes);
        peerSequence += payloadBytes;
        input(index, HEADER_BYTES, payloadBytes, flowId);
    }

    /** The peer has received all that was sent. */
    void acknowledge() {
        final int index = pool.allocate();
        writeHeaders(index, ACK, 0);
        input(index, HEADER_BYTES, 0, flowId);
    }

    private void input(final int index, final int headerBytes, final int payloadBytes, final int hint) {
        final PacketMemory packets = pool.packets();
        packets.offsets(index, NETWORK, TRANSPORT, TRANSPORT + headerBytes);
        packets.networkLengthBytes(index, TRANSPORT - NETWORK + headerBytes + payloadBytes);
        packets.flags(index, PacketLayout.FLAG_CLASSIFIED);
        packets.protocol(index, IpProtocol.TCP);
        packets.flowId(index, hint);
        stack.input(PacketHandle.of(index, HEADROOM_BYTES, TRANSPORT + headerBytes + payloadBytes), nowNs);
    }

    private long writeHeaders(final int index, final int flags, final int payloadBytes) {
        final long ip = pool.packets().bufferAddress(index) + HEADROOM_BYTES + NETWORK;
        final long tcp = ip + TRANSPORT - NETWORK;
        memory.putInt(ip, 0x45);
        memory.putInt(ip + 12, Integer.reverseBytes((int) BenchmarkFrames.REMOTE_V4));
        memory.putInt(ip + 16, Integer.reverseBytes((int) BenchmarkFrames.LOCAL_V4));
        memory.putInt(tcp, Integer.reverseBytes(PEER_PORT << 16 | PORT));
        memory.putInt(tcp + SEQUENCE_OFFSET, Integer.reverseBytes(peerSequence));
        memory.putInt(tcp + ACKNOWLEDGMENT_OFFSET, Integer.reverseBytes(stackSequence));
        memory.putInt(tcp + DATA_OFFSET_OFFSET, Integer.reverseBytes(HEADER_BYTES << 26 | flags << 16 | 0xFFFF));
        memory.putInt(tcp + CHECKSUM_OFFSET, 0);
        memory.putInt(tcp + OPTIONS_OFFSET, Integer.reverseBytes(PADDED_TIMESTAMPS_WORD));
        memory.putInt(tcp + OPTIONS_OFFSET + 4, Integer.reverseBytes((int) (nowNs / MS)));
        memory.putInt(tcp + OPTIONS_OFFSET + 8, stackTime);
        return tcp;
    }

    // -- counted

    /** Payload bytes that the application has been given. */
    long receivedBytes() {
        return receivedBytes;
    }

    /** Payload bytes that the stack has sent. */
    long sentBytes() {
        return sentBytes;
    }

    /** Packets that the stack has sent. */
    long sentFrames() {
        return sentFrames;
    }

    // -- TcpHandler

    @Override
    public void onConnected(final TcpFlow connected) {
        connected.noDelay(true);
        flow = connected;
    }

    @Override
    public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
        receivedBytes += lengthBytes;
        return lengthBytes;
    }

    @Override
    public void onClosed(final TcpFlow closed, final TcpCloseReason reason) {
        flow = null;
    }

    // -- IpOutput

    @Override
    public PacketPool pool() {
        return pool;
    }

    @Override
    public LinkCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public int space() {
        return IN_FLIGHT - sentCount;
    }

    @Override
    public Path pathTo(final long localHigh, final long localLow, final long remoteHigh, final long remoteLow) {
        return route;
    }

    @Override
    public Result send(final long packet, final Path path, final int protocol, final int trafficClass, final long now) {
        if (sentCount == IN_FLIGHT) {
            return Result.LINK_FULL;
        }
        final long tcp = pool.packets().address(packet);
        final int header = memory.getByte(tcp + DATA_OFFSET_OFFSET) >> 2 & 0x3C;
        final int payloadBytes = pool.packets().frameBytes(packet) - header;
        final int syn = memory.getByte(tcp + FLAGS_OFFSET) & SYN;
        final int sequence = Integer.reverseBytes(memory.getInt(tcp + SEQUENCE_OFFSET));
        stackSequence = sequence + payloadBytes + syn / SYN;
        if (syn == 0) {
            stackTime = memory.getInt(tcp + OPTIONS_OFFSET + 4);
        }
        sentBytes += payloadBytes;
        sentFrames++;
        sent[sentCount++] = packet;
        return Result.SENT;
    }

    @Override
    public void close() {
        region.close();
    }

    /** There is one way, and it takes 1,500 bytes. */
    private static final class Route extends Path {

        @Override
        public boolean isIpv6() {
            return false;
        }

        @Override
        public long localHigh() {
            return 0;
        }

        @Override
        public long localLow() {
            return BenchmarkFrames.LOCAL_V4;
        }

        @Override
        public long remoteHigh() {
            return 0;
        }

        @Override
        public long remoteLow() {
            return BenchmarkFrames.REMOTE_V4;
        }

        @Override
        public int mtuBytes() {
            return 1500;
        }

        @Override
        public void confirmReachable(final long nowNs) {
            // There is no neighbour.
        }
    }
}
