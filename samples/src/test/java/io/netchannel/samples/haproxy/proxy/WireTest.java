package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WireTest {

    private static final int LIMIT_BYTES = 4;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Silent wire = new Silent(new ProxyLoop(channel.eventLoop(), new SystemClock()));

    /** Uses nothing of what comes. */
    private static final class Silent extends Wire {

        Silent(final ProxyLoop loop) {
            super(loop, LIMIT_BYTES);
        }

        @Override
        void received() {
            // It waits.
        }

        @Override
        void ended() {
            // What comes is enough.
        }

        @Override
        void lost() {
            // What comes is enough.
        }

        @Override
        void writable() {
            // It has nothing more.
        }

        @Override
        long lingerMs() {
            return 0;
        }
    }

    WireTest() {
        channel.freezeTime();
        channel.pipeline().addLast(wire);
    }

    @Test
    void shouldReadWhatWaitsBeforeItCloses() {
        channel.writeInbound(Unpooled.buffer().writeZero(LIMIT_BYTES));
        assertThat(channel.config().isAutoRead()).isFalse();
        wire.send(new byte[]{'x'});
        wire.close();
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(channel.isOpen()).isTrue();
        channel.writeInbound(Unpooled.buffer().writeZero(1));
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.<Object>readOutbound()).isEqualTo(Unpooled.wrappedBuffer(new byte[]{'x'}));
    }

    @Test
    void shouldReadOnBeforeItClosesInTheMiddle() {
        channel.pipeline().fireChannelRead(Unpooled.buffer().writeZero(1));
        wire.close();
        assertThat(channel.isOpen()).isTrue();
        channel.pipeline().fireChannelRead(Unpooled.buffer().writeZero(LIMIT_BYTES));
        assertThat(channel.isOpen()).isTrue();
        channel.pipeline().fireChannelReadComplete();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void shouldCloseAtOnceWhereNothingWaits() {
        channel.writeInbound(Unpooled.buffer().writeZero(LIMIT_BYTES - 1));
        wire.close();
        assertThat(channel.isOpen()).isFalse();
    }
}
