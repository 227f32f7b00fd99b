package io.netchannel.samples.haproxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAnswerTest {

    @Test
    void shouldReadAnAnswerAsFarAsItCame() {
        assertThat(HttpAnswer.parse("HTTP/1.1 200 O", false).head()).isNull();
        final HttpAnswer half = HttpAnswer.parse("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok", false);
        assertThat(half.head().status()).isEqualTo(200);
        assertThat(half.complete()).isFalse();
        assertThat(half.body()).isEqualTo("ok");
        assertThat(HttpAnswer.parse("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", false).complete()).isTrue();
        assertThat(HttpAnswer.parse("NONSENSE\r\n\r\n", true).invalid()).isTrue();
    }

    /** A check each second for years: whatever the answer, nothing is taken that somebody had to give back. */
    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 2", "NONSENSE\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nbody"})
    void shouldTakeNoBufferFromAnAllocator(final String answer) {
        final long before = UnpooledByteBufAllocator.DEFAULT.metric().usedHeapMemory();
        for (int i = 0; i < 100; i++) {
            HttpAnswer.parse(answer, true);
        }
        // Others of this process may take some at the same time, but not that much.
        assertThat(UnpooledByteBufAllocator.DEFAULT.metric().usedHeapMemory() - before).isLessThan(100);
    }
}
