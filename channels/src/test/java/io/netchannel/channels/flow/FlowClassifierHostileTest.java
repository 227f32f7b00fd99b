package io.netchannel.channels.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.DropReason;
import io.netchannel.channels.flow.Frames.Shape;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Frames that are cut off, that lie, or that are noise. The memory under test fails on any access outside the packet's
 * bytes; every port in these frames has a listener, so whatever is not refused is delivered.
 */
final class FlowClassifierHostileTest {

    private static final Shape TCP4 = new Shape(false, true, 0);
    private static final Shape UDP4 = new Shape(false, false, 0);
    private static final Shape TCP6 = new Shape(true, true, 0);
    private static final Shape UDP6 = new Shape(true, false, 0);
    private static final Shape[] SHAPES = {TCP4, UDP4, TCP6, UDP6, new Shape(false, true, 1),
        new Shape(false, false, 1), new Shape(true, true, 1), new Shape(true, false, 1),
        new Shape(false, true, 2), new Shape(true, false, 2)};

    private final ClassifierFixture fixture = new ClassifierFixture();

    @BeforeEach
    void listen() {
        fixture.listenToAll();
    }

    @AfterEach
    void free() {
        fixture.close();
    }

    @Test
    void shouldDropFramesTruncatedAtEveryByte() {
        for (final Shape shape : SHAPES) {
            final byte[] frame = Frames.frame(shape, 11);
            assertThat(fixture.outcome(frame)).as(shape.toString()).isEqualTo("DELIVER");
            for (int length = 0; length < frame.length; length++) {
                final DropReason expected = length < shape.networkOffset()
                        ? DropReason.TRUNCATED_ETHERNET
                        : length < shape.networkOffset() + (shape.v6() ? 40 : 20)
                                ? DropReason.TRUNCATED_IP
                                : DropReason.BAD_IP_TOTAL_LENGTH;
                assertThat(fixture.outcome(Arrays.copyOf(frame, length))).as(shape + " length " + length)
                        .isEqualTo(expected.name());
            }
        }
    }

    @Test
    void shouldDropPacketsWhoseIpLengthEndsAtEveryByte() {
        for (final Shape shape : SHAPES) {
            final byte[] whole = Frames.frame(shape, 11);
            final int headers = shape.payloadOffset();
            for (int length = shape.transportOffset(); length < whole.length; length++) {
                final byte[] frame = whole.clone();
                final int network = shape.networkOffset();
                Frames.set16(frame, network + (shape.v6() ? 4 : 2), length - network - (shape.v6() ? 40 : 0));
                Frames.fixChecksums(frame, shape);
                assertThat(fixture.outcome(frame)).as(shape + " ends at " + length)
                        .isEqualTo(length < headers
                                ? "TRUNCATED_TRANSPORT"
                                : shape.tcp() ? "BAD_TRANSPORT_CHECKSUM" : "BAD_UDP_LENGTH");
            }
        }
    }

