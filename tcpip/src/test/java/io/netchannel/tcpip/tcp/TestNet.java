package io.netchannel.tcpip.tcp;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.channels.flow.FlowKey;
import io.netchannel.tcpip.TestRegion;
import io.netchannel.tcpip.wire.IpProtocol;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Two hosts and the network between them, in virtual time: it delays, loses, reorders, duplicates and corrupts, all
 * from one seed. The receiving side checks TCP's checksum, and drops what was corrupted, as a classifier does.
 */
final class TestNet implements AutoCloseable {

    /** What the network does to segments. Rates are per mille. */
    record Impairment(int loss, int duplicate, int reorder, int corrupt, long delayNs, long jitterNs) {
        static Impairment none(final long delayNs) {
            return new Impairment(0, 0, 0, 0, delayNs, 0);
        }

        /** Some of each, up to the given loss. */
        static Impairment random(final Random random, final int maxLoss) {
            return new Impairment(random.nextInt(maxLoss + 1), random.nextInt(30), random.nextInt(50),
                    random.nextInt(20), 1_000L * (1 + random.nextInt(20_000)), 1 + random.nextInt(5_000_000));
        }
    }

    private record Frame(long atNs, long order, TestHost to, TestHost from, byte[] segment, int gsoSize) {
    }

    final TestHost a;
    final TestHost b;
    final Random random;
    Impairment impairment;
    /** Cut super-frames into segments, as a device on a real network must. */
    boolean cut;
    /** The longest burst that a turn takes in. */
    int burst = 16;
    long nowNs = 1_000_000_000L;
    long dropped;
    long delivered;
    private final PriorityQueue<Frame> frames = new PriorityQueue<>((x, y) -> x.atNs() != y.atNs()
            ? Long.compare(x.atNs(), y.atNs())
            : Long.compare(x.order(), y.order()));
    private long order;
    private long lastDue;

    TestNet(final long seed, final TestHost.Setup setupA, final TcpConfig configA, final TestHost.Setup setupB,
            final TcpConfig configB, final boolean ipv6) {
        random = new Random(seed);
        final long high = ipv6 ? 0xFD00_0000_0000_0000L : 0;
        a = new TestHost(setupA, configA, high, ipv6 ? 1 : FlowKey.v4Mapped(0x0A000001), seed + 1);
        b = new TestHost(setupB, configB, high, ipv6 ? 2 : FlowKey.v4Mapped(0x0A000002), seed + 2);
        begin();
    }

    /** Two hosts with room for so many flows each. */
    TestNet(final long seed, final TestHost.Setup setup, final TcpConfig config, final int flows) {
        this(seed, setup, config, flows, 0);
    }

    /** The same, the first with so many shared pages. */
    TestNet(final long seed, final TestHost.Setup setup, final TcpConfig config, final int flows,
            final int sharedPages) {
        random = new Random(seed);
        a = new TestHost(setup, new TestRegion(setup.buffers(), setup.bufferBytes(), 1, flows, sharedPages), config, 0,
                FlowKey.v4Mapped(0x0A000001), seed + 1);
        b = new TestHost(setup, new TestRegion(setup.buffers(), setup.bufferBytes(), 1, flows), config, 0,
                FlowKey.v4Mapped(0x0A000002), seed + 2);
        begin();
    }

    private void begin() {
        a.wire = this::carry;
        b.wire = this::carry;
        impairment = Impairment.none(100_000);
    }

    private void carry(final TestHost from, final TestPath path, final byte[] segment, final int gsoSize) {
        if (gsoSize != 0 && cut) {
            cut(from, segment, gsoSize);
        } else {
            transmit(from, segment, gsoSize);
        }
    }

