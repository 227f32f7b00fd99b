package io.netchannel.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrnoTest {

    @Test
    void shouldNameEveryNumberThatLinuxUses() {
        for (int errno = 1; errno <= 133; errno++) {
            // These two were never assigned on the modelled CPUs.
            if (errno != 41 && errno != 58) {
                assertThat(Errno.name(errno)).as("errno %d", errno).matches("E[A-Z0-9]+");
                assertThat(Errno.text(errno)).isNotBlank().isNotEqualTo("unknown error");
            }
        }
    }

    @Test
    void shouldAgreeWithItsConstants() {
        assertThat(Errno.name(Errno.EAGAIN)).isEqualTo("EAGAIN");
        assertThat(Errno.name(Errno.EBADFD)).isEqualTo("EBADFD");
        assertThat(Errno.name(Errno.EOPNOTSUPP)).isEqualTo("EOPNOTSUPP");
        assertThat(Errno.text(Errno.EACCES)).isEqualTo("Permission denied");
    }

    @Test
    void shouldSayTheNumberOfOneThatIsUnknown() {
        assertThat(Errno.name(999)).isEqualTo("errno 999");
        assertThat(Errno.name(0)).isEqualTo("errno 0");
        assertThat(Errno.name(-1)).isEqualTo("errno -1");
        assertThat(Errno.name(41)).isEqualTo("errno 41");
        assertThat(Errno.text(41)).isEqualTo("unknown error");
    }
}