    @Test
    void shouldHoldEveryLengthFieldToItsBounds() {
        for (int ihl = 0; ihl < 16; ihl++) {
            final byte[] frame = Frames.frame(TCP4, 100);
            frame[14] = (byte) (0x40 | ihl);
            Frames.fixIpv4Checksum(frame, 14, ihl * 4);
            final String outcome = fixture.outcome(frame);
            if (ihl < 5) {
                assertThat(outcome).isEqualTo("BAD_IP_HEADER_LENGTH");
            } else if (ihl == 5) {
                assertThat(outcome).isEqualTo("DELIVER");
            } else {
                assertThat(outcome).as("TCP elsewhere: ihl " + ihl).isIn("BAD_TRANSPORT_CHECKSUM", "BAD_DATA_OFFSET");
            }
        }
        for (int dataOffset = 0; dataOffset < 16; dataOffset++) {
            for (final Shape shape : new Shape[]{TCP4, TCP6}) {
                for (final int payload : new int[]{0, 20, 39, 40}) {
                    final byte[] frame = Frames.frame(shape, payload);
                    frame[shape.transportOffset() + 12] = (byte) (dataOffset << 4);
                    Frames.fixChecksums(frame, shape);
                    assertThat(fixture.outcome(frame)).as("%s offset %s payload %s", shape, dataOffset, payload)
                            .isEqualTo(dataOffset < 5 || dataOffset * 4 > 20 + payload ? "BAD_DATA_OFFSET" : "DELIVER");
                }
            }
        }
        for (final int total : new int[]{0, 1, 19, 40 + 101, 0x7FFF, 0xFFFF}) {
            final byte[] frame = Frames.frame(TCP4, 100);
            Frames.set16(frame, 16, total);
            Frames.fixIpv4Checksum(frame, 14, 20);
            assertThat(fixture.outcome(frame)).as("total " + total).isEqualTo("BAD_IP_TOTAL_LENGTH");
        }
        for (final int payload : new int[]{0, 1, 19, 121, 0x7FFF, 0xFFFF}) {
            final byte[] frame = Frames.frame(TCP6, 100);
            Frames.set16(frame, 18, payload);
            assertThat(fixture.outcome(frame)).as("payload " + payload)
                    .isEqualTo(payload < 20 ? "TRUNCATED_TRANSPORT" : "BAD_IP_TOTAL_LENGTH");
        }
        for (final Shape shape : new Shape[]{UDP4, UDP6}) {
            for (final int length : new int[]{0, 1, 7, 109, 0x7FFF, 0xFFFF}) {
                final byte[] frame = Frames.frame(shape, 100);
                Frames.set16(frame, shape.transportOffset() + 4, length);
                Frames.fixChecksums(frame, shape);
                assertThat(fixture.outcome(frame)).as("UDP length " + length).isEqualTo("BAD_UDP_LENGTH");
            }
        }
    }

    @Test
    void shouldHoldTheVersionToTheEtherType() {
        for (int version = 0; version < 16; version++) {
            final byte[] v4 = Frames.frame(TCP4, 30);
            v4[14] = (byte) (version << 4 | 5);
            Frames.fixIpv4Checksum(v4, 14, 20);
            assertThat(fixture.outcome(v4)).isEqualTo(version == 4 ? "DELIVER" : "BAD_IP_VERSION");
            final byte[] v6 = Frames.frame(TCP6, 30);
            v6[14] = (byte) (version << 4);
            assertThat(fixture.outcome(v6)).isEqualTo(version == 6 ? "DELIVER" : "BAD_IP_VERSION");
        }
    }

    @Test
    void shouldVerifyChecksumsUnlessTheDeviceVouchesForThem() {
        for (final Shape shape : SHAPES) {
            final byte[] frame = Frames.frame(shape, 50);
            frame[frame.length - 1] ^= 1;
            assertThat(fixture.outcome(frame)).as(shape.toString()).isEqualTo("BAD_TRANSPORT_CHECKSUM");
            for (final int flag : new int[]{PacketLayout.FLAG_NEEDS_CHECKSUM, PacketLayout.FLAG_CHECKSUM_VALID}) {
                final long packet = fixture.buffers.packet(frame);
                fixture.buffers.packets.flags(PacketHandle.index(packet), flag);
                assertThat(fixture.classifier.classify(packet)).isEqualTo(Verdict.DELIVER);
                fixture.buffers.release(packet);
            }
        }
        final byte[] ip = Frames.frame(TCP4, 50);
        ip[14 + 8]++;
        final long packet = fixture.buffers.packet(ip);
        fixture.buffers.packets.flags(PacketHandle.index(packet), PacketLayout.FLAG_CHECKSUM_VALID);
        assertThat(fixture.classifier.classify(packet)).as("nobody vouches for the IP header").isEqualTo(Verdict.DROP);
        assertThat(fixture.classifier.dropReason()).isEqualTo(DropReason.BAD_IP_CHECKSUM);
        fixture.buffers.release(packet);
    }

