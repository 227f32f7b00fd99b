package io.netchannel.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class GateTest {

    @Test
    void shouldLetNobodyInOnceClosed() {
        final Gate gate = new Gate();
        assertThat(gate.enter()).isTrue();
        assertThat(gate.enter()).isTrue();
        gate.leave();
        gate.leave();
        assertThat(gate.close()).isTrue();
        assertThat(gate.enter()).isFalse();
        assertThat(gate.enter()).isFalse();
        assertThat(gate.close()).as("a second time").isFalse();
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldCloseOnlyWhenAllAreOut() throws Exception {
        for (int round = 0; round < 300; round++) {
            final Gate gate = new Gate();
            final AtomicBoolean closed = new AtomicBoolean();
            final AtomicInteger late = new AtomicInteger();
            final Thread[] threads = new Thread[3];
            for (int i = 0; i < threads.length; i++) {
                threads[i] = Thread.ofPlatform().start(() -> {
                    for (int n = 0; n < 200 && gate.enter(); n++) {
                        Thread.onSpinWait();
                        if (closed.get()) {
                            late.incrementAndGet();
                        }
                        gate.leave();
                    }
                });
            }
            assertThat(gate.close()).isTrue();
            closed.set(true);
            for (final Thread thread : threads) {
                thread.join();
            }
            assertThat(late).hasValue(0);
        }
    }
}
