package io.netchannel.channels.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.channels.DropReason;
import io.netchannel.channels.TestPackets;
import io.netchannel.channels.flow.Frames.Shape;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steering and metadata; what is wrong with frames is in {@link FlowClassifierHostileTest}. */
final class FlowClassifierTest {

    private static final Shape TCP4 = new Shape(false, true, 0);
    private static final Shape UDP4 = new Shape(false, false, 0);

    private final ClassifierFixture fixture = new ClassifierFixture();
    private final PacketMemory packets = fixture.buffers.packets;

    @AfterEach
    void free() {
        fixture.close();
    }

    private int classify(final byte[] frame, final IntConsumer before, final IntConsumer after) {
        final long packet = fixture.buffers.packet(frame);
        before.accept(PacketHandle.index(packet));
        final int verdict = fixture.classifier.classify(packet);
        after.accept(PacketHandle.index(packet));
        fixture.buffers.release(packet);
        return verdict;
    }

    @ParameterizedTest
    @CsvSource({"false, true, 0", "false, false, 0", "true, true, 0", "true, false, 0", "false, true, 1",
        "true, false, 1", "true, true, 2", "false, false, 2"})
    void shouldDeliverExactFlowsAndDescribeThePacket(final boolean v6, final boolean tcp, final int tags) {
        final Shape shape = new Shape(v6, tcp, tags);
        final FlowKey key = shape.key();
        final int hash = fixture.rss.hash(key);
        final int loop = fixture.indirection.loopOf(hash);
        assertThat(fixture.tables[loop].insert(key, hash, 42)).isTrue();
        // Padding that belongs to the link, as short frames have it.
        final byte[] frame = Frames.insert(Frames.frame(shape, 10), shape.payloadOffset() + 10, new byte[6]);
        assertThat(classify(frame, index -> {
        }, index -> {
            assertThat(packets.flowId(index)).isEqualTo(42);
            assertThat(packets.flowHash(index)).isEqualTo(hash);
            assertThat(packets.networkOffset(index)).isEqualTo(shape.networkOffset());
            assertThat(packets.transportOffset(index)).isEqualTo(shape.transportOffset());
            assertThat(packets.payloadOffset(index)).isEqualTo(shape.payloadOffset());
            assertThat(packets.networkLengthBytes(index)).isEqualTo(frame.length - 6 - shape.networkOffset());
            assertThat(packets.protocol(index)).isEqualTo(key.protocol());
            assertThat(packets.flags(index))
                    .isEqualTo(PacketLayout.FLAG_CLASSIFIED | (tags == 0 ? 0 : PacketLayout.FLAG_VLAN));
            assertThat(packets.vlanTag(index)).isEqualTo(tags == 0 ? 0 : tags == 1 ? 0x6005 : 0x2005);
        })).isEqualTo(Verdict.DELIVER);
        assertThat(fixture.classifier.loop()).isEqualTo(loop);
        assertThat(fixture.classifier.flowId()).isEqualTo(42);
        assertThat(fixture.classifier.key()).isEqualTo(key);
    }

    @Test
    void shouldForgetWhatAnEarlierPacketInTheBufferSaid() {
        fixture.listenToAll();
        classify(Frames.frame(TCP4, 1), index -> {
            packets.flags(index, PacketLayout.FLAG_VLAN | PacketLayout.FLAG_CHECKSUM_VALID);
            packets.flowId(index, 9);
            packets.vlanTag(index, 9);
        }, index -> {
            assertThat(packets.flags(index)).isEqualTo(PacketLayout.FLAG_CLASSIFIED | PacketLayout.FLAG_CHECKSUM_VALID);
            assertThat(packets.flowId(index)).isEqualTo(FlowTable.NONE);
            assertThat(packets.vlanTag(index)).isZero();
        });
    }

