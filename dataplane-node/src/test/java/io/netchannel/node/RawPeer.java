package io.netchannel.node;

import io.netchannel.channels.PacketSink;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.Region;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.MacAddress;
import io.netchannel.virtio.device.VirtioNetDevice;
import io.netchannel.virtio.device.VirtioNetDeviceConfig;
import io.netchannel.virtio.driver.QueuePair;
import io.netchannel.virtio.driver.QueuePairBinding;
import io.netchannel.virtio.driver.VirtioNetDriver;
import io.netchannel.virtio.driver.VirtioNetDriverConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** The other end of a node's wire, byte by byte and in virtual time: a router, a server, somebody with the same address. */
final class RawPeer implements AutoCloseable {

    static final String MAC = "02:00:00:00:00:fe";
    static final String ADDRESS = "fe80::fe";
    private static final String ALL_NODES_MAC = "33:33:00:00:00:01";
    private static final int ICMPV6 = 58;
    private static final int BUFFERS = 512;
    private static final int HEADROOM_BYTES = 128;

    private final NodeLink link;
    private final Region region = Region.create("peer", PacketMemory.requiredBytes(BUFFERS, 4096)
            + VirtioNetDriver.requiredBytes(VirtioNetDriverConfig.DEFAULT, 1) + (1 << 16));
    private final PacketPool pool = new PacketPool(new PacketMemory(region, BUFFERS, 4096));
    private final List<byte[]> received = new ArrayList<>();
    private final VirtioNetDevice device = new VirtioNetDevice(
            VirtioNetDeviceConfig.of(MacAddress.parse(MAC).value()).withMtuBytes(1500));
    private VirtioNetDriver driver;
    private QueuePair pair;
    private long nowNs;

    RawPeer(final NodeLink link) {
        this.link = link;
        link.attach(device);
    }

    private void open() {
        driver = VirtioNetDriver.open(device, VirtioNetDriverConfig.DEFAULT, region,
                List.of(QueuePairBinding.of(pool, () -> {
                })));
        driver.setPromiscuous(true);
        pair = driver.queuePair(0);
    }

    long nowNs() {
        return nowNs;
    }

    /** What has come since the last call. */
    List<byte[]> received() {
        final List<byte[]> frames = List.copyOf(received);
        received.clear();
        return frames;
    }

    void send(final byte[] frame) {
        if (pair == null) {
            open();
        }
        final int index = pool.allocate();
        final long packet = PacketHandle.of(index, HEADROOM_BYTES, frame.length);
        region.memory().copyFromArray(frame, 0, pool.packets().address(packet), frame.length);
        if (!pair.transmit(packet)) {
            throw new AssertionError("the wire is full");
        }
        pair.flush();
    }

    /** Turns of node and wire until {@code untilNs}. */
    void run(final DataplaneNode node, final long untilNs) {
        run(node, untilNs, frame -> false);
    }

    /** Turns of node and wire until {@code untilNs}, or a frame comes that {@code ends} it: that is the last one received. */
    boolean run(final DataplaneNode node, final long untilNs, final Predicate<byte[]> ends) {
        if (pair == null) {
            open();
        }
        int seen = received.size();
        while (nowNs <= untilNs) {
            int work = node.turn(nowNs) + link.poller(0).poll(nowNs);
            work += pair.pollReceive(new Sink(), 64) + pair.reclaimTransmitted();
            for (; seen < received.size(); seen++) {
                if (ends.test(received.get(seen))) {
                    return true;
                }
            }
            nowNs = work > 0 ? nowNs + 1_000 : Math.max(nowNs + 1_000, node.nextDeadlineNs());
        }
        nowNs = untilNs;
        return false;
    }

    @Override
    public void close() {
        if (driver != null) {
            driver.close();
        }
        link.close();
        pool.checkNoLeaks();
        region.close();
    }

    private final class Sink implements PacketSink {

