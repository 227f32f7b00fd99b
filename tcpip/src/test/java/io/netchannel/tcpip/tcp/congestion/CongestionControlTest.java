package io.netchannel.tcpip.tcp.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import org.junit.jupiter.api.Test;

class CongestionControlTest {

    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;

    private final CongestionWindow window = new CongestionWindow();
    private final RateSample sample = new RateSample();

    private void ack(final CongestionControl control, final int segments, final long nowNs) {
        sample.nowNs = nowNs;
        sample.ackedSegments = segments;
        sample.deliveredSegments = segments;
        sample.windowLimited = true;
        control.onAcknowledgment(window, sample);
        control.grow(window, sample);
        sample.roundStart = false;
    }

    /** One round trip: the whole window is acknowledged, two segments at a time. */
    private void round(final CongestionControl control, final long rttNs, final long nowNs) {
        sample.roundStart = true;
        sample.rttNs = rttNs;
        int left = window.segments();
        while (left > 0) {
            ack(control, Math.min(2, left), nowNs);
            left -= 2;
        }
    }

    @Test
    void shouldDoubleInSlowStartAndAddOneInAvoidance() {
        final NewReno reno = new NewReno(false);
        window.segments(10);
        round(reno, MS, 0);
        assertThat(window.segments()).isEqualTo(20);
        window.thresholdSegments(reno.onCongestion(window, CongestionEvent.LOSS, 0));
        window.segments(window.thresholdSegments());
        assertThat(window.segments()).isEqualTo(10);
        round(reno, MS, 0);
        assertThat(window.segments()).isEqualTo(11);
    }

    @Test
    void shouldCrossTheThresholdWithinOneAcknowledgment() {
        final NewReno reno = new NewReno(false);
        window.segments(8);
        window.thresholdSegments(10);
        ack(reno, 12, 0);
        // 2 up to the threshold; the other 10 are one window of congestion avoidance.
        assertThat(window.segments()).isEqualTo(11);
    }

    @Test
    void shouldNotGrowWhileTheWindowIsNotUsed() {
        final Cubic cubic = new Cubic(true, false);
        final NewReno reno = new NewReno(false);
        window.segments(10);
        sample.ackedSegments = 5;
        sample.windowLimited = false;
        cubic.grow(window, sample);
        reno.grow(window, sample);
        assertThat(window.segments()).isEqualTo(10);
    }

    @Test
    void shouldReduceLessForMarksWithAlternativeBackoff() {
        window.segments(100);
        assertThat(new NewReno(true).onCongestion(window, CongestionEvent.ECN, 0)).isEqualTo(80);
        assertThat(new NewReno(true).onCongestion(window, CongestionEvent.LOSS, 0)).isEqualTo(50);
        assertThat(new Cubic(false, true).onCongestion(window, CongestionEvent.ECN, 0)).isEqualTo(85);
        assertThat(new Cubic(false, false).onCongestion(window, CongestionEvent.ECN, 0)).isEqualTo(70);
    }

    // RFC 9438, 4.2: K = cbrt((W_max - cwnd) / C); with W_max = 1000 and 700: cbrt(750) = 9.09 s.
    @Test
    void shouldReachTheOldWindowAfterKAndStandStillThere() {
        final Cubic cubic = new Cubic(false, false);
        window.segments(1000);
        window.roundTrip(100 * MS, 100 * MS);
        window.thresholdSegments(cubic.onCongestion(window, CongestionEvent.LOSS, 0));
        window.segments(window.thresholdSegments());
        assertThat(window.segments()).isEqualTo(700);
        long now = 0;
        final double k = Math.cbrt(300 / 0.4);
        for (; now < 8 * SECOND; now += 100 * MS) {
            round(cubic, 100 * MS, now);
            final double t = now / 1e9 + 0.1 - k;
            assertThat((double) window.segments()).as("after %d ms", now / MS)
                    .isCloseTo(1000 + 0.4 * t * t * t, within(12.0));
        }
        for (; now < 10 * SECOND; now += 100 * MS) {
            round(cubic, 100 * MS, now);
        }
        assertThat(window.segments()).isBetween(997, 1003);
        for (; now < 16 * SECOND; now += 100 * MS) {
            round(cubic, 100 * MS, now);
        }
        assertThat(window.segments()).as("convex growth beyond").isBetween(1110, 1145);
    }

