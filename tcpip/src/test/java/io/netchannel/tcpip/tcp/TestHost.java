package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.CHECKSUM_OFFSET;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.channels.LinkCapabilities;
import io.netchannel.channels.flow.FlowKey;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.channels.flow.RssIndirection;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.LoopActivity;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.FlowSteering;
import io.netchannel.tcpip.ListenerRegistry;
import io.netchannel.tcpip.TestRegion;
import io.netchannel.tcpip.ip.IpOutput;
import io.netchannel.tcpip.ip.Path;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6Layout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A {@link TcpStack} on packet memory of its own, and below it an {@link IpOutput} that hands segments to {@code wire}
 * as bytes, and takes such bytes as received packets.
 *
 * <p>Like a device it keeps sent packets for a while: the bytes are read when {@link #complete()} is called, so a send
 * buffer that is re-used too soon shows up as corrupt data.
 */
final class TestHost implements IpOutput, AutoCloseable {

    static final int LINK_HEADER_BYTES = 14;
    private static final int RECEIVE_HEADROOM = 32;

    final TestRegion region;
    final PacketMemory packets;
    final PacketPool pool;
    final TimerWheel timers;
    final FlowTable flows;
    final TcpStack stack;
    final long addressHigh;
    final long addressLow;
    final LinkCapabilities capabilities;
    Wire wire;
    int mtuBytes = 1500;
    int confirmations;
    int space = Integer.MAX_VALUE;
    boolean noRoute;
    boolean hints = true;
    /** Of all that was sent. */
    final List<Integer> trafficClasses = new ArrayList<>();
    /** The ECN field of packets that are received. */
    int ecn;
    private final ArrayDeque<Long> sent = new ArrayDeque<>();
    private final FlowKey key = new FlowKey();
    private final RssHash hash;

    /** Where segments go. */
    interface Wire {
        void carry(TestHost from, TestPath path, byte[] segment, int gsoSize);
    }

    /** Settings of a host. */
    record Setup(int buffers, int bufferBytes, boolean offload, int maxSlices, int loops, int loop) {
        static Setup plain() {
            return new Setup(4096, 2048, false, PacketLayout.MAX_SLICES, 1, 0);
        }

        static Setup offloading() {
            return new Setup(4096, 4096, true, PacketLayout.MAX_SLICES, 1, 0);
        }

        Setup withBuffers(final int count, final int bytes) {
            return new Setup(count, bytes, offload, maxSlices, loops, loop);
        }

        Setup withLoop(final int of, final int index) {
            return new Setup(buffers, bufferBytes, offload, maxSlices, of, index);
        }
    }

    TestHost(final Setup setup, final TcpConfig config, final long addressHigh, final long addressLow,
            final long seed) {
        this(setup, config, addressHigh, addressLow, seed, null);
    }

    /** @param activity of the loop, whose stack may be lent; or null */
    TestHost(final Setup setup, final TcpConfig config, final long addressHigh, final long addressLow, final long seed,
            final LoopActivity activity) {
        this(setup, new TestRegion(setup.buffers(), setup.bufferBytes(), 1, 1024), config, addressHigh, addressLow,
                seed, activity);
    }

    TestHost(final Setup setup, final TestRegion region, final TcpConfig config, final long addressHigh,
            final long addressLow, final long seed) {
        this(setup, region, config, addressHigh, addressLow, seed, null);
    }

    TestHost(final Setup setup, final TestRegion region, final TcpConfig config, final long addressHigh,
            final long addressLow, final long seed, final LoopActivity activity) {
        this.region = region;
        pool = region.newPool();
        packets = pool.packets();
        timers = new TimerWheel(0);
        flows = region.newTables()[0];
        capabilities = new LinkCapabilities(mtuBytes, setup.offload(), setup.offload(), setup.offload(), 65_535,
                setup.maxSlices());
        this.addressHigh = addressHigh;
        this.addressLow = addressLow;
        final Random random = new Random(seed);
        final byte[] hashKey = new byte[RssHash.KEY_BYTES];
        random.nextBytes(hashKey);
        hash = new RssHash(hashKey);
        stack = new TcpStack(config, this, timers,
                new FlowSteering(flows, hash, new RssIndirection(setup.loops()), setup.loop()), ListenerRegistry.NONE,
                random, activity);
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
        return Math.max(0, space - sent.size());
    }

    @Override
    public Path pathTo(final long localHigh, final long localLow, final long remoteHigh, final long remoteLow) {
        return noRoute ? null : new TestPath(this, addressHigh, addressLow, remoteHigh, remoteLow);
    }

    private final ArrayDeque<TestPath> sentPaths = new ArrayDeque<>();

    @Override
    public Result send(final long packet, final Path path, final int protocol, final int trafficClass,
            final long nowNs) {
        assertThat(protocol).isEqualTo(IpProtocol.TCP);
        assertThat(PacketHandle.offsetBytes(packet)).isEqualTo(TRANSPORT_OFFSET);
        if (space() == 0) {
            return Result.LINK_FULL;
        }
        trafficClasses.add(trafficClass);
        sent.add(packet);
        sentPaths.add((TestPath) path);
        return Result.SENT;
    }

    /** The device has read what was sent. */
    void complete() {
        while (!sent.isEmpty()) {
            final long packet = sent.poll();
            final TestPath path = sentPaths.poll();
            final int index = PacketHandle.index(packet);
            final byte[] bytes = new byte[packets.frameBytes(packet)];
            int at = PacketHandle.lengthBytes(packet);
            packets.memory().copyToArray(packets.address(packet), bytes, 0, at);
            for (int i = 0; i < packets.sliceCount(index); i++) {
                final long slice = packets.slice(index, i);
                packets.memory().copyToArray(packets.address(slice), bytes, at, PacketHandle.lengthBytes(slice));
                at += PacketHandle.lengthBytes(slice);
            }
            final int gso = packets.gsoType(index) == PacketLayout.GSO_NONE ? 0 : packets.gsoSizeBytes(index);
            checkOffload(index, path, bytes, gso);
            pool.releasePacket(packet);
            wire.carry(this, path, bytes, gso);
        }
    }

    private void checkOffload(final int index, final TestPath path, final byte[] bytes, final int gso) {
        final int headerBytes = (bytes[12] & 0xF0) >> 2;
        assertThat(packets.sliceCount(index)).isLessThanOrEqualTo(capabilities.maxSlices());
        if (gso != 0) {
            assertThat(capabilities.tsoIpv4()).isTrue();
            assertThat(packets.gsoType(index))
                    .isEqualTo(path.isIpv6() ? PacketLayout.GSO_TCPV6 : PacketLayout.GSO_TCPV4);
            assertThat(packets.headerLengthBytes(index)).isEqualTo(headerBytes);
            assertThat(bytes.length - headerBytes).isGreaterThan(gso);
            assertThat(bytes.length + path.networkHeaderBytes()).isLessThanOrEqualTo(65_535);
        } else {
            assertThat(bytes.length + path.networkHeaderBytes()).as("segment of %s", Seg.parse(bytes, gso))
                    .isLessThanOrEqualTo(mtuBytes);
        }
        final int pseudo = InternetChecksum.pseudoHeader(path.localHigh(), path.localLow(), path.remoteHigh(),
                path.remoteLow(), IpProtocol.TCP, bytes.length);
        if ((packets.flags(index) & PacketLayout.FLAG_NEEDS_CHECKSUM) != 0) {
            assertThat(capabilities.transmitChecksum()).isTrue();
            assertThat(packets.checksumStart(index)).isZero();
            assertThat(packets.checksumOffset(index)).isEqualTo(CHECKSUM_OFFSET);
            assertThat(checksumField(bytes)).isEqualTo(pseudo);
            putChecksum(bytes, 0);
            putChecksum(bytes, ~sum(bytes, pseudo) & 0xFFFF);
        }
        assertThat(sum(bytes, pseudo)).as("checksum of %s", Seg.parse(bytes, gso)).isEqualTo(InternetChecksum.VALID);
    }

    static int checksumField(final byte[] segment) {
        return (segment[CHECKSUM_OFFSET] & 0xFF) << 8 | segment[CHECKSUM_OFFSET + 1] & 0xFF;
    }

    static void putChecksum(final byte[] segment, final int checksum) {
        segment[CHECKSUM_OFFSET] = (byte) (checksum >> 8);
        segment[CHECKSUM_OFFSET + 1] = (byte) checksum;
    }

    /** Naive ones-complement sum, not the code under test. */
    static int sum(final byte[] bytes, final int initial) {
        long sum = initial;
        for (int i = 0; i < bytes.length; i++) {
            sum += (i & 1) == 0 ? (bytes[i] & 0xFF) << 8 : bytes[i] & 0xFF;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (int) sum;
    }

    // -- receiving

    /**
     * Makes a received packet of a segment and hands it to the stack.
     *
     * @return false if the pool had no buffers: the device drops
     */
    boolean receive(final byte[] segment, final int gsoSize, final long sourceHigh, final long sourceLow,
            final long nowNs) {
        final boolean ipv6 = addressHigh != 0;
        final int networkBytes = ipv6 ? 40 : 20;
        final int headersBytes = LINK_HEADER_BYTES + networkBytes + segment.length;
        final int headRoom = packets.bufferBytes() - RECEIVE_HEADROOM;
        final int slices = Math.max(0, headersBytes - headRoom + packets.bufferBytes() - 1) / packets.bufferBytes();
        if (pool.available() < 1 + slices || slices > PacketLayout.MAX_SLICES) {
            return false;
        }
        final int index = pool.allocate();
        final int headBytes = Math.min(headersBytes, headRoom);
        final long frame = packets.bufferAddress(index) + RECEIVE_HEADROOM;
        writeNetworkHeader(frame + LINK_HEADER_BYTES, sourceHigh, sourceLow);
        final int transport = LINK_HEADER_BYTES + networkBytes;
        int at = headBytes - transport;
        packets.memory().copyFromArray(segment, 0, frame + transport, at);
        while (at < segment.length) {
            final int bytes = Math.min(packets.bufferBytes(), segment.length - at);
            final int slice = pool.allocate();
            packets.memory().copyFromArray(segment, at, packets.bufferAddress(slice), bytes);
            packets.addSlice(index, PacketHandle.of(slice, 0, bytes));
            at += bytes;
        }
        packets.offsets(index, LINK_HEADER_BYTES, transport, transport + ((segment[12] & 0xF0) >> 2));
        packets.networkLengthBytes(index, networkBytes + segment.length);
        packets.flags(index, PacketLayout.FLAG_CLASSIFIED);
        packets.protocol(index, IpProtocol.TCP);
        if (gsoSize != 0) {
            packets.gso(index, ipv6 ? PacketLayout.GSO_TCPV6 : PacketLayout.GSO_TCPV4, gsoSize);
        }
        if (hints) {
            final int source = (segment[0] & 0xFF) << 8 | segment[1] & 0xFF;
            final int destination = (segment[2] & 0xFF) << 8 | segment[3] & 0xFF;
            key.local(addressHigh, addressLow, destination).remote(sourceHigh, sourceLow, source)
                    .protocol(IpProtocol.TCP);
            packets.flowId(index, flows.find(key, hash.hash(key)));
        }
        stack.input(PacketHandle.of(index, RECEIVE_HEADROOM, headBytes), nowNs);
        return true;
    }

    private void writeNetworkHeader(final long ip, final long sourceHigh, final long sourceLow) {
        if (addressHigh == 0) {
            packets.memory().fill(ip, Ipv4Layout.HEADER_BYTES, (byte) 0);
            packets.memory().putByte(ip, (byte) 0x45);
            packets.memory().putByte(ip + 1, (byte) ecn);
            packets.memory().putInt(ip + Ipv4Layout.SOURCE_OFFSET, Integer.reverseBytes((int) sourceLow));
            packets.memory().putInt(ip + Ipv4Layout.DESTINATION_OFFSET, Integer.reverseBytes((int) addressLow));
        } else {
            packets.memory().fill(ip, Ipv6Layout.HEADER_BYTES, (byte) 0);
            packets.memory().putByte(ip, (byte) 0x60);
            packets.memory().putLong(ip + Ipv6Layout.SOURCE_OFFSET, Long.reverseBytes(sourceHigh));
            packets.memory().putLong(ip + Ipv6Layout.SOURCE_OFFSET + 8, Long.reverseBytes(sourceLow));
            packets.memory().putLong(ip + Ipv6Layout.DESTINATION_OFFSET, Long.reverseBytes(addressHigh));
            packets.memory().putLong(ip + Ipv6Layout.DESTINATION_OFFSET + 8, Long.reverseBytes(addressLow));
        }
    }

    /** One turn of the loop, without input. */
    void turn(final long nowNs) {
        timers.advance(nowNs);
        stack.emit(nowNs);
    }

    /** Closes the stack, and fails if a buffer or a flow is left. */
    void closeAndCheck() {
        stack.close();
        final Wire last = wire;
        wire = (from, path, segment, gsoSize) -> {
        };
        complete();
        wire = last;
        pool.checkNoLeaks();
        assertThat(flows.size()).isZero();
        assertThat(stack.receiveBudget().heldBuffers()).isZero();
        assertThat(timers.size()).isZero();
    }

    @Override
    public void close() {
        region.close();
    }
}
