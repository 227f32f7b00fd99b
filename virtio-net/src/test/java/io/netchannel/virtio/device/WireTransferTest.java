package io.netchannel.virtio.device;

import static io.netchannel.virtio.net.VirtioFeature.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.virtio.driver.DriverCounter;
import io.netchannel.virtio.driver.VirtioNetDriverConfig;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.support.Frame;
import io.netchannel.virtio.support.FrameFactory;
import io.netchannel.virtio.support.Receiver;
import io.netchannel.virtio.support.TestNode;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Driver, wire, driver: a stream of frames of all shapes arrives whole, whatever each side has negotiated. */
class WireTransferTest {

    private static final int MSS = 1400;
    private static final int STREAM_BYTES = 400_000;
    private static final VirtioFeature[][] GROUPS = {
        {RING_PACKED}, {EVENT_IDX}, {INDIRECT_DESC}, {MRG_RXBUF}, {CSUM, GUEST_CSUM},
        {GUEST_TSO4, GUEST_TSO6, GUEST_ECN, HOST_TSO4, HOST_TSO6, HOST_ECN}};

    static IntStream combinations() {
        return IntStream.range(0, 1 << GROUPS.length);
    }

    // Each set against itself, and against another one chosen by its number.
    @ParameterizedTest
    @MethodSource("combinations")
    void shouldCarryAStreamWhateverIsNegotiated(final int missing) {
        transfer(missing, missing, missing);
        transfer(missing, new Random(missing).nextInt(1 << GROUPS.length), missing);
    }

    private static VirtioNetDriverConfig without(final int missing) {
        VirtioNetDriverConfig config = VirtioNetDriverConfig.DEFAULT;
        for (int i = 0; i < GROUPS.length; i++) {
            if ((missing >>> i & 1) != 0) {
                config = config.without(GROUPS[i]);
            }
        }
        return config;
    }

    private static void transfer(final int missingAtSender, final int missingAtReceiver, final long seed) {
        try (TestNode a = new TestNode(VirtioNetDeviceConfig.of(0x0200_0000_0001L));
                TestNode b = new TestNode(VirtioNetDeviceConfig.of(0x0200_0000_0002L))) {
            final Wire wire = new Wire(a.device(), b.device(), WireConfig.lossless());
            a.open(without(missingAtSender));
            b.open(without(missingAtReceiver));
            assertThat(isPacked(b)).isEqualTo((missingAtReceiver & 1) == 0);
            final Receiver receiver = new Receiver(b.pool());
            final Stream stream = new Stream(a, new Random(seed));
            final Poller lane = wire.lane(b.device(), 0);
            for (int turn = 0; turn < 5000 && stream.sequence < STREAM_BYTES; turn++) {
                stream.send();
                lane.poll(turn);
                b.pair().pollReceive(receiver, 64);
                a.pair().reclaimTransmitted();
            }
            for (int turn = 0; turn < 20; turn++) {
                lane.poll(turn);
                b.pair().pollReceive(receiver, 64);
            }
            check(receiver, b.driver().features(), stream);
            assertThat(a.pair().counters().get(DriverCounter.TRANSMIT_DROPPED_BAD_PACKET)).isZero();
            a.closeAndCheck();
            b.closeAndCheck();
        }
    }

    private static boolean isPacked(final TestNode node) {
        return RING_PACKED.in(node.driver().features());
    }

    /** Sends frames of random sizes and shapes, as far as the link takes them. */
    private static final class Stream {

        private final TestNode node;
        private final Random random;
        private final FrameFactory factory;
        private final LinkCapabilities link;
        private long refused = -1;
        private int sequence;
        private int superFrames;

        Stream(final TestNode node, final Random random) {
            this.node = node;
            this.random = random;
            this.factory = new FrameFactory(node.pool());
            this.link = node.pair().capabilities();
        }

        void send() {
            for (int i = 0; i < 8 && sequence < STREAM_BYTES; i++) {
                if (refused < 0) {
                    refused = next();
                }
                if (!node.pair().transmit(refused)) {
                    break;
                }
                refused = -1;
            }
            node.pair().flush();
        }

        private long next() {
            final boolean ipv6 = random.nextBoolean();
            final boolean tso = ipv6 ? link.tsoIpv6() : link.tsoIpv4();
            final boolean large = tso && random.nextInt(3) == 0;
            final int room = Math.max(1, Math.min(link.maxSlices(), 16)) * 4000;
            final int bytes = large ? 1 + random.nextInt(Math.min(60_000, room)) : random.nextInt(MSS + 1);
            superFrames += large ? 1 : 0;
            factory.ipv6(ipv6).finished(!link.transmitChecksum()).sliceBytes(large ? 4000 : random.nextInt(2) * 700)
                    .gso(large ? MSS : 0, large && random.nextBoolean()).flags(FrameFactory.ACK | FrameFactory.PSH);
            final long packet = factory.tcp(sequence, bytes);
            sequence += bytes;
            return packet;
        }
    }

    private static void check(final Receiver receiver, final long features, final Stream stream) {
        int expected = 0;
        int superFrames = 0;
        for (final Frame frame : receiver.frames()) {
            assertThat(frame.sequence()).as("sequence in %s", frame).isEqualTo(expected);
            assertThat(frame.length()).isEqualTo(frame.lengthByIp());
            assertThat(frame.isIpChecksumRight()).isTrue();
            if (frame.needsChecksum()) {
                assertThat(GUEST_CSUM.in(features)).isTrue();
                assertThat(frame.isPseudoSumRight()).isTrue();
            } else {
                assertThat(frame.isTransportChecksumRight()).as("checksum of %s", frame).isTrue();
            }
            if (frame.gsoType() != 0) {
                superFrames++;
                assertThat((frame.isIpv6() ? GUEST_TSO6 : GUEST_TSO4).in(features)).isTrue();
                assertThat(frame.gsoSize()).isEqualTo(MSS);
            } else {
                assertThat(frame.length()).isLessThanOrEqualTo(1514);
            }
            final byte[] payload = frame.payload();
            for (int i = 0; i < payload.length; i++) {
                if (payload[i] != FrameFactory.payloadAt(expected + i)) {
                    assertThat(i).as("first wrong byte of %s at %d", frame, expected).isEqualTo(-1);
                }
            }
            expected += payload.length;
        }
        assertThat(expected).isEqualTo(stream.sequence).isGreaterThanOrEqualTo(STREAM_BYTES);
        assertThat(superFrames).isEqualTo(GUEST_TSO4.in(features) ? stream.superFrames : 0);
    }
}