    // After loss at 23, W_max - W(t) = 0.4 (K - t)^3 with K = cbrt(7 / 0.4) = 2.6 s: 6.8 at once, so the target is 17.
    @Test
    void shouldRoundTowardsTheCurveWhereTheWindowIsSmall() {
        final Cubic cubic = new Cubic(false, false);
        window.segments(23);
        window.roundTrip(20 * MS, 20 * MS);
        window.thresholdSegments(cubic.onCongestion(window, CongestionEvent.LOSS, 0));
        window.segments(window.thresholdSegments());
        assertThat(window.segments()).isEqualTo(16);
        round(cubic, 20 * MS, 0);
        assertThat(window.segments()).isEqualTo(17);
        round(cubic, 20 * MS, 20 * MS);
        assertThat(window.segments()).as("W(40 ms) = 16.3").isEqualTo(17);
    }

    @Test
    void shouldGrowByATwentiethWhileNoLimitIsKnown() {
        final Cubic cubic = new Cubic(false, false);
        window.segments(100);
        window.roundTrip(20 * MS, 20 * MS);
        window.thresholdSegments(cubic.onCongestion(window, CongestionEvent.TIMEOUT, 0));
        window.segments(window.thresholdSegments());
        round(cubic, 20 * MS, 0);
        assertThat(window.segments()).isEqualTo(70 + 3);
    }

    @Test
    void shouldBeNoSlowerThanRenoOnShortPaths() {
        final Cubic cubic = new Cubic(false, false);
        window.segments(20);
        window.roundTrip(MS, MS);
        window.thresholdSegments(cubic.onCongestion(window, CongestionEvent.LOSS, 0));
        window.segments(window.thresholdSegments());
        final int start = window.segments();
        // alpha = 0.53 up to 20, then 1: (20 - 14) / 0.53 = 11.3 rounds, then 20 more.
        for (int i = 0; i < 32; i++) {
            round(cubic, MS, i * MS);
        }
        assertThat(start).isEqualTo(14);
        assertThat(window.segments()).isBetween(38, 42);
    }

    @Test
    void shouldMakeRoomWhenTheWindowKeepsShrinking() {
        final Cubic cubic = new Cubic(false, false);
        window.segments(100);
        window.roundTrip(10 * MS, 10 * MS);
        window.thresholdSegments(cubic.onCongestion(window, CongestionEvent.LOSS, 0));
        window.segments(70);
        // Below W_max = 100: W_max becomes 70 * 0.85, not 70.
        window.thresholdSegments(cubic.onCongestion(window, CongestionEvent.LOSS, 0));
        window.segments(49);
        final double k = Math.cbrt((70 * 0.85 - 49) / 0.4);
        for (long now = 0; now < (long) (k * 1e9) + 200 * MS; now += 10 * MS) {
            round(cubic, 10 * MS, now);
        }
        // Reno's estimate is ahead of the cubic curve on a path this short.
        assertThat(window.segments()).isGreaterThan(59);
    }

    @Test
    void shouldReturnToTheCurveAfterUndo() {
        final Cubic cubic = new Cubic(false, false);
        final CongestionWindow other = new CongestionWindow();
        final Cubic undisturbed = new Cubic(false, false);
        for (final CongestionWindow w : new CongestionWindow[]{window, other}) {
            final Cubic c = w == window ? cubic : undisturbed;
            w.segments(1000);
            w.roundTrip(100 * MS, 100 * MS);
            w.thresholdSegments(c.onCongestion(w, CongestionEvent.LOSS, 0));
            w.segments(700);
        }
        round(cubic, 100 * MS, 100 * MS);
        final int before = window.segments();
        window.thresholdSegments(cubic.onCongestion(window, CongestionEvent.LOSS, 150 * MS));
        window.segments(window.thresholdSegments());
        window.segments(cubic.undoSegments(window, before));
        assertThat(window.segments()).isEqualTo(before);
        for (int i = 2; i < 60; i++) {
            round(cubic, 100 * MS, i * 100 * MS);
        }
        final double t = 5.9 + 0.1 + -0.1 - Math.cbrt(750);
        assertThat((double) window.segments()).isCloseTo(1000 + 0.4 * t * t * t, within(8.0));
    }

