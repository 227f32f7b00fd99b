package io.netchannel.samples.haproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions of {@code .if} and {@code -cc}: configuration manual, 2.4. */
final class PredicatesTest {

    private static boolean holds(final String text) throws LexerException {
        return Predicates.evaluate(text, Map.of("HOME", "/root")::get);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-1", "!0", "!!1", "1 && 1", "0 || 1", "1 || 0 && 0", "(0 || 1) && 1", "! (0)",
        "defined(HOME)", "!defined(NONE)", "feature(EPOLL)", "!feature(LUA)", "!feature(NOSUCH)",
        "streq(a,a)", "streq('\"a,b\"','\"a,b\"')", "strneq(a,b)", "streq(\"$HOME\",/root)", "version_atleast(2.6)",
        "version_atleast(2.6-dev4)", "version_atleast(2.5.99)", "version_before(2.6.1)", "!version_before(2.6)",
        "!openssl_version_atleast(1.1)"})
    void shouldHold(final String text) throws LexerException {
        assertThat(holds(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "!1", "1 && 0", "0 || 0", "(1 && 0) || 0", "defined(NONE)", "streq(a,b)",
        "version_before(2.6)", "version_atleast(2.7)", "version_atleast(3)"})
    void shouldNotHold(final String text) throws LexerException {
        assertThat(holds(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch(1)", "1 1", "(1", "1 &&", "streq(a", "streq(a)", "streq(a,b,c)", "'1", "()",
        "defined"})
    void shouldRefuse(final String text) {
        assertThatThrownBy(() -> holds(text)).isInstanceOf(LexerException.class);
    }

    @Test
    void shouldNotRecurseWithoutEnd() {
        assertThatThrownBy(() -> holds("(".repeat(5_000) + "1" + ")".repeat(5_000))).isInstanceOf(LexerException.class);
    }
}
