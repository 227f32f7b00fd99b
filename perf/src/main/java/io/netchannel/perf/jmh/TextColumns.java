package io.netchannel.perf.jmh;

import java.util.ArrayList;
import java.util.List;

/** Lines whose fields stand below each other. */
final class TextColumns {

    private static final String GAP = "  ";

    private final String alignment;
    private final int[] widths;
    private final List<List<String>> lines = new ArrayList<>();

    /** @param alignment of each column, {@code l} or {@code r} */
    TextColumns(final String alignment, final List<String> titles) {
        this.alignment = alignment;
        widths = new int[titles.size()];
        add(titles);
    }

    void add(final List<String> fields) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], fields.get(i).length());
        }
        lines.add(fields);
    }

    String format() {
        final StringBuilder text = new StringBuilder();
        for (final List<String> line : lines) {
            final StringBuilder padded = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                final String field = line.get(i);
                final String blanks = " ".repeat(widths[i] - field.length());
                padded.append(alignment.charAt(i) == 'l' ? field + blanks : blanks + field).append(GAP);
            }
            text.append(padded.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