    @Test
    void shouldNotCountIdleTime() {
        final Cubic cubic = new Cubic(false, false);
        window.segments(1000);
        window.roundTrip(100 * MS, 100 * MS);
        window.thresholdSegments(cubic.onCongestion(window, CongestionEvent.LOSS, 0));
        window.segments(700);
        round(cubic, 100 * MS, 0);
        cubic.onTransmitStart(window, 60 * SECOND, 60 * SECOND);
        round(cubic, 100 * MS, 60 * SECOND);
        assertThat(window.segments()).isLessThan(740);
    }

    // -- RFC 9406

    @Test
    void shouldLeaveSlowStartWhenTheDelayGrows() {
        final Cubic cubic = new Cubic(true, false);
        window.segments(16);
        round(cubic, 40 * MS, 0);
        round(cubic, 40 * MS, 0);
        assertThat(window.segments()).isEqualTo(64);
        // An eighth of 40 ms more: conservative, after 8 samples of the round.
        round(cubic, 45 * MS, 0);
        final int afterExit = window.segments();
        assertThat(afterExit).isBetween(64 + 14 + 12, 64 + 16 + 16);
        for (int i = 0; i < 4; i++) {
            round(cubic, 45 * MS, 0);
        }
        assertThat(window.inSlowStart()).as("four rounds of five").isTrue();
        round(cubic, 45 * MS, 0);
        assertThat(window.inSlowStart()).isFalse();
        assertThat(window.thresholdSegments()).isBetween(afterExit * 2, afterExit * 5 / 2);
    }

    @Test
    void shouldResumeSlowStartWhenItWasJitter() {
        final Cubic cubic = new Cubic(true, false);
        window.segments(16);
        round(cubic, 40 * MS, 0);
        round(cubic, 50 * MS, 0);
        round(cubic, 40 * MS, 0);
        final int before = window.segments();
        round(cubic, 40 * MS, 0);
        assertThat(window.segments()).isEqualTo(2 * before);
    }

    @Test
    void shouldNotTakeMicrosecondsForAQueue() {
        final Cubic cubic = new Cubic(true, false);
        window.segments(16);
        round(cubic, 50_000, 0);
        round(cubic, 3 * MS, 0);
        round(cubic, 5 * MS, 0);
        assertThat(window.segments()).isEqualTo(128);
    }

    // -- RFC 8257

    @Test
    void shouldReduceInProportionToTheMarks() {
        final Dctcp dctcp = new Dctcp();
        window.segments(160);
        window.thresholdSegments(2);
        // A quarter of each window is marked: alpha converges to 1/4.
        for (int i = 0; i < 200; i++) {
            sample.roundStart = true;
            sample.ecnEcho = true;
            sample.ackedSegments = 40;
            sample.deliveredSegments = 40;
            dctcp.onAcknowledgment(window, sample);
            sample.roundStart = false;
            sample.ecnEcho = false;
            sample.deliveredSegments = 120;
            dctcp.onAcknowledgment(window, sample);
        }
        assertThat(dctcp.alpha()).isCloseTo(0.25, within(0.02));
        assertThat(dctcp.onCongestion(window, CongestionEvent.ECN, 0)).isBetween(138, 142);
        assertThat(dctcp.onCongestion(window, CongestionEvent.LOSS, 0)).isEqualTo(80);
    }

    @Test
    void shouldForgetMarksThatDoNotComeAgain() {
        final Dctcp dctcp = new Dctcp();
        window.segments(100);
        for (int i = 0; i < 1000; i++) {
            sample.roundStart = true;
            sample.deliveredSegments = 100;
            dctcp.onAcknowledgment(window, sample);
        }
        assertThat(dctcp.alpha()).isZero();
        assertThat(dctcp.onCongestion(window, CongestionEvent.ECN, 0)).isEqualTo(100);
    }

    // -- choosing

    @Test
    void shouldFindAlgorithmsByName() {
        final TcpConfig config = TcpConfig.defaults();
        for (final String name : new String[]{"cubic", "reno", "dctcp"}) {
            assertThat(CongestionAlgorithm.named(name).create().apply(config).name()).isEqualTo(name);
        }
        assertThatThrownBy(() -> CongestionAlgorithm.named("vegas"))
                .hasMessage("congestionControl=vegas is none of [cubic, reno, dctcp]");
        assertThatThrownBy(() -> config.withCongestionControl(CongestionAlgorithm.DCTCP)
                .with(TcpSetting.ECN, 0).checked())
                .hasMessage("congestionControl=dctcp with ecn=0: it works by ECN; set ecn=1");
    }
}