        @Override
        public void accept(final long packet) {
            final byte[] frame = new byte[PacketHandle.lengthBytes(packet)];
            region.memory().copyToArray(pool.packets().address(packet), frame, 0, frame.length);
            received.add(frame);
            pool.releasePacket(packet);
        }

        @Override
        public void endOfBurst() {
            // Each was taken when it came.
        }
    }

    // -- frames

    static byte[] mac(final String text) {
        return Arrays.copyOf(ByteBuffer.allocate(8).putLong(MacAddress.parse(text).value() << 16).array(), 6);
    }

    static byte[] ethernet(final String destination, final String source, final int type, final byte[] payload) {
        return ByteBuffer.allocate(14 + payload.length).put(mac(destination)).put(mac(source)).putShort((short) type)
                .put(payload).array();
    }

    static byte[] udp6(final String toMac, final byte[] from, final byte[] to, final int sourcePort,
            final int destinationPort, final byte[] payload) {
        final ByteBuffer udp = ByteBuffer.allocate(8 + payload.length).putShort((short) sourcePort)
                .putShort((short) destinationPort).putShort((short) (8 + payload.length)).putShort((short) 0)
                .put(payload);
        udp.putShort(6, (short) ~sum(udp.array(), 0, udp.capacity(),
                sum(from, 0, 16, sum(to, 0, 16, udp.capacity() + 17))));
        return ethernet(toMac, MAC, 0x86DD, ByteBuffer.allocate(40 + udp.capacity()).putInt(0x6000_0000)
                .putShort((short) udp.capacity()).putShort((short) (17 << 8 | 64)).put(from).put(to).put(udp.array())
                .array());
    }

    /** To all nodes. */
    static byte[] icmp6(final String source, final int type, final byte[] body) {
        final byte[] from = IpAddress.parse(source).toBytes();
        final byte[] to = IpAddress.parse("ff02::1").toBytes();
        final ByteBuffer icmp = ByteBuffer.allocate(4 + body.length).putShort((short) (type << 8)).putShort((short) 0)
                .put(body);
        final int pseudo = sum(from, 0, 16, sum(to, 0, 16, icmp.capacity() + ICMPV6));
        icmp.putShort(2, (short) ~sum(icmp.array(), 0, icmp.capacity(), pseudo));
        return ethernet(ALL_NODES_MAC, MAC, 0x86DD, ByteBuffer.allocate(40 + icmp.capacity()).putInt(0x6000_0000)
                .putShort((short) icmp.capacity()).put((byte) ICMPV6).put((byte) 255).put(from).put(to)
                .put(icmp.array()).array());
    }

    /** A router with a prefix for autonomous configuration, and a name server. */
    static byte[] advertisement(final String prefix, final String nameServer) {
        final ByteBuffer body = ByteBuffer.allocate(12 + 32 + 24 + 8).putInt(32 << 24 | 1800).putLong(0)
                .putInt(0x0304_40C0).putInt(86_400).putInt(14_400).putInt(0).put(IpAddress.parse(prefix).toBytes())
                .putInt(0x1903_0000).putInt(1800).put(IpAddress.parse(nameServer).toBytes())
                .putShort((short) 0x0101).put(mac(MAC));
        return icmp6(ADDRESS, 134, body.array());
    }

    /** Somebody has {@code address}, and says so to all. */
    static byte[] claim(final String address) {
        return icmp6(address, 136, ByteBuffer.allocate(28).putInt(0x2000_0000).put(IpAddress.parse(address).toBytes())
                .putShort((short) 0x0201).put(mac(MAC)).array());
    }

    private static int sum(final byte[] bytes, final int from, final int to, final int start) {
        int sum = start;
        for (int i = from; i < to; i += 2) {
            sum += (bytes[i] & 0xFF) << 8 | (i + 1 < to ? bytes[i + 1] & 0xFF : 0);
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return sum;
    }
}
