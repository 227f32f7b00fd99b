package io.netchannel.tcpip.script.code;

import io.netchannel.tcpip.script.code.CodeException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts code into words; a line's end is the word {@code ;}. */
final class CodeLexer {

    static final String END = "";

    private static final Pattern WORD = Pattern.compile("[ \\t\\r]+|#[^\\n]*|\\\\[ \\t]*\\n"
            + "|(?<word>\\n|;|0[xX][0-9a-fA-F]+|[0-9]*\\.[0-9]+|[0-9]+|[A-Za-z_][A-Za-z_0-9]*"
            + "|'[^'\\n]*'|\"[^\"\\n]*\"|\\*\\*|//|<<|>>|==|!=|<=|>=|\\+=|-=|[-+*/%&|^~<>=(),:.\\[\\]{}])");

    private CodeLexer() {
    }

    static List<String> words(final String code) throws CodeException {
        final List<String> words = new ArrayList<>();
        final Matcher matcher = WORD.matcher(code);
        int depth = 0;
        for (int at = 0; at < code.length(); at = matcher.end()) {
            if (!matcher.region(at, code.length()).lookingAt()) {
                throw new CodeException(Reason.UNSUPPORTED, "code: '" + code.charAt(at) + "'");
            }
            final String word = matcher.group("word");
            if (word != null) {
                depth += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
                if (!word.equals("\n")) {
                    words.add(word);
                } else if (depth == 0) {
                    words.add(";");
                }
            }
        }
        words.add(";");
        words.add(END);
        return words;
    }
}
