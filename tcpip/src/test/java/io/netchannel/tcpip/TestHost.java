package io.netchannel.tcpip;

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
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A host with one stack: region, pool, classifier, stack and a port whose frames the test takes. */
public final class TestHost implements AutoCloseable {

    public static final LinkCapabilities PLAIN = new LinkCapabilities(1500, false, false, false, 0, 15);
    public static final LinkCapabilities OFFLOADS = new LinkCapabilities(1500, true, true, true, 65535, 15);

    /** Where a device puts a frame: behind its own header. */
    private static final int RECEIVE_OFFSET = 128;
    private static final int FLOWS = 1024;

    private final TestRegion region;
    private final boolean ownsRegion;
    private final PacketPool pool;
    private final TestPort port;
    private final ListenerTable listenerTable = new ListenerTable();
    private final FlowTable flows;
    private final DropCounters drops = new DropCounters();
    private final FlowClassifier classifier;
    private final NetStack stack;
    private final List<String> registrations = new ArrayList<>();
    /** Bytes of a received frame that the device puts into the first buffer, and into each further one. */
    private int receiveBufferBytes = Integer.MAX_VALUE;
    private long nowNs;

    public TestHost(final NetStackConfig config) {
        this(config, PLAIN, 256, 2048, 1);
    }

    public TestHost(final NetStackConfig config, final LinkCapabilities capabilities, final int buffers,
            final int bufferBytes, final int loops) {
        this(config, capabilities, new TestRegion(buffers, bufferBytes, loops, FLOWS), true);
    }

    /** In memory that stays when the host is closed, for the next. */
    public TestHost(final NetStackConfig config, final TestRegion region) {
        this(config, PLAIN, region, false);
    }

    private TestHost(final NetStackConfig config, final LinkCapabilities capabilities, final TestRegion region,
            final boolean ownsRegion) {
        this.region = region;
        this.ownsRegion = ownsRegion;
        pool = region.newPool();
        port = new TestPort(pool, capabilities);
        final FlowTable[] tables = region.newTables();
        flows = tables[0];
        final byte[] key = new byte[RssHash.KEY_BYTES];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (i * 73 + 11);
        }
        final RssHash hash = new RssHash(key);
        final RssIndirection indirection = new RssIndirection(tables.length);
        classifier = new FlowClassifier(pool.packets(), hash, indirection, listenerTable, tables, FlowFilter.PERMIT_ALL,
                drops);
        stack = new NetStack(config, pool, port, new FlowSteering(flows, hash, indirection, 0).withClassifier(
                classifier), new Registry(),
                new SplittableRandom(42), 0);
    }

    public NetStack stack() {
        return stack;
    }

    public PacketPool pool() {
        return pool;
    }

    public TestPort port() {
        return port;
    }

    public FlowTable flows() {
        return flows;
    }

    public FlowClassifier classifier() {
        return classifier;
    }

    public DropCounters drops() {
        return drops;
    }

    public List<String> registrations() {
        return registrations;
    }

    public long count(final Counter counter) {
        return stack.counters().get(counter);
    }

    public void receiveBufferBytes(final int bytes) {
        receiveBufferBytes = bytes;
    }

    public long nowNs() {
        return nowNs;
    }

    /** Begins a turn. */
    public void time(final long timeNs) {
        nowNs = timeNs;
        stack.beginTurn(timeNs);
    }

    /** A turn without packets. */
    public List<Frame> poll(final long timeNs) {
        nowNs = timeNs;
        stack.poll(timeNs);
        return port.take();
    }

    /** Polls until {@code untilNs} whenever the stack wants to be. @return all frames */
    public List<Frame> pollUntil(final long untilNs) {
        final List<Frame> frames = new ArrayList<>(poll(nowNs));
        for (long next = stack.nextDeadlineNs(); next <= untilNs; next = stack.nextDeadlineNs()) {
            frames.addAll(poll(next));
        }
        frames.addAll(poll(untilNs));
        return frames;
    }

    /** Receives a frame in a turn of its own. @return what was sent in that turn */
    public List<Frame> receive(final byte[] bytes) {
        receive(Frame.of(bytes));
        return poll(nowNs);
    }

    /** @return the verdict of the classifier */
    public int receive(final Frame frame) {
        stack.beginTurn(nowNs);
        final long packet = toPacket(frame);
        if (packet == PacketHandle.NONE) {
            return Verdict.DROP;
        }
        final int verdict = classifier.classify(packet);
        if (verdict == Verdict.DROP) {
            pool.releasePacket(packet);
        } else {
            stack.accept(packet);
        }
        stack.endOfBurst();
        return verdict;
    }

    /** Puts a frame into buffers, as a device does; NONE if there are none, or not enough. */
    public long toPacket(final Frame frame) {
        final PacketMemory packets = pool.packets();
        final int head = pool.allocate();
        if (head == PacketPool.EMPTY) {
            return PacketHandle.NONE;
        }
        final byte[] bytes = frame.bytes();
        final int headBytes = Math.min(bytes.length, Math.min(receiveBufferBytes,
                packets.bufferBytes() - RECEIVE_OFFSET));
        final long packet = PacketHandle.of(head, RECEIVE_OFFSET, headBytes);
        packets.memory().copyFromArray(bytes, 0, packets.address(packet), headBytes);
        int at = headBytes;
        while (at < bytes.length) {
            final int index = pool.allocate();
            final int count = Math.min(bytes.length - at, Math.min(receiveBufferBytes, packets.bufferBytes()));
            if (index == PacketPool.EMPTY || !packets.addSlice(head, PacketHandle.of(index, 0, count))) {
                throw new AssertionError("the test's frame of " + bytes.length + " bytes takes too many buffers");
            }
            packets.memory().copyFromArray(bytes, at, packets.bufferAddress(index), count);
            at += count;
        }
        packets.flags(head, frame.flags());
        packets.checksum(head, frame.checksumStart(), frame.checksumOffset());
        packets.gso(head, frame.gsoType(), frame.gsoSizeBytes());
        return packet;
    }

    /** Closes the stack and checks that every buffer is back. */
    @Override
    public void close() {
        stack.close();
        port.take();
        pool.checkNoLeaks();
        if (ownsRegion) {
            region.close();
        }
    }

    private final class Registry implements ListenerRegistry {

        @Override
        public void register(final int protocol, final long localHigh, final long localLow, final int localPort) {
            registrations.add(protocol + "/" + localPort);
            listenerTable.listen(protocol, localHigh, localLow, localPort, ListenerTable.ANY_VLAN, 0);
        }

        @Override
        public void unregister(final int protocol, final long localHigh, final long localLow, final int localPort) {
            registrations.remove(protocol + "/" + localPort);
            listenerTable.unlisten(protocol, localHigh, localLow, localPort, ListenerTable.ANY_VLAN, 0);
        }
    }
}
