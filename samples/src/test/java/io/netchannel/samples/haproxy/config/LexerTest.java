package io.netchannel.samples.haproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.strings;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Words of a line: configuration manual, 2.2 and 2.3. */
final class LexerTest {

    private static final Map<String, String> VARIABLES = Map.of("A", "x", "LIST", "one  two three", "EMPTY", "",
            ".LINE", "7");

    private static List<String> split(final String text) throws LexerException {
        return Lexer.split(text, VARIABLES::get);
    }

    @Test
    void shouldSplitAtWhiteSpace() throws LexerException {
        assertThat(split("a  b\tc")).containsExactly("a", "b", "c");
    }

    @Test
    void shouldKeepSpacesInQuotesAndAfterBackslashes() throws LexerException {
        assertThat(split("\"a b\" 'c d' e\\ f")).containsExactly("a b", "c d", "e f");
    }

    @Test
    void shouldJoinQuotedPartsOfOneWord() throws LexerException {
        assertThat(split("a\"b c\"'d'e")).containsExactly("ab cde");
    }

    @Test
    void shouldEndAtCommentOutsideQuotes() throws LexerException {
        assertThat(split("a \"#b\" \\#c # d")).containsExactly("a", "#b", "#c", "");
    }

    @Test
    void shouldResolveEscapes() throws LexerException {
        assertThat(split("\\t\\n\\r\\x41\\\\ \\'\\\" \\1")).containsExactly("\t\n\rA\\", "'\"", "\\1");
    }

    @Test
    void shouldLeaveEverythingInSingleQuotes() throws LexerException {
        assertThat(split("'\\t${A}\"#'")).containsExactly("\\t${A}\"#");
    }

    @Test
    void shouldExpandVariablesOnlyInDoubleQuotes() throws LexerException {
        assertThat(split("\"$A${A}\" ${A} \"\\$A\"")).containsExactly("xx", "${A}", "$A");
    }

    @Test
    void shouldTakeDefaultOfVariableThatIsNotSet() throws LexerException {
        assertThat(split("\"${NONE-d e}\" \"${A-d}\" \"${EMPTY-d}\" \"${NONE}\"")).containsExactly("d e", "x", "", "");
    }

    @Test
    void shouldExpandVariableIntoWords() throws LexerException {
        assertThat(split("a \"${LIST[*]}\" b")).containsExactly("a", "one", "two", "three", "b");
        assertThat(split("a \"${LIST}\"")).containsExactly("a", "one  two three");
    }

    @Test
    void shouldKnowPseudoVariables() throws LexerException {
        assertThat(split("\"${.LINE}\"")).containsExactly("7");
        assertThatThrownBy(() -> split("\"${.NOSUCH}\"")).isInstanceOf(LexerException.class);
    }

    @Test
    void shouldNamePlaceOfUnmatchedQuote() {
        assertThatThrownBy(() -> split("ab 'c")).isInstanceOfSatisfying(LexerException.class, e -> {
            assertThat(e).hasMessage("unmatched quote");
            assertThat(e.position()).isEqualTo(3);
        });
    }

    @Test
    void shouldRefuseWhatIsNoVariable() {
        assertThatThrownBy(() -> split("\"$9\"")).hasMessage("forbidden first char in environment variable name");
        assertThatThrownBy(() -> split("\"${A\"")).hasMessage("unmatched brace in environment variable name");
        assertThatThrownBy(() -> split("\"${A[1]}\"")).hasMessage("truncated or invalid word expansion sequence");
        assertThatThrownBy(() -> split("\\x4")).hasMessage("truncated or invalid hexadecimal sequence");
    }

    @Test
    void shouldGiveBackAnyWordsThatAreQuoted() {
        qt().forAll(lists().of(strings().betweenCodePoints(0x20, 0xff).ofLengthBetween(0, 12)).ofSizeBetween(1, 8))
                .check(words -> {
                    try {
                        final String line = String.join(" ", words.stream().map(LexerTest::quoted).toList());
                        return split(line).equals(words);
                    } catch (final LexerException e) {
                        return false;
                    }
                });
    }

    private static String quoted(final String word) {
        return "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + "\"";
    }

    @Test
    void shouldSplitAnyTextOrNamePlaceInIt() {
        qt().forAll(strings().betweenCodePoints(0x01, 0x7f).ofLengthBetween(0, 40)).check(text -> {
            try {
                return !split(text).isEmpty();
            } catch (final LexerException e) {
                return e.position() >= 0 && e.position() <= text.length();
            }
        });
    }
}
