package io.netchannel.tcpip.script.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.tcpip.script.code.CodeException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodeBlockTest {

    private final Map<String, Object> variables = new HashMap<>(Map.of("tcpi_snd_cwnd", 10L, "tcpi_options", 7L));
    private final List<String> output = new ArrayList<>();

    private void run(final String code) throws CodeException {
        CodeBlock.run(code, variables, output::add);
    }

    @ParameterizedTest
    @ValueSource(strings = {"assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd",
        "assert 9 <= tcpi_snd_cwnd <= 11, 'cwnd=%d' % tcpi_snd_cwnd",
        "assert (tcpi_options & 4) != 0", "assert tcpi_options == (1 | 2 | 4)", "assert not 0 and 1 or 0",
        "assert 2 + 3 * 4 == 14; assert 7 // 2 == 3; assert -7 % 4 == 1", "assert 1 << 4 == 0x10",
        "assert 7 / 2 == 3.5",
        "assert ~0 == -1", "# only words\n\nassert True", "x = 3\nx += 4\nassert x == 7, x", "assert (1 ==\n 1)",
        "assert 1 == 1; \\\n assert 2 == 2", "pass", "assert 'a' == \"a\"", "assert not (1 < 2 < 2)"})
    void shouldHold(final String code) throws CodeException {
        run(code);
    }

    @Test
    void shouldTellWhatFailed() {
        assertThatThrownBy(() -> run("assert tcpi_snd_cwnd == 12, tcpi_snd_cwnd")).isInstanceOf(CodeException.class)
                .hasMessage("assert tcpi_snd_cwnd == 12: 10")
                .extracting(e -> ((CodeException) e).reason()).isEqualTo(Reason.FAILED);
    }

    @ParameterizedTest
    @CsvSource({"import os,import", "assert len(x) == 1,len()", "assert unknown == 1,unknown", "if 1: pass,if",
        "assert a.b == 1,a", "x = [1],'['", "assert 1 $ 2,'$'", "assert (1,';'"})
    void shouldNameWhatItDoesNotKnow(final String code, final String name) {
        variables.put("a", 1L);
        assertThatThrownBy(() -> run(code)).isInstanceOf(CodeException.class).hasMessageContaining(name)
                .extracting(e -> ((CodeException) e).reason()).isEqualTo(Reason.UNSUPPORTED);
    }

    @Test
    void shouldFailOnDivisionByZero() {
        assertThatThrownBy(() -> run("x = 1 // 0")).hasMessage("division by zero");
        assertThatThrownBy(() -> run("x = 1 / 0")).hasMessage("division by zero");
    }

    @Test
    void shouldBoundWhatDoublesWithEachLine() {
        assertThatThrownBy(() -> run("x = 'ab'\n" + "x += x\n".repeat(60))).hasMessage("text.length=32768 > MAX=16384");
        assertThatThrownBy(() -> run("x = 'ab'\n" + "x = x % x\n".repeat(60))).hasMessageContaining("> MAX=16384");
        assertThatThrownBy(() -> run("x = (1, 2)\nx = (x, x)")).hasMessage("code: a tuple in a tuple");
    }

    @Test
    void shouldPrint() throws CodeException {
        run("print(tcpi_snd_cwnd); print 'a', 2");
        assertThat(output).containsExactly("10", "(a, 2)");
    }

    @Test
    void shouldRefuseDeepNesting() {
        assertThatThrownBy(() -> run("x = " + "(".repeat(5000))).isInstanceOf(CodeException.class);
        assertThatThrownBy(() -> run("x = " + "-".repeat(5000) + "1")).isInstanceOf(CodeException.class);
    }
}