    @Test
    void shouldSpreadAListenersFlowsOverItsLoops() {
        final int[] perLoop = new int[ClassifierFixture.LOOPS];
        fixture.listeners.listen(FlowKey.TCP, 0, 0, Frames.DESTINATION_PORT, 0, 1);
        fixture.listeners.listen(FlowKey.TCP, 0, 0, Frames.DESTINATION_PORT, 0, 2);
        for (int port = 1; port <= 2000; port++) {
            final byte[] frame = Frames.frame(TCP4, 0);
            Frames.set16(frame, TCP4.transportOffset(), port);
            Frames.fixChecksums(frame, TCP4);
            assertThat(fixture.classify(frame)).isEqualTo(Verdict.DELIVER);
            assertThat(fixture.classifier.flowId()).isEqualTo(FlowTable.NONE);
            perLoop[fixture.classifier.loop()]++;
            final int byHash = fixture.indirection.loopOf(fixture.rss.hash(fixture.classifier.key()));
            if (byHash == 1 || byHash == 2) {
                assertThat(fixture.classifier.loop()).as("where the device put it").isEqualTo(byHash);
            }
        }
        assertThat(perLoop[0] + perLoop[3]).isZero();
        assertThat(perLoop[1]).isBetween(800, 1200);
    }

    @Test
    void shouldPreferTheExactFlowToTheListener() {
        final FlowKey key = TCP4.key();
        final int hash = fixture.rss.hash(key);
        final int owner = fixture.indirection.loopOf(hash);
        final int other = (owner + 1) % ClassifierFixture.LOOPS;
        fixture.listeners.listen(FlowKey.TCP, 0, 0, Frames.DESTINATION_PORT, 0, other);
        final byte[] frame = Frames.frame(TCP4, 0);
        fixture.tables[other].insert(key, hash, 8);
        fixture.classify(frame);
        assertThat(fixture.classifier.loop()).isEqualTo(other);
        assertThat(fixture.classifier.flowId()).as("accepted by the listener's loop").isEqualTo(8);
        fixture.tables[owner].insert(key, hash, 7);
        fixture.classify(frame);
        assertThat(fixture.classifier.loop()).isEqualTo(owner);
        assertThat(fixture.classifier.flowId()).isEqualTo(7);
        fixture.tables[owner].close(key, hash);
        assertThat(fixture.classify(frame)).isEqualTo(Verdict.DELIVER);
        assertThat(fixture.classifier.loop()).as("closing, but still its own").isEqualTo(owner);
        assertThat(fixture.classifier.flowId()).isEqualTo(FlowTable.NONE);
    }

    @Test
    void shouldLeaveAFlowWithItsLoopWhoeverListens() {
        final FlowKey key = TCP4.key();
        final int hash = fixture.rss.hash(key);
        final int home = fixture.indirection.loopOf(hash);
        final byte[] frame = Frames.frame(TCP4, 0);
        for (int away = 1; away < ClassifierFixture.LOOPS; away++) {
            final int owner = (home + away) % ClassifierFixture.LOOPS;
            fixture.listeners.listen(FlowKey.TCP, 0, 0, Frames.DESTINATION_PORT, 0, owner);
            fixture.tables[owner].insert(key, hash, 7);
            assertThat(flowIdAt(owner, frame)).as("the loop that took it").isEqualTo(7);
            for (int loop = 0; loop < ClassifierFixture.LOOPS; loop++) {
                fixture.listeners.listen(FlowKey.TCP, 0, 0, Frames.DESTINATION_PORT, 0, loop);
                assertThat(flowIdAt(owner, frame)).as("%d listens too", loop).isEqualTo(7);
            }
            for (int loop = 0; loop < ClassifierFixture.LOOPS; loop++) {
                fixture.listeners.unlisten(FlowKey.TCP, 0, 0, Frames.DESTINATION_PORT, 0, loop);
                assertThat(flowIdAt(owner, frame)).as("%d listens no more", loop).isEqualTo(7);
            }
            fixture.tables[owner].erase(key, hash);
            assertThat(fixture.classify(frame)).isEqualTo(Verdict.CONTROL_UNKNOWN);
        }
    }

