package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyLoopTest {

    private final DefaultEventLoop executor = new DefaultEventLoop();
    private long timeMs = 10;
    private final ProxyLoop loop = new ProxyLoop(executor, new Clock() {
        @Override
        public long nowMs() {
            return timeMs;
        }

        @Override
        public long wallMs() {
            return 1_000 + timeMs;
        }
    });

    @AfterEach
    void end() {
        executor.shutdownGracefully();
    }

    @Test
    void shouldTellOneTimeWhileBytesAreHandled() {
        loop.handling();
        assertThat(loop.nowMs()).isEqualTo(10);
        assertThat(loop.wallMs()).isEqualTo(1_010);
        timeMs = 20;
        assertThat(loop.nowMs()).isEqualTo(10);
        assertThat(loop.wallMs()).isEqualTo(1_010);
        loop.flush();
        assertThat(loop.nowMs()).isEqualTo(20);
        loop.handling();
        assertThat(loop.nowMs()).isEqualTo(20);
    }

    @Test
    void shouldAskTheClockEachTimeOtherwise() {
        assertThat(loop.nowMs()).isEqualTo(10);
        timeMs = 20;
        assertThat(loop.nowMs()).isEqualTo(20);
        assertThat(loop.wallMs()).isEqualTo(1_020);
    }
}