    @Test
    void shouldTakeUdpWithoutAChecksumOverIpv4Only() {
        for (final Shape shape : new Shape[]{UDP4, UDP6}) {
            final byte[] frame = Frames.frame(shape, 50);
            Frames.set16(frame, shape.transportOffset() + 6, 0);
            assertThat(fixture.outcome(frame)).isEqualTo(shape.v6() ? "BAD_TRANSPORT_CHECKSUM" : "DELIVER");
        }
        final byte[] partial = Frames.frame(UDP6, 50);
        Frames.set16(partial, UDP6.transportOffset() + 6, 0);
        final long packet = fixture.buffers.packet(partial);
        fixture.buffers.packets.flags(PacketHandle.index(packet), PacketLayout.FLAG_NEEDS_CHECKSUM);
        assertThat(fixture.classifier.classify(packet)).as("a partial sum may be 0").isEqualTo(Verdict.DELIVER);
        fixture.buffers.release(packet);
        final byte[] tcp = Frames.frame(TCP4, 50);
        Frames.set16(tcp, 34 + 16, 0);
        assertThat(fixture.outcome(tcp)).isEqualTo("BAD_TRANSPORT_CHECKSUM");
    }

    @Test
    void shouldDeliverNoPacketInWhichAProtectedBitWasFlipped() {
        for (final Shape shape : SHAPES) {
            final byte[] frame = Frames.frame(shape, 9);
            for (int bit = shape.networkOffset() * 8; bit < frame.length * 8; bit++) {
                final int inNetwork = bit / 8 - shape.networkOffset();
                // RFC 8200: no sum covers class, flow label and hop limit.
                final boolean unprotected = shape.v6()
                        && (inNetwork < 4 && bit >= shape.networkOffset() * 8 + 4 || inNetwork == 7);
                frame[bit / 8] ^= (byte) (0x80 >> bit % 8);
                final int verdict = fixture.classify(frame);
                frame[bit / 8] ^= (byte) (0x80 >> bit % 8);
                assertThat(verdict == Verdict.DELIVER).as("%s, bit %s of byte %s", shape, bit % 8, inNetwork)
                        .isEqualTo(unprotected);
                if (!shape.v6()) {
                    assertThat(verdict).isEqualTo(Verdict.DROP);
                }
            }
        }
    }

    @Test
    void shouldDropBadTagsAndUnknownTypes() {
        final Shape tagged = new Shape(false, true, 1);
        final Shape twice = new Shape(false, true, 2);
        assertThat(tagged(tagged, 14, 0x6FFF)).isEqualTo("BAD_VLAN_TAG");
        assertThat(tagged(twice, 14, 0x0FFF)).isEqualTo("BAD_VLAN_TAG");
        assertThat(tagged(twice, 18, 0x0FFF)).isEqualTo("BAD_VLAN_TAG");
        assertThat(tagged(twice, 12, 0x8100)).as("two customer tags").isEqualTo("BAD_VLAN_TAG");
        assertThat(tagged(twice, 16, 0x88A8)).as("two service tags").isEqualTo("BAD_VLAN_TAG");
        assertThat(tagged(twice, 20, 0x8100)).as("three tags").isEqualTo("BAD_VLAN_TAG");
        assertThat(tagged(tagged, 14, 0xE000)).as("a priority tag").isEqualTo("DELIVER");
        assertThat(tagged(twice, 14, 0xE000)).as("a service tag without VLAN").isEqualTo("DELIVER");
        assertThat(tagged(twice, 14, 8)).as("another service VLAN").isEqualTo("UNKNOWN_SERVICE_VLAN");
        assertThat(tagged(TCP4, 12, 0x88CC)).isEqualTo("UNSUPPORTED_ETHERTYPE");
        assertThat(tagged(TCP4, 12, 100)).as("a length: IEEE 802.3").isEqualTo("UNSUPPORTED_ETHERTYPE");
        final byte[] arp = new byte[14 + 28];
        Frames.set16(arp, 12, 0x0806);
        for (int length = 14; length < arp.length; length++) {
            assertThat(fixture.outcome(Arrays.copyOf(arp, length))).isEqualTo("TRUNCATED_ARP");
        }
        assertThat(fixture.outcome(arp, 41)).isEqualTo("HEADERS_NOT_IN_FIRST_BUFFER");
    }