    private int flowIdAt(final int loop, final byte[] frame) {
        assertThat(fixture.classify(frame)).isEqualTo(Verdict.DELIVER);
        assertThat(fixture.classifier.loop()).isEqualTo(loop);
        return fixture.classifier.flowId();
    }

    @Test
    void shouldLookForNobodyElsesPacketsWhereNoneAreAway() {
        final FlowKey key = TCP4.key();
        final int hash = fixture.rss.hash(key);
        final int other = (fixture.indirection.loopOf(hash) + 1) % ClassifierFixture.LOOPS;
        final FlowTableReader reader = fixture.tables[other].newReader();
        assertThat(reader.hasAway()).isFalse();
        fixture.tables[other].insert(key, hash, 1);
        assertThat(fixture.tables[other].insert(key, hash, 2)).isFalse();
        assertThat(reader.hasAway()).isTrue();
        fixture.tables[other].erase(key, hash);
        fixture.tables[other].erase(key, hash);
        assertThat(reader.hasAway()).isFalse();
        fixture.tables[fixture.indirection.loopOf(hash)].insert(key, hash, 3);
        assertThat(fixture.tables[fixture.indirection.loopOf(hash)].newReader().hasAway()).isFalse();
    }

    @Test
    void shouldLeaveNobodysPacketsToLoopZero() {
        for (final Shape shape : new Shape[]{TCP4, UDP4, new Shape(true, true, 1)}) {
            assertThat(fixture.outcome(Frames.frame(shape, 9))).isEqualTo("CONTROL_UNKNOWN");
            assertThat(fixture.classifier.loop()).isZero();
        }
        fixture.listeners.listen(FlowKey.TCP, 0, 0, Frames.DESTINATION_PORT, 0, 63);
        assertThat(fixture.outcome(Frames.frame(TCP4, 9))).as("a loop that is not there").isEqualTo("CONTROL_UNKNOWN");
        // Answers would go into another customer's VLAN.
        assertThat(fixture.outcome(Frames.frame(new Shape(false, true, 2), 9))).isEqualTo("UNKNOWN_SERVICE_VLAN");
    }

    @Test
    void shouldCopyControlPacketsToAllLoops() {
        final byte[] arp = new byte[14 + 28];
        Frames.set16(arp, 12, 0x0806);
        assertThat(classify(arp, index -> {
        }, index -> {
            assertThat(packets.networkOffset(index)).isEqualTo(14);
            assertThat(packets.flags(index)).isZero();
        })).isEqualTo(Verdict.CONTROL_BROADCAST);
        for (final int protocol : new int[]{1, 2}) {
            final byte[] frame = Frames.frame(UDP4, 4);
            frame[14 + 9] = (byte) protocol;
            Frames.fixIpv4Checksum(frame, 14, 20);
            assertThat(classify(frame, index -> {
            }, index -> {
                assertThat(packets.flags(index)).isEqualTo(PacketLayout.FLAG_CLASSIFIED);
                assertThat(packets.protocol(index)).isEqualTo(protocol);
                assertThat(packets.transportOffset(index)).isEqualTo(34);
            })).isEqualTo(Verdict.CONTROL_BROADCAST);
        }
        final byte[] icmpv6 = Frames.frame(new Shape(true, false, 0), 4);
        icmpv6[14 + 6] = 58;
        assertThat(fixture.outcome(icmpv6)).isEqualTo("CONTROL_BROADCAST");
        final byte[] sctp = Frames.frame(UDP4, 4);
        sctp[14 + 9] = (byte) 132;
        Frames.fixIpv4Checksum(sctp, 14, 20);
        assertThat(fixture.outcome(sctp)).as("one loop answers that the protocol is unreachable")
                .isEqualTo("CONTROL_UNKNOWN");
    }

