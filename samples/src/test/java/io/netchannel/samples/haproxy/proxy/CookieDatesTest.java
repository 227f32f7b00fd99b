package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CookieDatesTest {

    @Test
    void shouldWriteDatesAsHaproxyDoes() {
        // 22 Nov 2026 00:05:09 UTC, as haproxy 2.6.12 wrote it.
        assertThat(CookieDates.encode(CookieDates.roundedUp(1_795_305_906))).isEqualTo("awIxt");
        assertThat(CookieDates.decode("awIxt")).isEqualTo(1_795_305_908);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "awIx", "aw;xt"})
    void shouldTakeAnythingElseForNoDate(final String text) {
        assertThat(CookieDates.decode(text)).isZero();
    }
}
