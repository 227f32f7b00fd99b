package io.netchannel.virtio.net;

import static io.netchannel.virtio.net.VirtioNetHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.Region;
import io.netchannel.virtio.support.Frame;
import io.netchannel.virtio.support.FrameFactory;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments against a reader that shares no code with the cutter. */
class SoftwareSegmentationTest {

    private static final int MSS = 1000;

    private final Region region = Region.create("test", 4 << 20);
    private final PacketPool pool = new PacketPool(new PacketMemory(region, 128, 4096));
    private final PacketMemory packets = pool.packets();
    private final FrameFactory factory = new FrameFactory(pool);
    private final FrameCopier copier = new FrameCopier();
    private final Collector target = new Collector();
    private final VirtioNetHeader header = new VirtioNetHeader();

    @AfterEach
    void close() {
        pool.checkNoLeaks();
        region.close();
    }

    /** Takes frames as bytes, for as long as it is let. */
    private final class Collector implements FrameTarget {

        private final List<Frame> frames = new ArrayList<>();
        private final List<VirtioNetHeader> headers = new ArrayList<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int room = Integer.MAX_VALUE;
        private int announced;

        @Override
        public int begin(final int frameBytes, final VirtioNetHeader frameHeader) {
            if (room == 0) {
                return NO_ROOM;
            }
            room--;
            announced = frameBytes;
            bytes.reset();
            headers.add(new VirtioNetHeader().clear().copy(frameHeader));
            return READY;
        }

        @Override
        public void write(final long sourceAddress, final int lengthBytes) {
            final byte[] part = new byte[lengthBytes];
            packets.memory().copyToArray(sourceAddress, part, 0, lengthBytes);
            bytes.writeBytes(part);
        }

        @Override
        public void end() {
            assertThat(bytes.size()).isEqualTo(announced);
            frames.add(new Frame(bytes.toByteArray()));
        }
    }