    @Test
    void shouldLeaveFragmentsToTheStacks() {
        fixture.listenToAll();
        for (final int field : new int[]{0x2000, 0x2001, 0x0001, 0x1FFF, 0x3FFF}) {
            final byte[] frame = Frames.frame(UDP4, 4);
            Frames.set16(frame, 14 + 6, field);
            Frames.fixIpv4Checksum(frame, 14, 20);
            assertThat(fixture.outcome(frame)).isEqualTo("CONTROL_FRAGMENT");
        }
        for (final int field : new int[]{0, 0x4000, 0x8000, 0xC000}) {
            final byte[] frame = Frames.frame(UDP4, 4);
            Frames.set16(frame, 14 + 6, field);
            Frames.fixIpv4Checksum(frame, 14, 20);
            assertThat(fixture.outcome(frame)).as("only flags").isEqualTo("DELIVER");
        }
    }

    @Test
    void shouldAskTheFilterOnceForAFlowAndAgainWhenItsRulesChange() {
        final FlowKey key = TCP4.key();
        final int hash = fixture.rss.hash(key);
        final FlowTable table = fixture.tables[fixture.indirection.loopOf(hash)];
        final byte[] frame = Frames.frame(TCP4, 0);
        table.insert(key, hash, 1);
        fixture.classify(frame);
        fixture.classify(frame);
        assertThat(fixture.filter.asked).isEqualTo(1);
        fixture.filter.deny = true;
        assertThat(fixture.outcome(frame)).as("the generation is the old one").isEqualTo("DELIVER");
        fixture.filter.generation++;
        assertThat(fixture.outcome(frame)).isEqualTo("FILTERED");
        assertThat(fixture.outcome(frame)).isEqualTo("FILTERED");
        assertThat(fixture.filter.asked).isEqualTo(2);
        fixture.filter.deny = false;
        table.invalidate();
        assertThat(fixture.outcome(frame)).isEqualTo("DELIVER");
        assertThat(fixture.filter.asked).isEqualTo(3);
    }

    @Test
    void shouldFilterListenersAndNobodysPackets() {
        fixture.filter.deny = true;
        assertThat(fixture.outcome(Frames.frame(TCP4, 0))).isEqualTo("FILTERED");
        fixture.listenToAll();
        assertThat(fixture.outcome(Frames.frame(TCP4, 0))).isEqualTo("FILTERED");
        assertThat(fixture.drops.get(DropReason.FILTERED)).isEqualTo(2);
        assertThat(fixture.classifier.count(Verdict.DROP)).isEqualTo(2);
        assertThat(fixture.classifier.offered()).isEqualTo(2);
    }

    @Test
    void shouldTakeSuperFramesThatAgreeWithTheirHeaders() {
        fixture.listenToAll();
        final String[][] expected = {
            {"TCP4", "1", "DELIVER"}, {"TCP4", "4", "BAD_GSO"}, {"TCP4", "5", "BAD_GSO"}, {"TCP4", "3", "BAD_GSO"},
            {"TCP6", "4", "DELIVER"}, {"TCP6", "1", "BAD_GSO"}, {"UDP4", "5", "DELIVER"}, {"UDP4", "1", "BAD_GSO"},
            {"UDP6", "5", "DELIVER"}, {"UDP6", "4", "BAD_GSO"}, {"UDP6", "255", "BAD_GSO"}};
        for (final String[] row : expected) {
            final byte[] frame = Frames.frame(new Shape(row[0].endsWith("6"), row[0].startsWith("TCP"), 0), 3000);
            for (final int sizeBytes : new int[]{1448, 0}) {
                final int verdict = classify(frame, index -> packets.gso(index, Integer.parseInt(row[1]), sizeBytes),
                        index -> {
                        });
                assertThat(verdict == Verdict.DROP ? fixture.classifier.dropReason().name() : Verdict.toString(verdict))
                        .as(row[0] + " type " + row[1]).isEqualTo(sizeBytes == 0 ? "BAD_GSO" : row[2]);
            }
        }
    }

