package io.netchannel.samples.haproxy.expression.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.haproxy.config.ConfigException;
import org.junit.jupiter.api.Test;

/** What a text can do to a regular expression that isn't made for it. */
class RegexTest {

    private static Regex regex(final String source) throws ConfigException {
        return Regex.compile(source, false);
    }

    @Test
    void shouldGiveUpOnATextThatCostsTooMuch() throws ConfigException {
        assertThat(regex("^(a+)+$").matches("a".repeat(10_000) + "!")).isFalse();
        assertThat(regex("(.*)(.*)(.*)(.*)(.*)z").matches("a".repeat(10_000))).isFalse();
    }

    @Test
    void shouldMatchTextsThatNestDeep() throws ConfigException {
        final Regex regex = regex("^(/[a-z]|b)*$");
        assertThat(regex.matches("b".repeat(15_000))).isTrue();
        assertThat(regex.end()).isEqualTo(15_000);
        assertThat(regex.group(1)).isEqualTo("b");
        assertThat(regex.matches("b".repeat(15_000) + "!")).isFalse();
        assertThat(regex.matches("/a/b")).isTrue();
    }

    @Test
    void shouldFindOneAfterAnother() throws ConfigException {
        final Regex regex = regex("^a|b");
        assertThat(regex.find("aab", 0)).isTrue();
        assertThat(regex.end()).isEqualTo(1);
        assertThat(regex.find("aab", 1)).isTrue();
        assertThat(regex.start()).isEqualTo(2);
        assertThat(regex.find("aab", 3)).isFalse();
    }

    @Test
    void shouldExpandTemplates() throws ConfigException {
        final Regex regex = regex("(a)(x)?");
        assertThat(regex.matches("-a-")).isTrue();
        assertThat(regex.expand("<\\0\\1\\2\\9\\\\\\x41>")).isEqualTo("<aa\\A>");
        assertThat(regex.expand("\\")).isNull();
        assertThat(regex.expand("\\x4")).isNull();
    }
}
