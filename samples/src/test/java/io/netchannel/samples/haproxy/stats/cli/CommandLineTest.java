package io.netchannel.samples.haproxy.stats.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CommandLineTest {

    @Test
    void shouldPartWordsAtBlanksThatNoBackslashProtects() {
        assertThat(CommandLine.words("  add acl\t#1 Mon\\ User\\ Agent\\; ")).containsExactly("add", "acl", "#1",
                "Mon User Agent;");
        assertThat(CommandLine.words("a\\\\b \\")).containsExactly("a\\b", "");
    }

    @Test
    void shouldNotTakeThePayloadsMarkForAWord() {
        assertThat(CommandLine.words("add map m <<")).containsExactly("add", "map", "m");
        assertThat(CommandLine.words("add map << m")).containsExactly("add", "map", "<<", "m");
    }

    @Test
    void shouldEndACommandAtASemicolonOrLine() {
        assertThat(CommandLine.end("a\\;b;c\n")).isEqualTo(4);
        assertThat(CommandLine.end("abc\nd")).isEqualTo(3);
        assertThat(CommandLine.end("a\\")).isEqualTo(-1);
    }
}