    private void cut(final TestHost from, final byte[] segment, final int gsoSize) {
        final int headerBytes = (segment[12] & 0xF0) >> 2;
        for (int at = headerBytes; at < segment.length; at += gsoSize) {
            final int bytes = Math.min(gsoSize, segment.length - at);
            final byte[] one = Arrays.copyOf(segment, headerBytes + bytes);
            System.arraycopy(segment, at, one, headerBytes, bytes);
            final int sequence = Seg.parse(segment, 0).sequence + at - headerBytes;
            one[4] = (byte) (sequence >> 24);
            one[5] = (byte) (sequence >> 16);
            one[6] = (byte) (sequence >> 8);
            one[7] = (byte) sequence;
            if (at + bytes < segment.length) {
                one[13] &= ~(TcpHeaderLayout.FIN | TcpHeaderLayout.PSH);
            }
            TestHost.putChecksum(one, 0);
            TestHost.putChecksum(one, ~TestHost.sum(one, pseudo(from, one.length)) & 0xFFFF);
            transmit(from, one, 0);
        }
    }

    private int pseudo(final TestHost from, final int lengthBytes) {
        final TestHost to = from == a ? b : a;
        return InternetChecksum.pseudoHeader(from.addressHigh, from.addressLow, to.addressHigh, to.addressLow,
                IpProtocol.TCP, lengthBytes);
    }

    private void transmit(final TestHost from, final byte[] segment, final int gsoSize) {
        if (random.nextInt(1000) < impairment.loss()) {
            dropped++;
            return;
        }
        if (random.nextInt(1000) < impairment.corrupt()) {
            segment[random.nextInt(segment.length)] ^= (byte) (1 << random.nextInt(8));
        }
        queue(from, segment, gsoSize);
        if (random.nextInt(1000) < impairment.duplicate()) {
            queue(from, segment, gsoSize);
        }
    }

    private void queue(final TestHost from, final byte[] segment, final int gsoSize) {
        long due = nowNs + impairment.delayNs();
        if (random.nextInt(1000) < impairment.reorder()) {
            due += (long) (random.nextDouble() * impairment.jitterNs());
        } else {
            due = Math.max(due, lastDue);
            lastDue = due;
        }
        frames.add(new Frame(due, order++, from == a ? b : a, from, segment, gsoSize));
    }

    /** One step: to the next thing that happens. @return false if nothing ever will */
    boolean step() {
        final long deadline = Math.min(a.timers.nextDeadlineNs(), b.timers.nextDeadlineNs());
        final boolean busy = a.stack.hasWork() || b.stack.hasWork();
        final long next = frames.isEmpty() ? deadline : Math.min(deadline, frames.peek().atNs());
        if (next == Long.MAX_VALUE && !busy) {
            return false;
        }
        // A full link, or more than a turn's share to send: the next turn comes soon.
        nowNs = Math.max(nowNs, busy ? Math.min(next, nowNs + 10_000) : next);
        for (int i = 0; i < burst && !frames.isEmpty() && frames.peek().atNs() <= nowNs; i++) {
            arrive(frames.poll());
        }
        a.turn(nowNs);
        b.turn(nowNs);
        // Devices are not always quick.
        if (random.nextInt(4) != 0 || a.space() == 0 || b.space() == 0 || frames.isEmpty()) {
            a.complete();
            b.complete();
        }
        return true;
    }

    private void arrive(final Frame frame) {
        if (TestHost.sum(frame.segment(), pseudo(frame.from(), frame.segment().length)) != InternetChecksum.VALID) {
            dropped++;
            return;
        }
        final TestHost from = frame.from();
        if (frame.to().receive(frame.segment(), frame.gsoSize(), from.addressHigh, from.addressLow, nowNs)) {
            delivered++;
        } else {
            dropped++;
        }
    }

    /** Steps until nothing happens any more, or the time is over. */
    void run(final long limitNs) {
        final long until = nowNs + limitNs;
        while (nowNs < until && step()) {
            // On.
        }
    }

    void closeAndCheck() {
        a.closeAndCheck();
        b.closeAndCheck();
    }

    @Override
    public void close() {
        a.close();
        b.close();
    }
}