    private String tagged(final Shape shape, final int at, final int value) {
        final byte[] frame = Frames.frame(shape, 9);
        Frames.set16(frame, at, value);
        return fixture.outcome(frame);
    }

    @Test
    void shouldDropAddressesThatMayNotBeOnALink() {
        final int[][] bad4 = {{0x7F00_0001, 1}, {1, 0x7FFF_FFFF}, {0xE000_0001, 1}, {-1, 1}, {1, 0}};
        for (final int[] pair : bad4) {
            assertThat(addressed(UDP4, pair[0], pair[1])).as(Integer.toHexString(pair[0])).isEqualTo("BAD_ADDRESS");
        }
        assertThat(addressed(UDP4, 0, -1)).as("DHCP").isEqualTo("DELIVER");
        assertThat(addressed(UDP4, 1, 0xE000_00FB)).as("to a group").isEqualTo("DELIVER");
        assertThat(addressed(TCP4, 1, 0xE000_00FB)).isEqualTo("BAD_ADDRESS");
        assertThat(addressed(TCP4, 1, -1)).isEqualTo("BAD_ADDRESS");
        assertThat(addressed(TCP4, 0, 1)).isEqualTo("BAD_ADDRESS");
        final long group = 0xFF02L << 48;
        final long mapped = FlowKey.v4Mapped(Frames.SOURCE_V4);
        assertThat(addressed(UDP6, group, 1, 1, 1)).isEqualTo("BAD_ADDRESS");
        assertThat(addressed(UDP6, 1, 1, group, 1)).isEqualTo("DELIVER");
        assertThat(addressed(TCP6, 1, 1, group, 1)).isEqualTo("BAD_ADDRESS");
        assertThat(addressed(TCP6, 0, 0, 1, 1)).isEqualTo("BAD_ADDRESS");
        assertThat(addressed(UDP6, 0, 1, 1, 1)).as("loopback").isEqualTo("BAD_ADDRESS");
        assertThat(addressed(UDP6, 1, 1, 0, 1)).isEqualTo("BAD_ADDRESS");
        assertThat(addressed(UDP6, 1, 1, 0, 0)).isEqualTo("BAD_ADDRESS");
        assertThat(addressed(UDP6, 0, mapped, 1, 1)).as("would pass for IPv4").isEqualTo("BAD_ADDRESS");
        assertThat(addressed(UDP6, 1, 1, 0, mapped)).isEqualTo("BAD_ADDRESS");
    }

    private String addressed(final Shape shape, final int source, final int destination) {
        final byte[] frame = Frames.frame(shape, 9);
        Frames.set32(frame, 14 + 12, source);
        Frames.set32(frame, 14 + 16, destination);
        Frames.fixChecksums(frame, shape);
        return fixture.outcome(frame);
    }

    private String addressed(final Shape shape, final long sourceHigh, final long sourceLow, final long destinationHigh,
            final long destinationLow) {
        final byte[] frame = Frames.frame(shape, 9);
        Frames.set64(frame, 14 + 8, sourceHigh);
        Frames.set64(frame, 14 + 16, sourceLow);
        Frames.set64(frame, 14 + 24, destinationHigh);
        Frames.set64(frame, 14 + 32, destinationLow);
        Frames.fixChecksums(frame, shape);
        return fixture.outcome(frame);
    }

