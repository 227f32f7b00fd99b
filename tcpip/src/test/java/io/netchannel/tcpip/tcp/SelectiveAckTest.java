package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What acknowledgments say of data beyond a gap (RFC 2018), and of data that came twice (RFC 2883). */
class SelectiveAckTest {

    private static Script accept(final TcpConfig config) {
        return new Script(config.with(TcpSetting.SACK, true)).accept(syn -> syn.mss(1460).sackOk());
    }

    private static Seg at(final Script s, final int offset, final int lengthBytes) {
        return Seg.of(ACK, s.peerSeq + offset, s.isn + 1).data(lengthBytes);
    }

    private static String sack(final Script s) {
        return s.expect(ACK, 1, s.peerSeq, 0).sack(s.peerSeq);
    }

    @Test
    void shouldReportWhatChangedLastFirst() {
        try (Script s = accept(simple())) {
            s.in(at(s, 1000, 1000));
            assertThat(sack(s)).isEqualTo("1000-2000");
            s.in(at(s, 3000, 1000));
            assertThat(sack(s)).isEqualTo("3000-4000 1000-2000");
            s.in(at(s, 5000, 1000));
            assertThat(sack(s)).isEqualTo("5000-6000 3000-4000 1000-2000");
            s.in(at(s, 7000, 1000));
            s.in(at(s, 9000, 1000));
            s.next();
            assertThat(sack(s)).as("four at most").isEqualTo("9000-10000 7000-8000 5000-6000 3000-4000");
            s.in(at(s, 4000, 1000));
            assertThat(sack(s)).as("one bridges two").isEqualTo("3000-6000 9000-10000 7000-8000");
            s.in(at(s, 8000, 500));
            assertThat(sack(s)).isEqualTo("7000-8500 3000-6000 9000-10000");
        }
    }

    @Test
    void shouldForgetWhatTheAckCovers() {
        try (Script s = accept(simple())) {
            s.in(at(s, 1000, 1000));
            s.in(at(s, 3000, 1000));
            s.out.clear();
            final int base = s.peerSeq;
            s.in(s.data(1000));
            s.peerSeq += 1000;
            assertThat(s.expect(ACK, 1, base + 2000, 0).sack(base)).isEqualTo("3000-4000");
            s.in(s.data(1000));
            assertThat(s.expect(ACK, 1, base + 4000, 0).sack(base)).isEmpty();
            assertThat(s.handler.received.size()).isEqualTo(4000);
        }
    }

    @Test
    void shouldLeaveRoomForTimestamps() {
        try (Script s = new Script(TcpConfig.defaults())) {
            s.decorate = seg -> seg.timestamps ? seg : seg.timestamps(1000, 0);
            s.accept(syn -> syn.mss(1460).sackOk());
            for (int i = 1; i <= 4; i++) {
                s.in(at(s, 2000 * i, 1000));
            }
            assertThat(s.out.pollLast().sack(s.peerSeq)).isEqualTo("8000-9000 6000-7000 4000-5000");
            s.out.clear();
        }
    }

    @Test
    void shouldSayNothingToAPeerThatDoesNotUnderstand() {
        try (Script s = new Script(simple().with(TcpSetting.SACK, true)).accept()) {
            s.in(at(s, 1000, 1000));
            assertThat(sack(s)).isEmpty();
            s.in(at(s, 1000, 1000));
            assertThat(sack(s)).isEmpty();
        }
    }

    @Test
    void shouldReportOnDataToo() {
        try (Script s = accept(simple())) {
            s.in(at(s, 1000, 1000));
            s.out.clear();
            s.write(1, 100);
            s.turn();
            assertThat(s.expect(ACK, 1, s.peerSeq, 100).sack(s.peerSeq)).isEqualTo("1000-2000");
        }
    }

    @Test
    void shouldShortenFullSegmentsByTheOption() {
        try (Script s = accept(simple())) {
            s.inBurst(at(s, 1000, 1000));
            s.write(1, 3000);
            s.turn();
            assertThat(s.expect(ACK, 1, s.peerSeq, 1448).sack(s.peerSeq)).isEqualTo("1000-2000");
            assertThat(s.expect(ACK, 1449, s.peerSeq, 1448).sack(s.peerSeq)).isEqualTo("1000-2000");
            s.ack(2897);
            assertThat(s.expect(ACK, 2897, s.peerSeq, 104).sack(s.peerSeq)).isEqualTo("1000-2000");
            s.expectNothing();
        }
    }