    @Test
    void shouldTakeFramesSpreadOverSlices() {
        fixture.listenToAll();
        for (final Shape shape : new Shape[]{TCP4, new Shape(true, false, 2)}) {
            final byte[] frame = Frames.frame(shape, 1000);
            for (int head = 0; head < frame.length; head += head < 80 ? 1 : 61) {
                assertThat(fixture.outcome(frame, head, 33, 0, 101)).as(shape + " head " + head).isEqualTo(
                        head < shape.payloadOffset() ? "HEADERS_NOT_IN_FIRST_BUFFER" : "DELIVER");
            }
        }
    }

    @Test
    void shouldTakeTheLargestPacketAndNoLarger() {
        fixture.listenToAll();
        final int[] parts = new int[16];
        Arrays.fill(parts, 3900);
        final Shape tcp6 = new Shape(true, true, 0);
        final byte[] v4 = Frames.frame(TCP4, 61_000);
        assertThat(fixture.outcome(v4, parts)).isEqualTo("DELIVER");
        try (TestPackets large = new TestPackets(4, 70_000)) {
            final FlowClassifier classifier = new FlowClassifier(large.packets, fixture.rss, fixture.indirection,
                    fixture.listeners, fixture.tables, FlowFilter.PERMIT_ALL, fixture.drops);
            final long largest4 = large.packet(Frames.frame(TCP4, 65_535 - 40));
            assertThat(classifier.classify(largest4)).isEqualTo(Verdict.DELIVER);
            assertThat(large.packets.networkLengthBytes(PacketHandle.index(largest4))).isEqualTo(65_535);
            final long largest6 = large.packet(Frames.frame(tcp6, 65_535 - 60));
            assertThat(classifier.classify(largest6)).isEqualTo(Verdict.DELIVER);
            final long beyond6 = large.packet(Frames.frame(tcp6, 65_535 - 59));
            assertThat(classifier.classify(beyond6)).isEqualTo(Verdict.DROP);
            assertThat(classifier.dropReason()).isEqualTo(DropReason.BAD_IP_TOTAL_LENGTH);
        }
    }

    @Test
    void shouldSkipIpv6ExtensionHeaders() {
        fixture.listenToAll();
        final byte[] padding = {60, 0, 1, 4, 0, 0, 0, 0};
        final byte[] options = {43, 0, 5, 2, 0, 0, 0, 0};
        final byte[] routing = {6, 1, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9};
        final byte[] frame = withExtensions(0, padding, options, routing);
        assertThat(classify(frame, index -> {
        }, index -> {
            assertThat(packets.protocol(index)).isEqualTo(6);
            assertThat(packets.transportOffset(index)).isEqualTo(14 + 40 + 32);
            assertThat(packets.payloadOffset(index)).isEqualTo(14 + 40 + 32 + 20);
        })).isEqualTo(Verdict.DELIVER);
    }

    @Test
    void shouldLeaveIpv6OptionsThatNeedAnAnswerToAStack() {
        fixture.listenToAll();
        final byte[] unknownSkip = {6, 0, 0x3E, 4, 0, 0, 0, 0};
        assertThat(fixture.outcome(withExtensions(60, unknownSkip))).isEqualTo("DELIVER");
        for (final int type : new int[]{0x40, 0x80, 0xC2, 0xFF}) {
            final byte[] unknown = {6, 0, (byte) type, 4, 0, 0, 0, 0};
            assertThat(fixture.outcome(withExtensions(0, unknown))).isEqualTo("CONTROL_UNKNOWN");
        }
        final byte[] segmentsLeft = {6, 0, 0, 1, 0, 0, 0, 0};
        assertThat(fixture.outcome(withExtensions(43, segmentsLeft))).isEqualTo("CONTROL_UNKNOWN");
        final byte[] hopByHopNext = {0, 0, 1, 4, 0, 0, 0, 0};
        assertThat(fixture.outcome(withExtensions(60, hopByHopNext, unknownSkip))).isEqualTo("CONTROL_UNKNOWN");
        final byte[] fragment = {6, 0, 0, 0, 0, 0, 0, 1};
        assertThat(fixture.outcome(withExtensions(44, fragment))).isEqualTo("CONTROL_FRAGMENT");
        final byte[][] overrunning = {{6, 0, 5, 5, 0, 0, 0, 0}, {6, 0, 1, 3, 0, 0, 0, 5}, {6, 0, 1, -1, 0, 0, 0, 0}};
        for (final byte[] bad : overrunning) {
            assertThat(fixture.outcome(withExtensions(60, bad))).isEqualTo("BAD_EXTENSION_HEADER");
        }
        final byte[] again = {60, 0, 1, 4, 0, 0, 0, 0};
        assertThat(fixture.outcome(withExtensions(60, again, again, again, again, again, unknownSkip)))
                .as("as many as are taken").isEqualTo("DELIVER");
        assertThat(fixture.outcome(withExtensions(60, again, again, again, again, again, again, unknownSkip)))
                .isEqualTo("BAD_EXTENSION_HEADER");
    }