    @Test
    void shouldCountEveryOneOfAMillionRandomFramesAndReadNothingBeyondThem() {
        final long seed = 0x5EEDL;
        final Random random = new Random(seed);
        final long[] seen = new long[Verdict.COUNT];
        for (int i = 0; i < 1_000_000; i++) {
            final byte[] frame = (i & 1) == 0 ? noise(random) : mutated(random);
            final int[] parts = random.nextInt(4) > 0
                    ? new int[0]
                    : new int[]{random.nextInt(120), random.nextInt(40)};
            final long packet = fixture.buffers.packet(frame, parts);
            final int index = PacketHandle.index(packet);
            if (random.nextInt(8) == 0) {
                fixture.buffers.packets.flags(index, random.nextInt(32));
                fixture.buffers.packets.gso(index, random.nextInt(6), random.nextInt(1500));
            }
            try {
                final int verdict = fixture.classifier.classify(packet);
                seen[verdict]++;
                checkMetadata(packet, verdict);
            } catch (final RuntimeException | AssertionError failed) {
                throw new AssertionError("seed " + seed + " frame " + i + " parts " + Arrays.toString(parts), failed);
            }
            fixture.buffers.release(packet);
        }
        assertThat(fixture.classifier.offered()).isEqualTo(1_000_000);
        assertThat(Arrays.stream(seen).sum()).isEqualTo(1_000_000);
        for (int verdict = 0; verdict < Verdict.COUNT; verdict++) {
            assertThat(fixture.classifier.count(verdict)).isEqualTo(seen[verdict]);
            assertThat(seen[verdict]).as(Verdict.toString(verdict)).isGreaterThan(100);
        }
        assertThat(fixture.drops.total()).as(fixture.drops.toString()).isEqualTo(seen[Verdict.DROP]);
    }

    private void checkMetadata(final long packet, final int verdict) {
        if (verdict == Verdict.DROP) {
            assertThat(fixture.classifier.dropReason()).isNotNull();
            return;
        }
        final PacketMemory packets = fixture.buffers.packets;
        final int index = PacketHandle.index(packet);
        final int end = packets.networkOffset(index) + packets.networkLengthBytes(index);
        final boolean fits = end <= packets.frameBytes(packet) && packets.transportOffset(index) <= end
                && packets.payloadOffset(index) <= Math.min(end, PacketHandle.lengthBytes(packet));
        if (!fits || verdict == Verdict.DELIVER && packets.payloadOffset(index) < packets.transportOffset(index) + 8) {
            throw new AssertionError("metadata beyond the packet");
        }
    }

    private static byte[] noise(final Random random) {
        final byte[] frame = new byte[random.nextInt(160)];
        random.nextBytes(frame);
        if (frame.length > 14 && random.nextInt(8) > 0) {
            final int[] types = {0x0800, 0x86DD, 0x0806, 0x8100, 0x88A8};
            Frames.set16(frame, 12, types[random.nextInt(types.length)]);
            frame[14] = (byte) (random.nextInt(4) > 0 ? random.nextBoolean() ? 0x45 : 0x60 : frame[14]);
        }
        return frame;
    }

    private static byte[] mutated(final Random random) {
        final Shape shape = SHAPES[random.nextInt(SHAPES.length)];
        byte[] frame = Frames.frame(shape, random.nextInt(60));
        for (int i = random.nextInt(4); i > 0; i--) {
            final int at = random.nextInt(Math.min(frame.length, shape.payloadOffset()));
            final byte[] extremes = {0, 1, 0x7F, (byte) 0x80, (byte) 0xFF, (byte) random.nextInt()};
            frame[at] = extremes[random.nextInt(extremes.length)];
        }
        if (!shape.v6() && random.nextInt(4) > 0) {
            // So that more than the checksum is tried.
            final int headerBytes = (frame[shape.networkOffset()] & 0xF) * 4;
            if (shape.networkOffset() + headerBytes <= frame.length && headerBytes >= 20) {
                Frames.fixIpv4Checksum(frame, shape.networkOffset(), headerBytes);
            }
        }
        if (random.nextInt(4) == 0) {
            frame = Arrays.copyOf(frame, random.nextInt(frame.length + 8));
        }
        return frame;
    }
}
