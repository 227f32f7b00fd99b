package io.netchannel.samples.haproxy.stats;

/** Builds a page; all text that is not markup goes through {@link #text} or {@link #attribute}. */
final class Html {

    private final StringBuilder out = new StringBuilder(16_384);

    Html markup(final String markup) {
        out.append(markup);
        return this;
    }

    Html text(final String text) {
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return this;
    }

    /** {@code name="value"} with a blank before it. */
    Html attribute(final String name, final String value) {
        out.append(' ').append(name).append("=\"");
        return text(value).markup("\"");
    }

    /** A cell, with what is shown over it when the pointer rests there; "": nothing. */
    Html cell(final String value, final String title) {
        markup("<td");
        if (!title.isEmpty()) {
            attribute("title", title);
        }
        return markup(">").text(value).markup("</td>");
    }

    Html cell(final String value) {
        return cell(value, "");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
