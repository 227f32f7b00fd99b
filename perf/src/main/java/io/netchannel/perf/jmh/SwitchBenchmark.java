package io.netchannel.perf.jmh;

import io.netchannel.channels.PacketSink;
import io.netchannel.channels.flow.FlowKey;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.Region;
import io.netchannel.virtio.device.Switch;
import io.netchannel.virtio.device.SwitchConfig;
import io.netchannel.virtio.device.VirtioNetDevice;
import io.netchannel.virtio.device.VirtioNetDeviceConfig;
import io.netchannel.virtio.driver.QueuePair;
import io.netchannel.virtio.driver.QueuePairBinding;
import io.netchannel.virtio.driver.VirtioNetDriver;
import io.netchannel.virtio.driver.VirtioNetDriverConfig;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A frame through the switch: out of the sender's queue, the address table, into the receivers' queues. Four ports; the
 * drivers' sides are played in between.
 */
public class SwitchBenchmark extends StageBenchmark {

    /** What one poll carries. */
    private static final int BURST = 64;
    private static final int PORTS = 4;
    private static final int BUFFERS = 1024;
    private static final int BUFFER_BYTES = 4096;
    private static final int HEADROOM_BYTES = 128;
    private static final int FIRST_PORT = 40_000;
    private static final long TURN_NS = 10_000;
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;

    /** To how many ports a frame goes. */
    public enum Destination {
        ONE, ALL
    }

    @Param({"60", "1514"})
    int frameBytes;

    @Param
    Destination destination;

    private final Station[] stations = new Station[PORTS];
    private Switch hub;
    private long nowNs;
    private int next;

    private static long mac(final int port) {
        return 0x0200_0000_0010L + port;
    }

    /** A device at a port, its driver, and what its host does with received frames: nothing. */
    private static final class Station implements PacketSink, AutoCloseable {

        private final Region region = Region.create("station", 32L << 20);
        private final PacketPool pool = new PacketPool(new PacketMemory(region, BUFFERS, BUFFER_BYTES));
        private final VirtioNetDevice device;
        private final BenchmarkFrames frames = new BenchmarkFrames(region.memory(), false, FlowKey.UDP);
        private VirtioNetDriver driver;
        private QueuePair queues;
        private long received;

        private Station(final int port) {
            device = new VirtioNetDevice(VirtioNetDeviceConfig.of(mac(port)));
        }

        /** Once the switch has the device. */
        private void start() {
            driver = VirtioNetDriver.open(device, VirtioNetDriverConfig.DEFAULT, region,
                    List.of(QueuePairBinding.polled(pool)));
            queues = driver.queuePair(0);
        }

        private void send(final long from, final long to, final int port, final int bytes) {
            final int head = pool.allocate();
            final long at = pool.packets().bufferAddress(head) + HEADROOM_BYTES;
            final int length = frames.write(at, to, from, port, bytes - frames.headersBytes());
            if (!queues.transmit(PacketHandle.of(head, HEADROOM_BYTES, length))) {
                throw new IllegalStateException("the transmit queue is full");
            }
        }

        @Override
        public void accept(final long packet) {
            received++;
            pool.releasePacket(packet);
        }

        @Override
        public void endOfBurst() {
            // Nobody waits.
        }

        @Override
        public void close() {
            driver.close();
            region.close();
        }
    }

    @Setup
    public void open() {
        hub = new Switch(SwitchConfig.defaults());
        for (int i = 0; i < PORTS; i++) {
            stations[i] = new Station(i);
            hub.addPort(stations[i].device);
            stations[i].start();
        }
        // So that the switch learns where each one is.
        for (int i = 0; i < PORTS; i++) {
            stations[i].send(mac(i), BROADCAST, FIRST_PORT, frameBytes);
            stations[i].queues.flush();
        }
        hub.poll(nowNs);
    }

    /** Frames arrive at their hosts, and the next ones are ready to be carried. */
    @Setup(Level.Invocation)
    public void driversTurn() {
        for (final Station station : stations) {
            station.queues.reclaimTransmitted();
            station.queues.pollReceive(station, 2 * BURST);
        }
        final long to = destination == Destination.ALL ? BROADCAST : mac(1);
        for (int i = 0; i < BURST; i++) {
            stations[0].send(mac(0), to, FIRST_PORT + (next++ & BURST - 1), frameBytes);
        }
        stations[0].queues.flush();
        nowNs += TURN_NS;
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public int forward() {
        return hub.poll(nowNs);
    }

    /** Frames that reached a port other than the sender's. */
    long received(final int port) {
        return stations[port].received;
    }

    @TearDown
    public void close() {
        for (final Station station : stations) {
            station.close();
        }
    }
}
