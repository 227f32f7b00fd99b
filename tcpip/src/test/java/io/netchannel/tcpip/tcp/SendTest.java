package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What goes into segments, and what happens when there is no room for them. */
class SendTest {

    @Test
    void shouldHoldASmallSegmentBackWhileAnotherIsInFlight() {
        try (Script s = new Script(simple()).accept()) {
            s.write(1, 10);
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 10);
            s.write(11, 10);
            s.turn();
            s.write(21, 10);
            s.turn();
            s.expectNothing();
            s.in(s.ack(11));
            s.expect(ACK, 11, s.peerSeq, 20);
        }
    }

    @Test
    void shouldNotHoldFullSegmentsBack() {
        try (Script s = new Script(simple()).accept()) {
            s.write(1, 10);
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 10);
            s.write(11, 2000);
            s.turn();
            s.expect(ACK, 11, s.peerSeq, 1460);
            s.expectNothing();
            s.in(s.ack(11));
            s.expect(ACK, 1471, s.peerSeq, 540);
        }
    }

    @Test
    void shouldSendTheEndOfALargeWriteAtOnce() {
        try (Script s = new Script(simple()).accept()) {
            s.write(1, 3000);
            s.turn();
            assertThat(s.expect(ACK, 1, s.peerSeq, 1460).has(PSH)).isFalse();
            s.expect(ACK, 1461, s.peerSeq, 1460);
            assertThat(s.expect(ACK, 2921, s.peerSeq, 80).has(PSH)).isTrue();
        }
    }

    @Test
    void shouldSendSmallSegmentsAtOnceWithNoDelay() {
        try (Script s = new Script(simple()).accept()) {
            s.flow.noDelay(true);
            for (int i = 0; i < 3; i++) {
                s.write(1 + 10 * i, 10);
                s.turn();
                s.expect(ACK, 1 + 10 * i, s.peerSeq, 10);
            }
        }
    }

    @Test
    void shouldSendWhatNagleHeldBackWhenNoDelayIsTurnedOn() {
        try (Script s = new Script(simple()).accept()) {
            s.write(1, 10);
            s.turn();
            s.write(11, 10);
            s.turn();
            s.out.clear();
            s.flow.noDelay(true);
            s.turn();
            s.expect(ACK, 11, s.peerSeq, 10);
        }
    }

    @Test
    void shouldSendTheRightBytes() {
        for (final TestHost.Setup setup : new TestHost.Setup[]{TestHost.Setup.plain(), TestHost.Setup.offloading()}) {
            try (Script s = new Script(setup, simple()).accept()) {
                s.write(1, 14_000);
                s.turn();
                int next = 1;
                while (!s.out.isEmpty()) {
                    final Seg seg = s.next();
                    assertThat(seg.sequence - s.isn).isEqualTo(next);
                    for (int i = 0; i < seg.payload.length; i++) {
                        assertThat(seg.payload[i]).isEqualTo(Seg.pattern(next + i));
                    }
                    next += seg.payload.length;
                }
                assertThat(next).isEqualTo(14_001);
            }
        }
    }

    @Test
    void shouldLeaveTheCuttingToTheLink() {
        try (Script s = new Script(TestHost.Setup.offloading(), simple()).accept()) {
            s.write(1, 60_000);
            s.turn();
            // The initial window of ten segments.
            assertThat(s.expect(ACK, 1, s.peerSeq, 7300).gsoSize).isEqualTo(1460);
            assertThat(s.expect(ACK, 7301, s.peerSeq, 7300).gsoSize).isEqualTo(1460);
            s.expectNothing();
            s.in(s.ack(14_601));
            assertThat(s.expect(ACK, 14_601, s.peerSeq, 14_600).gsoSize).isEqualTo(1460);
            assertThat(s.expect(ACK, 29_201, s.peerSeq, 14_600).gsoSize).isEqualTo(1460);
            s.expectNothing();
            assertThat(s.count(TcpCounter.OUT_SEGS)).isEqualTo(1 + 10 + 20);
        }
    }

    @Test
    void shouldFillSuperFramesUpToWhatTheLinkTakes() {
        try (Script s = new Script(TestHost.Setup.offloading(),
                simple().with(TcpSetting.INITIAL_WINDOW_SEGMENTS, 64).with(TcpSetting.WINDOW_SCALING, true))) {
            s.listen();
            s.in(Seg.of(SYN, s.peerSeq++, 0).mss(1460).scale(4));
            s.isn = s.next().sequence;
            s.in(s.ack(1));
            s.flow = s.handler.flow;
            s.write(1, 100_000);
            s.turn();
            // Half of the congestion window; then the rest of what there is.
            s.expect(ACK, 1, s.peerSeq, 32 * 1460);
            s.expect(ACK, 1 + 32 * 1460, s.peerSeq, 32 * 1460);
            s.expectNothing();
            for (int round = 0; round < 5; round++) {
                s.in(Seg.of(ACK, s.peerSeq, s.connection().sender().nxt()));
                s.write(1, 100_000);
            }
            // 65,535 less 20 and 60 of headers, in whole segments.
            assertThat(s.out).anyMatch(seg -> seg.payload.length == 44 * 1460);
            assertThat(s.out).allMatch(seg -> seg.payload.length <= 44 * 1460);
        }
    }

    @Test
    void shouldNotUseMoreSlicesThanTheLinkTakes() {
        final TestHost.Setup few = new TestHost.Setup(256, 2048, true, 2, 1, 0);
        try (Script s = new Script(few, simple()).accept()) {
            s.write(1, 14_600);
            s.turn();
            int total = 0;
            while (!s.out.isEmpty()) {
                final int bytes = s.next().payload.length;
                assertThat(bytes).isLessThanOrEqualTo(4096);
                total += bytes;
            }
            assertThat(total).isEqualTo(14_600);
        }
    }

    @Test
    void shouldSendOverALinkThatTakesOneSliceAndSmallBuffers() {
        final TestHost.Setup tiny = new TestHost.Setup(1024, 512, false, 1, 1, 0);
        try (Script s = new Script(tiny, simple()).accept()) {
            s.write(1, 5000);
            int next = 1;
            for (int turns = 0; turns < 50 && next < 5001; turns++) {
                s.turn();
                while (!s.out.isEmpty()) {
                    final Seg seg = s.next();
                    assertThat(seg.sequence - s.isn).isEqualTo(next);
                    next += seg.payload.length;
                }
                s.in(s.ack(next));
            }
            assertThat(next).isEqualTo(5001);
        }
    }

    @Test
    void shouldCopyWhereTheLinkTakesNoSlices() {
        final TestHost.Setup none = new TestHost.Setup(256, 2048, false, 0, 1, 0);
        try (Script s = new Script(none, simple()).accept()) {
            s.write(1, 3000);
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 1460);
            s.expect(ACK, 1461, s.peerSeq, 1460);
            s.expect(ACK, 2921, s.peerSeq, 80);
        }
    }

    @Test
    void shouldComeUpShortAndSayWhenThereIsRoom() {
        try (Script s = new Script(simple().with(TcpSetting.SEND_BUFFER_BYTES, 65_536)).accept()) {
            // Half of the peer's window is a frame, 22 segments, and each is charged 1,280 bytes more.
            assertThat(s.write(1, 100_000)).as("the second frame is filled").isEqualTo(64_240);
            assertThat(s.flow.writableBytes()).isZero();
            s.turn();
            assertThat(s.write(64_241, 100_000)).as("what has become of the second frame is filled").isEqualTo(14_600);
            s.in(s.ack(1 + 10 * 1460));
            s.in(s.ack(1 + 24 * 1460));
            assertThat(s.handler.events).as("a third must be free").containsExactly("connected");
            s.in(s.ack(1 + 30 * 1460));
            assertThat(s.handler.events).containsExactly("connected", "writable");
            s.in(s.ack(1 + 31 * 1460));
            assertThat(s.handler.events).as("told once").containsExactly("connected", "writable");
            assertThat(s.write(78_841, 100_000)).isBetween(1, 65_536);
        }
    }

    @Test
    void shouldFillTheFrameThatSmallWritesHaveBegun() {
        final TcpConfig config = simple().with(TcpSetting.SEND_BUFFER_BYTES, 8192).with(TcpSetting.NAGLE, false);
        try (Script s = new Script(config).accept()) {
            s.in(s.ack(1).window(0));
            int taken = 0;
            while (s.write(1 + taken, 100) == 100) {
                taken += 100;
            }
            assertThat(taken).isEqualTo(32_100);
        }
    }

    @Test
    void shouldWriteInPlaceNoMoreThanTheBufferTakes() {
        try (Script s = new Script(simple().with(TcpSetting.SEND_BUFFER_BYTES, 8192)).accept()) {
            int taken = 0;
            for (int room = s.flow.contiguousWritableBytes(); room > 0; room = s.flow.contiguousWritableBytes()) {
                s.flow.commitWrite(room);
                taken += room;
            }
            assertThat(taken).isEqualTo(32_120);
        }
    }

    @Test
    void shouldTakeBytesWrittenInPlace() {
        try (Script s = new Script(simple()).accept()) {
            assertThat(s.flow.contiguousWritableBytes()).isEqualTo(2048);
            s.host.packets.memory().putInt(s.flow.writeAddress(), 0x04030201);
            s.flow.commitWrite(4);
            assertThat(s.flow.contiguousWritableBytes()).isEqualTo(2044);
            s.turn();
            assertThat(s.expect(ACK, 1, s.peerSeq, 4).payload).containsExactly(1, 2, 3, 4);
            assertThatThrownBy(() -> s.flow.commitWrite(3000)).hasMessageContaining("lengthBytes=3000");
        }
    }

    @Test
    void shouldHoldNoBuffersWhenIdle() {
        try (Script s = new Script(simple()).accept()) {
            s.write(1, 100);
            s.turn();
            s.in(s.ack(101));
            assertThat(s.host.pool.available()).isEqualTo(s.host.pool.capacity());
        }
    }

    @Test
    void shouldGoOnWhenAFullLinkHasRoom() {
        try (Script s = new Script(simple()).accept()) {
            s.host.space = 0;
            s.write(1, 3000);
            s.in(s.data(1460));
            s.in(s.data(1460));
            s.expectNothing();
            assertThat(s.stack.hasWork()).isTrue();
            s.host.space = 2;
            s.turn();
            s.expect(ACK, 1, s.peerSeq, 1460);
            s.expect(ACK, 1461, s.peerSeq, 1460);
            assertThat(s.stack.hasWork()).isTrue();
            s.turn();
            s.expect(ACK, 2921, s.peerSeq, 80);
            assertThat(s.stack.hasWork()).isFalse();
            assertThat(s.count(TcpCounter.OUT_LINK_FULL)).isPositive();
        }
    }

    @Test
    void shouldNotCallItWorkWhenTheLinkTakesNothing() {
        try (Script s = new Script(simple()).accept()) {
            s.write(1, 1000);
            s.host.space = 0;
            assertThat(s.stack.emit(s.nowNs)).isZero();
            assertThat(s.stack.hasWork()).isTrue();
            s.host.space = 1;
            assertThat(s.stack.emit(s.nowNs)).isEqualTo(1);
            assertThat(s.stack.hasWork()).isFalse();
        }
    }

    @Test
    void shouldGoOnWhenAnEmptyPoolHasBuffers() {
        try (Script s = new Script(TestHost.Setup.plain().withBuffers(16, 2048), simple()).accept()) {
            s.write(1, 1000);
            final int[] taken = new int[s.host.pool.available()];
            for (int i = 0; i < taken.length; i++) {
                taken[i] = s.host.pool.allocate();
            }
            s.turn();
            s.expectNothing();
            assertThat(s.stack.hasWork()).as("not spinning").isFalse();
            assertThat(s.flow.contiguousWritableBytes()).isPositive();
            for (final int index : taken) {
                s.host.pool.release(index);
            }
            assertThat(s.untilSent(SECOND)).isBetween(MS, MS + TICK);
            s.expect(ACK, 1, s.peerSeq, 1000);
        }
    }

    @Test
    void shouldTellAWriterThatThePoolHasBuffersAgain() {
        try (Script s = new Script(TestHost.Setup.plain().withBuffers(64, 2048), simple()).accept()) {
            final int[] taken = new int[60];
            for (int i = 0; i < taken.length; i++) {
                taken[i] = s.host.pool.allocate();
            }
            assertThat(s.write(1, 1000)).isZero();
            s.advance(10 * MS);
            assertThat(s.handler.events).containsExactly("connected");
            for (final int index : taken) {
                s.host.pool.release(index);
            }
            s.advance(2 * MS);
            assertThat(s.handler.events).containsExactly("connected", "writable");
        }
    }

    @Test
    void shouldKeepAnIdleConnectionAlive() {
        try (Script s = new Script(simple().with(TcpSetting.KEEP_ALIVE_IDLE_NS, 100 * SECOND)
                .with(TcpSetting.KEEP_ALIVE_INTERVAL_NS, 10 * SECOND)
                .with(TcpSetting.KEEP_ALIVE_PROBES, 3)).accept()) {
            s.flow.keepAlive(true);
            s.turn();
            assertThat(s.untilSent(1000 * SECOND)).isBetween(100 * SECOND, 100 * SECOND + TICK);
            s.expect(ACK, 0, s.peerSeq, 0);
            s.in(s.ack(1));
            assertThat(s.untilSent(1000 * SECOND)).isBetween(100 * SECOND - MS, 100 * SECOND + TICK);
            s.expect(ACK, 0, s.peerSeq, 0);
            for (int i = 0; i < 2; i++) {
                assertThat(s.untilSent(1000 * SECOND)).isBetween(10 * SECOND, 10 * SECOND + TICK);
                s.expect(ACK, 0, s.peerSeq, 0);
            }
            assertThat(s.count(TcpCounter.KEEPALIVES)).isEqualTo(4);
            s.advance(10 * SECOND + TICK);
            s.expect(RST | ACK, 1, s.peerSeq, 0);
            assertThat(s.handler.reason).isEqualTo(TcpCloseReason.TIMED_OUT);
        }
    }

    @Test
    void shouldNotProbeWithoutKeepAlive() {
        try (Script s = new Script(simple()).accept()) {
            s.advance(86_400 * SECOND);
            s.expectNothing();
            assertThat(s.host.timers.size()).isZero();
        }
    }
}