    @Test
    void shouldHoldAnEndThatIsMoreThanASegmentBesideTheOption() {
        for (int over = 0; over <= 1; over++) {
            try (Script s = accept(simple())) {
                s.write(1, 14_600);
                s.turn();
                assertThat(s.out).as("initial window").hasSize(10);
                s.out.clear();
                s.in(at(s, 1000, 1000));
                s.out.clear();
                s.write(14_601, 1448 + over);
                s.flow.shutdownOutput();
                s.turn();
                assertThat(s.out).as("%d bytes", 1448 + over).hasSize(1 - over);
            }
        }
    }

    @Test
    void shouldLeaveTheLeastSegmentItsData() {
        try (Script s = new Script(simple().with(TcpSetting.MIN_SEND_SEGMENT_BYTES, 28).with(TcpSetting.SACK, true))) {
            s.accept(syn -> syn.mss(28).sackOk());
            s.inBurst(at(s, 1000, 1000));
            s.write(1, 28);
            s.turn();
            assertThat(s.expect(ACK, 1, s.peerSeq, 16).sack(s.peerSeq)).isEqualTo("1000-2000");
            assertThat(s.expect(ACK, 17, s.peerSeq, 12).sack(s.peerSeq)).isEqualTo("1000-2000");
            s.in(at(s, 3000, 1000));
            s.in(at(s, 5000, 1000));
            s.out.clear();
            s.write(29, 8);
            s.turn();
            assertThat(s.expect(ACK, 29, s.peerSeq, 8).sack(s.peerSeq)).as("room for two")
                    .isEqualTo("5000-6000 3000-4000");
            s.expectNothing();
        }
    }