    private FrameView view(final long packet) {
        final int head = PacketHandle.index(packet);
        final FrameView view = new FrameView(packets.memory(), 32);
        view.add(packets.address(packet), PacketHandle.lengthBytes(packet));
        for (int i = 0; i < packets.sliceCount(head); i++) {
            view.add(packets.address(packets.slice(head, i)), PacketHandle.lengthBytes(packets.slice(head, i)));
        }
        header.clear();
        header.flags(FLAG_NEEDS_CSUM);
        header.checksum(packets.checksumStart(head), packets.checksumOffset(head));
        header.gso(packets.gsoType(head), false, packets.gsoSizeBytes(head), 0);
        return view;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCutASuperFrameIntoRightSegments(final boolean ipv6) {
        final Random random = new Random(5);
        for (int round = 0; round < 60; round++) {
            final int payload = 1 + random.nextInt(30_000);
            final int first = random.nextInt();
            final int sliceBytes = payload > 16 * 2000 ? 3999 : 2001;
            factory.ipv6(ipv6).gso(MSS, false).sliceBytes(sliceBytes)
                    .flags(FrameFactory.ACK | FrameFactory.PSH | FrameFactory.FIN | FrameFactory.CWR);
            final long packet = factory.tcp(first, payload);
            target.frames.clear();
            assertThat(copier.copy(view(packet), header, 0, target)).isEqualTo(FrameTarget.READY);
            check(first, payload, ipv6);
            pool.releasePacket(packet);
        }
    }

    private void check(final int first, final int payload, final boolean ipv6) {
        final int count = (payload + MSS - 1) / MSS;
        assertThat(target.frames).hasSize(count);
        int sequence = first;
        for (int i = 0; i < count; i++) {
            final Frame frame = target.frames.get(i);
            assertThat(frame.sequence()).isEqualTo(sequence);
            assertThat(frame.lengthByIp()).isEqualTo(frame.length());
            assertThat(frame.isIpChecksumRight()).isTrue();
            assertThat(frame.isTransportChecksumRight()).as("segment %d of %d", i, count).isTrue();
            if (!ipv6) {
                assertThat(frame.ipId()).isEqualTo(0xFFF0 + i & 0xFFFF);
            }
            final int flags = FrameFactory.ACK | (i == 0 ? FrameFactory.CWR : 0)
                    | (i == count - 1 ? FrameFactory.PSH | FrameFactory.FIN : 0);
            assertThat(frame.tcpFlags()).isEqualTo(flags);
            final byte[] bytes = frame.payload();
            assertThat(bytes).hasSize(i < count - 1 ? MSS : payload - (count - 1) * MSS);
            for (int at = 0; at < bytes.length; at++) {
                assertThat(bytes[at]).isEqualTo(FrameFactory.payloadAt(sequence + at));
            }
            sequence += bytes.length;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCutAUdpSuperFrameIntoRightDatagrams(final boolean ipv6) {
        final long seed = 6;
        final Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            final int payload = 1 + random.nextInt(30_000);
            final int size = 1 + random.nextInt(1400);
            factory.ipv6(ipv6).gso(size, false).sliceBytes(payload > 16 * 2000 ? 3999 : 2001);
            final long packet = factory.udp(round, payload);
            target.frames.clear();
            assertThat(copier.copy(view(packet), header, 0, target)).isEqualTo(FrameTarget.READY);
            checkDatagrams(round, payload, size, "seed " + seed + " round " + round);
            pool.releasePacket(packet);
        }
    }

    private void checkDatagrams(final int first, final int payload, final int size, final String what) {
        final int count = (payload + size - 1) / size;
        assertThat(target.frames).as(what).hasSize(count);
        for (int i = 0; i < count; i++) {
            final Frame frame = target.frames.get(i);
            final byte[] bytes = frame.payload();
            assertThat(bytes).as(what).hasSize(i < count - 1 ? size : payload - (count - 1) * size);
            assertThat(frame.udpLength()).as(what).isEqualTo(8 + bytes.length);
            assertThat(frame.lengthByIp()).isEqualTo(frame.length());
            assertThat(frame.isIpChecksumRight()).isTrue();
            assertThat(frame.isTransportChecksumRight()).as("%s, datagram %d", what, i).isTrue();
            if (!frame.isIpv6()) {
                assertThat(frame.ipId()).isEqualTo(0xFFF0 + i & 0xFFFF);
            }
            for (int at = 0; at < bytes.length; at++) {
                assertThat(bytes[at]).isEqualTo(FrameFactory.payloadAt(first + i * size + at));
            }
        }
    }

    @Test
    void shouldNotSendADatagramThatSeemsToHaveNoChecksum() {
        long packet = factory.gso(MSS, false).sourcePort(1).udp(3, 2 * MSS);
        copier.copy(view(packet), header, 0, target);
        // A port that is greater by the checksum makes it 0, which stands for "none".
        final int port = 1 + target.frames.getFirst().udpChecksum();
        pool.releasePacket(packet);
        target.frames.clear();
        packet = factory.sourcePort(port).udp(3, 2 * MSS);
        copier.copy(view(packet), header, 0, target);
        assertThat(target.frames.getFirst().udpChecksum()).isEqualTo(0xFFFF);
        assertThat(target.frames.getFirst().isTransportChecksumRight()).isTrue();
        pool.releasePacket(packet);
    }

    @Test
    void shouldRefuseWhatIsNotTheUdpSuperFrameItIsSaidToBe() {
        final long packet = factory.gso(MSS, false).sliceBytes(0).udp(9, 2500);
        final Frame frame = new Frame(packets, packet);
        // Offset in the frame, the value that spoils it, and where the checksum is said to be.
        final int[][] lies = {{12, 0x86, 34, 6}, {14, 0x65, 34, 6}, {14, 0x46, 34, 6}, {20, 0x20, 34, 6},
            {23, 6, 34, 6}, {23, 17, 34, 16}, {23, 17, 38, 6}, {23, 17, 60_000, 6}};
        for (final int[] lie : lies) {
            final byte[] bytes = frame.bytes().clone();
            bytes[lie[0]] = (byte) lie[1];
            final long address = region.allocate(bytes.length, 8);
            packets.memory().copyFromArray(bytes, 0, address, bytes.length);
            final FrameView view = new FrameView(packets.memory(), 1);
            view.add(address, bytes.length);
            view(packet);
            header.checksum(lie[2], lie[3]);
            assertThat(copier.copy(view, header, 0, target)).as("%s", Arrays.toString(lie))
                    .isEqualTo(FrameCopier.BAD_GSO);
        }
        assertThat(target.frames).isEmpty();
        pool.releasePacket(packet);
    }

    @Test
    void shouldCutUdpForAReceiverOfOneFamilyOnly() {
        final long packet = factory.gso(MSS, false).udp(1, 2500);
        final long one = VirtioFeature.of(VirtioFeature.GUEST_CSUM, VirtioFeature.GUEST_USO4);
        copier.copy(view(packet), header, one, target);
        assertThat(target.frames).hasSize(3);
        target.frames.clear();
        copier.copy(view(packet), header, one | VirtioFeature.GUEST_USO6.mask(), target);
        assertThat(target.frames).hasSize(1);
        assertThat(target.headers.getLast().gsoType()).isEqualTo(GSO_UDP_L4);
        pool.releasePacket(packet);
    }

    @Test
    void shouldVouchForNothing() {
        final long packet = factory.gso(MSS, false).tcp(1, 2500);
        copier.copy(view(packet), header, 0, target);
        assertThat(target.headers).hasSize(3).allSatisfy(written -> {
            assertThat(written.needsChecksum()).isFalse();
            assertThat(written.isChecksumValid()).isFalse();
            assertThat(written.isGso()).isFalse();
        });
        pool.releasePacket(packet);
    }

    @Test
    void shouldGoOnWhereItStoppedWhenThereWasNoRoom() {
        final long packet = factory.gso(MSS, false).tcp(77, 5500);
        target.room = 2;
        assertThat(copier.copy(view(packet), header, 0, target)).isEqualTo(FrameTarget.NO_ROOM);
        assertThat(copier.copy(view(packet), header, 0, target)).isEqualTo(FrameTarget.NO_ROOM);
        target.room = 3;
        assertThat(copier.copy(view(packet), header, 0, target)).isEqualTo(FrameTarget.NO_ROOM);
        target.room = 1;
        assertThat(copier.copy(view(packet), header, 0, target)).isEqualTo(FrameTarget.READY);
        assertThat(target.frames.stream().map(Frame::sequence)).containsExactly(77, 1077, 2077, 3077, 4077, 5077);
        pool.releasePacket(packet);
    }

    @Test
    void shouldStartAnewAfterForgetting() {
        final long packet = factory.gso(MSS, false).tcp(77, 2500);
        target.room = 2;
        copier.copy(view(packet), header, 0, target);
        copier.forget();
        target.room = 9;
        target.frames.clear();
        copier.copy(view(packet), header, 0, target);
        assertThat(target.frames.stream().map(Frame::sequence)).containsExactly(77, 1077, 2077);
        pool.releasePacket(packet);
    }

    @Test
    void shouldCutThroughAVlanTag() {
        final long packet = factory.gso(MSS, false).sliceBytes(0).tcp(9, 2500);
        final Frame plain = new Frame(packets, packet);
        final byte[] tagged = new byte[plain.length() + 4];
        System.arraycopy(plain.bytes(), 0, tagged, 0, 12);
        tagged[12] = (byte) 0x81;
        tagged[15] = 5;
        System.arraycopy(plain.bytes(), 12, tagged, 16, plain.length() - 12);
        final long address = region.allocate(tagged.length, 8);
        packets.memory().copyFromArray(tagged, 0, address, tagged.length);
        final FrameView view = new FrameView(packets.memory(), 1);
        view.add(address, tagged.length);
        view(packet);
        header.checksum(header.checksumStart() + 4, 16);
        assertThat(copier.copy(view, header, 0, target)).isEqualTo(FrameTarget.READY);
        assertThat(target.frames).hasSize(3).allSatisfy(frame -> {
            assertThat(frame.u16(12)).isEqualTo(0x8100);
            assertThat(frame.u16(14)).isEqualTo(5);
            final byte[] bytes = frame.bytes();
            final byte[] untagged = new byte[bytes.length - 4];
            System.arraycopy(bytes, 0, untagged, 0, 12);
            System.arraycopy(bytes, 16, untagged, 12, bytes.length - 16);
            assertThat(new Frame(untagged).isTransportChecksumRight()).isTrue();
            assertThat(new Frame(untagged).isIpChecksumRight()).isTrue();
        });
        pool.releasePacket(packet);
    }

    @Test
    void shouldRefuseWhatIsNotTheSuperFrameItIsSaidToBe() {
        final long packet = factory.gso(MSS, false).sliceBytes(0).tcp(9, 2500);
        // Offset in the frame, and the value that spoils it: EtherType, version, IHL, fragment, protocol, data offset.
        final int[][] lies = {{12, 0x86}, {14, 0x65}, {14, 0x46}, {20, 0x20}, {23, 17}, {46, 0x40}, {46, 0xF0}};
        for (final int[] lie : lies) {
            final Frame frame = new Frame(packets, packet);
            final byte[] bytes = Arrays.copyOf(frame.bytes(), lie[0] == 46 && lie[1] == 0xF0 ? 60 : frame.length());
            bytes[lie[0]] = (byte) lie[1];
            final long address = region.allocate(bytes.length, 8);
            packets.memory().copyFromArray(bytes, 0, address, bytes.length);
            final FrameView view = new FrameView(packets.memory(), 1);
            view.add(address, bytes.length);
            view(packet);
            assertThat(copier.copy(view, header, 0, target)).as("byte %d = %d", lie[0], lie[1])
                    .isEqualTo(FrameCopier.BAD_GSO);
        }
        assertThat(target.frames).isEmpty();
        pool.releasePacket(packet);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCompleteAPartialChecksum(final boolean ipv6) {
        for (int payload = 0; payload < 600; payload += 37) {
            final long packet = factory.ipv6(ipv6).sliceBytes(101).tcp(payload * 1000, payload);
            target.frames.clear();
            assertThat(copier.copy(view(packet), header, 0, target)).isEqualTo(FrameTarget.READY);
            assertThat(target.frames).hasSize(1);
            assertThat(target.frames.getFirst().isTransportChecksumRight()).isTrue();
            assertThat(target.frames.getFirst().length()).isEqualTo(packets.frameBytes(packet));
            pool.releasePacket(packet);
        }
    }

    @Test
    void shouldLeaveAFrameAloneThatTheReceiverAccepts() {
        final long packet = factory.gso(MSS, false).tcp(1, 5000);
        final long accepted = VirtioFeature.of(VirtioFeature.GUEST_CSUM, VirtioFeature.GUEST_TSO4);
        assertThat(copier.copy(view(packet), header, accepted, target)).isEqualTo(FrameTarget.READY);
        assertThat(target.frames).hasSize(1);
        assertThat(target.headers.getFirst().gsoSizeBytes()).isEqualTo(MSS);
        assertThat(target.headers.getFirst().needsChecksum()).isTrue();
        pool.releasePacket(packet);
    }
}
