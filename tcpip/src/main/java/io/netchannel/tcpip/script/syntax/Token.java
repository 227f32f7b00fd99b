package io.netchannel.tcpip.script.syntax;

/**
 * A word of the language.
 *
 * @param text of an option its name; of strings, commands and code what is between the delimiters; else as written
 * @param value of an option what follows the {@code =}, or null
 */
record Token(Kind kind, String text, String value, int line, int column) {

    enum Kind {
        OPTION("an option"), INTEGER("a number"), HEX("a number"), DECIMAL("a number"), WORD("a word"), STRING(
                "a string"), COMMAND("a command"), CODE("code"), ADDRESS("an address"), ELLIPSIS("..."), PUNCTUATION(
                        "punctuation"), END("the end of the file");

        private final String description;

        Kind(final String description) {
            this.description = description;
        }

        String description() {
            return description;
        }
    }

    boolean is(final String symbol) {
        return (kind == Kind.PUNCTUATION || kind == Kind.WORD || kind == Kind.ELLIPSIS) && text.equals(symbol);
    }

    @Override
    public String toString() {
        return kind == Kind.END
                ? kind.description()
                : "'" + (text.length() > 40 ? text.substring(0, 40) + "…" : text)
                        + "'";
    }
}