    @Test
    void shouldReportADuplicateOnce() {
        try (Script s = accept(simple())) {
            final int base = s.peerSeq;
            s.in(s.data(1000));
            s.in(Seg.of(ACK, base, s.isn + 1).data(1000));
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).sack(base)).isEqualTo("0-1000");
            assertThat(s.count(TcpCounter.DSACK_OLD_SENT)).isEqualTo(1);
            assertThat(s.count(TcpCounter.DELAYED_ACK_LOST)).isEqualTo(1);
            s.in(s.data(1000));
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).sack(base)).isEmpty();
            // Half of it is new.
            s.in(Seg.of(ACK, base + 1500, s.isn + 1).data(1000));
            s.peerSeq += 500;
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).sack(base)).isEqualTo("1500-2000");
        }
    }

    @Test
    void shouldReportADuplicateBeyondTheGap() {
        try (Script s = accept(simple())) {
            s.in(at(s, 1000, 1000));
            s.in(at(s, 4000, 1000));
            s.out.clear();
            s.in(at(s, 1500, 1000));
            assertThat(sack(s)).isEqualTo("1500-2000 1000-2500 4000-5000");
            assertThat(s.count(TcpCounter.DSACK_OUT_OF_ORDER_SENT)).isEqualTo(1);
            s.in(at(s, 1000, 500));
            assertThat(sack(s)).isEqualTo("1000-1500 1000-2500 4000-5000");
            assertThat(s.count(TcpCounter.OUT_OF_ORDER_DUPLICATES)).isEqualTo(1);
            s.in(at(s, 3000, 3000));
            assertThat(sack(s)).as("it covers one").isEqualTo("4000-5000 3000-6000 1000-2500");
        }
    }

    @Test
    void shouldReportTheFirstOfSeveralDuplicatesInASegment() {
        try (Script s = accept(simple())) {
            final int base = s.peerSeq;
            s.in(at(s, 1000, 1000));
            s.in(at(s, 2000, 1000));
            s.in(at(s, 4000, 1000));
            s.in(at(s, 7000, 1000));
            s.out.clear();
            s.in(s.data(6000));
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).sack(base)).isEqualTo("1000-3000 7000-8000");
            s.in(s.data(2000));
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).sack(base)).isEqualTo("7000-8000");
            s.in(Seg.of(ACK, base, s.isn + 1).data(1000));
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).sack(base)).isEqualTo("0-1000");
        }
    }

    @Test
    void shouldNotReportDuplicatesIfTold() {
        try (Script s = accept(simple().with(TcpSetting.DSACK, false))) {
            s.in(s.data(1000));
            s.in(at(s, -1000, 1000));
            assertThat(sack(s)).isEmpty();
        }
    }

    @Test
    void shouldRecallWhatHadToGo() {
        try (Script s = accept(simple().with(TcpSetting.OUT_OF_ORDER_BYTES, 2000))) {
            s.in(at(s, 3000, 1000));
            s.in(at(s, 5000, 1000));
            s.out.clear();
            s.in(at(s, 1000, 1000));
            assertThat(sack(s)).isEqualTo("1000-2000 3000-4000");
            assertThat(s.count(TcpCounter.OUT_OF_ORDER_PRUNED)).isEqualTo(1);
            s.in(at(s, 5000, 1000));
            assertThat(sack(s)).as("no room").isEqualTo("1000-2000 3000-4000");
            assertThat(s.count(TcpCounter.OUT_OF_ORDER_DROPS)).isEqualTo(1);
        }
    }

    @Test
    void shouldCoverAFinBeyondTheGap() {
        try (Script s = accept(simple())) {
            s.in(Seg.of(ACK | FIN, s.peerSeq + 1000, s.isn + 1).data(1000));
            assertThat(sack(s)).isEqualTo("1000-2001");
            s.in(s.data(1000));
            s.peerSeq += 1001;
            assertThat(sack(s)).isEmpty();
        }
    }

    /** Three acknowledgments of a gap at once, then one for each twentieth of a round trip. */
    @Test
    void shouldLetOneAckStandForSeveral() {
        try (Script s = new Script(TcpConfig.defaults().with(TcpSetting.QUICK_ACKS, 0))) {
            s.decorate = seg -> seg.timestamps ? seg : seg.timestamps(1000, 0);
            s.accept(syn -> syn.mss(1460).sackOk());
            s.write(1, 10);
            s.turn();
            final int sent = s.next().timestampValue;
            s.advance(40 * MS);
            s.in(s.ack(11).data(1000).timestamps(1001, sent));
            s.peerSeq += 1000;
            s.advance(300 * MS);
            s.out.clear();
            for (int i = 1; i <= 3; i++) {
                s.in(Seg.of(ACK, s.peerSeq + 2000 * i, s.isn + 11).data(1000).timestamps(1002, sent));
                s.expect(ACK, 11, s.peerSeq, 0);
            }
            s.in(Seg.of(ACK, s.peerSeq + 7000, s.isn + 11).data(1000).timestamps(1002, sent));
            s.in(Seg.of(ACK, s.peerSeq + 8000, s.isn + 11).data(1000).timestamps(1002, sent));
            s.expectNothing();
            final long holdNs = s.connection().sender().rtt().smoothedNs() / 20;
            assertThat(holdNs).isBetween(1L, MS);
            assertThat(s.untilSent(SECOND)).isBetween(holdNs, holdNs + TICK);
            assertThat(s.next().sack(s.peerSeq)).isEqualTo("6000-9000 4000-5000 2000-3000");
            assertThat(s.count(TcpCounter.ACKS_COMPRESSED)).isEqualTo(1);
            s.advance(SECOND);
            s.expectNothing();
        }
    }

    /** Blocks against a model: disjoint, of what was received beyond the gap, the newest first. */
    @Test
    void shouldReportOnlyWhatIsHeld() {
        for (long seed = 0; seed < 200; seed++) {
            final Random random = new Random(seed);
            try (Script s = accept(simple())) {
                final int base = s.peerSeq;
                final boolean[] arrived = new boolean[8000];
                for (int i = 0; i < 60; i++) {
                    final int from = 100 + random.nextInt(7000);
                    final int length = 1 + random.nextInt(800);
                    for (int n = from; n < from + length; n++) {
                        arrived[n] = true;
                    }
                    s.in(Seg.of(ACK, base + from, s.isn + 1).data(length));
                    final String[] blocks = s.expect(ACK, 1, base, 0).sack(base).split(" ");
                    for (final String block : blocks) {
                        final int start = Integer.parseInt(block.split("-")[0]);
                        final int end = Integer.parseInt(block.split("-")[1]);
                        for (int n = start; n < end; n++) {
                            assertThat(arrived[n]).as("seed %d: %s", seed, String.join(" ", blocks)).isTrue();
                        }
                    }
                    s.out.clear();
                }
            }
        }
    }
}
