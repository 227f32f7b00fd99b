package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Of TLS and of the CPU's time. */
class LimitsTest {

    @Test
    void shouldCountConnectionsByTlsUntilTheyAreClosed() {
        final GlobalSettings global = new GlobalSettings();
        global.set(GlobalOptions.MAX_TLS_CONNECTIONS, 2);
        final TlsLimits limits = new TlsLimits(global);
        final EmbeddedChannel first = new EmbeddedChannel();
        assertThat(limits.begin(first)).isTrue();
        assertThat(limits.begin(new EmbeddedChannel())).isTrue();
        assertThat(limits.begin(new EmbeddedChannel())).isFalse();
        first.close();
        first.runPendingTasks();
        assertThat(limits.begin(new EmbeddedChannel())).isTrue();
    }

    @Test
    void shouldLetSoManyClientsInInASecond() {
        final GlobalSettings global = new GlobalSettings();
        global.set(GlobalOptions.MAX_TLS_RATE, 2);
        final TlsLimits limits = new TlsLimits(global);
        assertThat(limits.delayMs(1_000_000)).isZero();
        limits.accepted(1_000_000);
        limits.accepted(1_000_000);
        assertThat(limits.delayMs(1_000_000)).isPositive();
        assertThat(limits.delayMs(1_002_000)).isZero();
    }

    @Test
    void shouldLimitNothingUnlessToldTo() {
        final TlsLimits limits = new TlsLimits(new GlobalSettings());
        for (int i = 0; i < 100; i++) {
            limits.accepted(1);
            assertThat(limits.begin(new EmbeddedChannel())).isTrue();
        }
        assertThat(limits.delayMs(1)).isZero();
    }

    @Test
    void shouldMeasureTheLoopSecondBySecond() {
        final AtomicLong usedNs = new AtomicLong();
        final LoopLoad load = new LoopLoad(usedNs::get);
        assertThat(load.busyPercent(0)).isZero();
        usedNs.addAndGet(500_000_000L);
        assertThat(load.busyPercent(999)).isZero();
        assertThat(load.busyPercent(1_000)).isEqualTo(50);
        usedNs.addAndGet(2_000_000_000L);
        assertThat(load.busyPercent(2_000)).isEqualTo(100);
        assertThat(load.busyPercent(12_000)).isZero();
    }
}
