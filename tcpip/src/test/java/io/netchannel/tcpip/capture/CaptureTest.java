package io.netchannel.tcpip.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.ip.InterfaceConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureTest {

    private static final String MAC = "02:00:00:00:00:01";
    private static final String PEER_MAC = "02:00:00:00:00:02";
    private static final int BUFFER_BYTES = 1 << 16;

    private final TestHost host = new TestHost(
            NetStackConfig.of(InterfaceConfig.of(MAC, "10.7.0.1/24", "fd00::1/64")), TestHost.PLAIN, 512, 2048, 1);
    private final List<CaptureBuffer> buffers = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private final List<byte[]> bytes = new ArrayList<>();

    @AfterEach
    void close() {
        host.close();
        buffers.forEach(CaptureBuffer::close);
    }

    private CaptureBuffer capture(final String filter, final int snapBytes) {
        host.pollUntil(5_000_000_000L);
        final CaptureBuffer buffer = new CaptureBuffer(CaptureFilter.parse(filter), snapBytes, BUFFER_BYTES, null);
        buffers.add(buffer);
        host.stack().captures().attach(buffer);
        return buffer;
    }

    private void drain(final CaptureBuffer buffer) {
        while (buffer.drain((timeNs, outbound, address, captured, length) -> {
            final byte[] copy = new byte[captured];
            buffer.memory().copyToArray(address, copy, 0, captured);
            bytes.add(copy);
            seen.add(timeNs / 1_000_000_000 + (outbound ? " out " : " in ") + captured + "/" + length);
        }, 16) > 0) {
            // Until it is empty.
        }
    }

    private static byte[] udp(final int port, final int payloadBytes) {
        return Frames.ethernet(MAC, PEER_MAC, 0x0800, Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.UDP,
                Frames.udp("10.7.0.2", "10.7.0.1", 5000, port, Frames.pattern(payloadBytes))));
    }

    private static byte[] arp() {
        return Frames.ethernet("ff:ff:ff:ff:ff:ff", PEER_MAC, 0x0806, Frames.arp(1, PEER_MAC, "10.7.0.2",
                "00:00:00:00:00:00", "10.7.0.1"));
    }

    @Test
    void shouldShowFramesInBothDirections() {
        final CaptureBuffer buffer = capture("", 1000);
        final byte[] request = arp();
        final byte[] reply = host.receive(request).getFirst().bytes();
        drain(buffer);
        assertThat(seen).containsExactly("5 in 42/42", "5 out 42/42");
        assertThat(bytes.get(0)).containsExactly(request);
        assertThat(bytes.get(1)).containsExactly(reply);
    }

    @Test
    void shouldCutAtTheSnapLengthAndJoinSlices() {
        final CaptureBuffer buffer = capture("", 100);
        host.receiveBufferBytes(60);
        final byte[] frame = udp(9, 200);
        host.receive(frame);
        drain(buffer);
        assertThat(seen.getFirst()).isEqualTo("5 in 100/242");
        assertThat(bytes.getFirst()).containsExactly(Arrays.copyOf(frame, 100));
    }

    @Test
    void shouldStopWhenDetached() {
        final CaptureBuffer buffer = capture("", 100);
        host.stack().captures().detach(buffer);
        assertThat(host.stack().captures().isActive()).isFalse();
        host.receive(arp());
        drain(buffer);
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldCountWhatFindsNoRoomAndGoOnAfterwards(final long seed) {
        final CaptureBuffer buffer = capture("", 2000);
        final SplittableRandom random = new SplittableRandom(seed);
        int sent = 0;
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 100; i++) {
                host.receive(udp(9, random.nextInt(1, 1400)));
                sent++;
            }
            drain(buffer);
        }
        final long in = seen.stream().filter(line -> line.contains(" in ")).count();
        assertThat(buffer.dropped()).as("seed %s", seed).isPositive();
        assertThat(buffer.accepted() - buffer.dropped()).as("seed %s", seed).isEqualTo(seen.size());
        assertThat(in).isLessThan(sent).isGreaterThan(20 * 40);
        for (final byte[] frame : bytes) {
            final boolean inbound = frame[5] == 1;
            assertThat(!inbound || Arrays.equals(frame, udp(9, frame.length - 42))).as("seed %s", seed).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"'',true,true", "udp,true,false", "arp,false,true", "ip,true,false", "ip6,false,false",
        "tcp,false,false", "not udp,false,true", "port 7,true,false", "dst port 7,true,false",
        "src port 7,false,false", "src port 5000 and udp,true,false", "host 10.7.0.2,true,false",
        "dst host 10.7.0.2,false,false", "net 10.7.0.0/24 and not port 8,true,false", "net fd00::/8,false,false"})
    void shouldFilter(final String filter, final boolean takesUdp, final boolean takesArp) {
        final CaptureBuffer buffer = capture(filter.isEmpty() ? filter : filter + " and not icmp and not src port 1",
                1000);
        host.receive(udp(7, 10));
        drain(buffer);
        assertThat(seen.stream().anyMatch(line -> line.contains("in"))).as(filter).isEqualTo(takesUdp);
        seen.clear();
        host.receive(arp());
        drain(buffer);
        assertThat(seen.stream().anyMatch(line -> line.contains("in"))).as(filter).isEqualTo(takesArp);
    }

    @ParameterizedTest
    @CsvSource({"tcp or udp,or", "tcp and,too early", "host,too early", "host nowhere,nowhere", "port 65536,65536",
        "port x,port x", "frob,frob", "src tcp,tcp", "net 10.7.0.1,10.7.0.1"})
    void shouldNameWhatItDoesNotUnderstand(final String filter, final String named) {
        assertThatThrownBy(() -> CaptureFilter.parse(filter)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }

    @Test
    void shouldRefuseBadSizes() {
        assertThatThrownBy(() -> new CaptureBuffer(CaptureFilter.ALL, 0, 1 << 16, null))
                .hasMessage("snapBytes=0 is not within 1..262144");
        assertThatThrownBy(() -> new CaptureBuffer(CaptureFilter.ALL, 1, 1000, null))
                .hasMessageContaining("bufferBytes=1000");
    }

    @Test
    void shouldReadHeadersOfAnyFrameWithoutReadingBeyondIt() {
        final SplittableRandom random = new SplittableRandom(11);
        final FrameSummary summary = new FrameSummary();
        try (Arena arena = Arena.ofConfined()) {
            for (int i = 0; i < 20_000; i++) {
                final byte[] frame = Arrays.copyOf(udp(7, 20), random.nextInt(63));
                for (int n = random.nextInt(4); n > 0 && frame.length > 0; n--) {
                    frame[random.nextInt(frame.length)] = (byte) random.nextInt();
                }
                final long address = arena.allocate(64).address();
                host.pool().packets().memory().copyFromArray(frame, 0, address, frame.length);
                summary.read(host.pool().packets().memory(), address, frame.length);
                assertThat(summary.sourcePort).isBetween(-1, 65535);
                assertThat(frame.length >= 38 || summary.sourcePort == -1).isTrue();
            }
        }
    }

    // -- the file

    @Test
    void shouldWriteBlocksThatFitTogether() throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PcapngWriter writer = new PcapngWriter(out, "node", 1000, "tcp")) {
            writer.frame(0x1122_3344_5566_7788L, false, new byte[]{1, 2, 3, 4, 5}, 5, 99);
            writer.frame(2, true, Frames.pattern(70_000), 70_000, 70_000);
            writer.statistics(1, 3, 12, 10);
            assertThat(writer.frames()).isEqualTo(2);
        }
        final ByteBuffer file = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        final List<ByteBuffer> blocks = new ArrayList<>();
        while (file.hasRemaining()) {
            final int start = file.position();
            final int total = file.getInt(start + 4);
            assertThat(total % 4).isZero();
            assertThat(file.getInt(start + total - 4)).isEqualTo(total);
            blocks.add(file.slice(start, total).order(ByteOrder.LITTLE_ENDIAN));
            file.position(start + total);
        }
        assertThat(blocks.stream().map(block -> block.getInt(0))).containsExactly(0x0A0D0D0A, 1, 6, 6, 5);
        assertThat(blocks.get(0).getInt(8)).isEqualTo(0x1A2B3C4D);
        assertThat(blocks.get(1).getShort(8)).as("Ethernet").isEqualTo((short) 1);
        assertThat(option(blocks.get(1), 16, 9)).containsExactly(9);
        assertThat(option(blocks.get(1), 16, 11)).containsExactly(0, 't', 'c', 'p');
        final ByteBuffer packet = blocks.get(2);
        assertThat(packet.getInt(12)).isEqualTo(0x1122_3344);
        assertThat(packet.getInt(16)).isEqualTo(0x5566_7788);
        assertThat(packet.getInt(20)).isEqualTo(5);
        assertThat(packet.getInt(24)).isEqualTo(99);
        assertThat(option(packet, 28 + 8, 2)).containsExactly(1, 0, 0, 0);
        assertThat(option(blocks.get(3), 28 + 70_000, 2)).containsExactly(2, 0, 0, 0);
        assertThat(option(blocks.get(4), 20, 4)).containsExactly(12, 0, 0, 0, 0, 0, 0, 0);
        assertThat(option(blocks.get(4), 20, 7)).containsExactly(10, 0, 0, 0, 0, 0, 0, 0);
    }

    private static byte[] option(final ByteBuffer block, final int from, final int code) {
        int at = from;
        while (block.getShort(at) != code) {
            assertThat(block.getShort(at)).as("option %s", code).isNotZero();
            at += 4 + (block.getShort(at + 2) + 3 & -4);
        }
        final byte[] value = new byte[block.getShort(at + 2)];
        block.get(at + 4, value);
        return value;
    }
}