    /** A TCP segment over IPv6 behind these headers, the last of which must name TCP. */
    private static byte[] withExtensions(final int first, final byte[]... headers) {
        byte[] frame = Frames.frame(new Shape(true, true, 0), 30);
        int at = 54;
        for (final byte[] header : headers) {
            frame = Frames.insert(frame, at, header);
            at += header.length;
        }
        frame[14 + 6] = (byte) first;
        Frames.set16(frame, 14 + 4, frame.length - 54);
        Frames.fixTransportChecksum(frame, 14, true, at, true, frame.length - at);
        return frame;
    }

    @Test
    void shouldTakeIpv4AndTcpOptions() {
        fixture.listenToAll();
        byte[] frame = Frames.frame(TCP4, 25);
        frame = Frames.insert(frame, 54, new byte[40]);
        frame = Frames.insert(frame, 34, new byte[40]);
        frame[14] = 0x4F;
        Frames.set16(frame, 16, frame.length - 14);
        frame[74 + 12] = (byte) 0xF0;
        Frames.fixIpv4Checksum(frame, 14, 60);
        Frames.fixTransportChecksum(frame, 14, false, 74, true, frame.length - 74);
        final byte[] options = frame;
        for (int head = 34; head < 74 + 60; head++) {
            assertThat(fixture.outcome(options, head)).as("head " + head).isEqualTo("HEADERS_NOT_IN_FIRST_BUFFER");
        }
        assertThat(fixture.outcome(options, 74 + 60)).isEqualTo("DELIVER");
        assertThat(classify(options, index -> {
        }, index -> assertThat(packets.payloadOffset(index)).isEqualTo(74 + 60))).isEqualTo(Verdict.DELIVER);
    }

    @Test
    void shouldTakeEmptyPayloadsAndUdpShorterThanItsPacket() {
        fixture.listenToAll();
        assertThat(fixture.outcome(Frames.frame(TCP4, 0))).isEqualTo("DELIVER");
        assertThat(fixture.outcome(Frames.frame(UDP4, 0))).isEqualTo("DELIVER");
        final byte[] frame = Frames.frame(UDP4, 20);
        Frames.set16(frame, 34 + 4, 18);
        Frames.fixTransportChecksum(frame, 14, false, 34, false, 18);
        assertThat(fixture.outcome(frame)).as("RFC 768 allows bytes behind it").isEqualTo("DELIVER");
        frame[frame.length - 1]++;
        assertThat(fixture.outcome(frame)).as("which are not summed").isEqualTo("DELIVER");
    }

    @Test
    void shouldRefuseTablesThatDoNotMatchTheLoops() {
        assertThatThrownBy(() -> new FlowClassifier(packets, fixture.rss, fixture.indirection, fixture.listeners,
                new FlowTable[3], FlowFilter.PERMIT_ALL, fixture.drops)).hasMessageContaining("perLoop.length=3");
    }
}
