package io.netchannel.channels.flow;

import io.netchannel.channels.DropCounters;
import io.netchannel.channels.TestMemory;
import io.netchannel.channels.TestPackets;
import io.netchannel.cpu.HostMemory;
import java.util.Random;

/** A classifier for some loops, and what it looks into. */
final class ClassifierFixture implements AutoCloseable {

    static final int LOOPS = 4;

    final TestMemory own = new TestMemory();
    final TestPackets buffers = new TestPackets(32, 4096);
    final RssHash rss;
    final RssIndirection indirection = new RssIndirection(LOOPS);
    final ListenerTable listeners = new ListenerTable();
    final FlowTable[] tables = new FlowTable[LOOPS];
    final DropCounters drops = new DropCounters();
    final RuleFilter filter = new RuleFilter();
    final FlowClassifier classifier;

    /** Denies everything while {@code deny} is set, and counts how often it is asked. */
    static final class RuleFilter implements FlowFilter {
        boolean deny;
        int generation;
        int asked;

        @Override
        public boolean permits(final FlowKey key) {
            asked++;
            return !deny;
        }

        @Override
        public int generation() {
            return generation;
        }
    }

    ClassifierFixture() {
        final byte[] key = new byte[RssHash.KEY_BYTES];
        new Random(99).nextBytes(key);
        rss = new RssHash(key);
        for (int i = 0; i < LOOPS; i++) {
            tables[i] = new FlowTable(HostMemory.INSTANCE, own.allocate(FlowTable.sizeBytes(16)), 16, indirection, i);
        }
        classifier = new FlowClassifier(buffers.packets, rss, indirection, listeners, tables, filter, drops);
    }

    /** Classifies a frame and releases its packet. */
    int classify(final byte[] frame, final int... partBytes) {
        final long packet = buffers.packet(frame, partBytes);
        final int verdict = classifier.classify(packet);
        buffers.release(packet);
        return verdict;
    }

    /** "DELIVER", "CONTROL_BROADCAST" ... or the reason of a drop. */
    String outcome(final byte[] frame, final int... partBytes) {
        final int verdict = classify(frame, partBytes);
        return verdict == Verdict.DROP ? classifier.dropReason().name() : Verdict.toString(verdict);
    }

    /** Makes every loop listen to the port of {@link Frames}, on any address, in VLANs none, 5, and 5 in 7. */
    void listenToAll() {
        for (int loop = 0; loop < LOOPS; loop++) {
            for (final int protocol : new int[]{FlowKey.TCP, FlowKey.UDP}) {
                for (final int vlan : new int[]{ListenerTable.ANY_VLAN, 7 << 12 | 5}) {
                    listeners.listen(protocol, 0, 0, Frames.DESTINATION_PORT, vlan, loop);
                }
            }
        }
    }

    @Override
    public void close() {
        buffers.pool.checkNoLeaks();
        buffers.close();
        own.close();
    }
}
