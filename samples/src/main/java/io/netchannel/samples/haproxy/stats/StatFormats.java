package io.netchannel.samples.haproxy.stats;

import java.util.List;

/** Rows as CSV, as one line for each value, and as JSON (management manual, 9.1 to 9.3). */
public final class StatFormats {

    private StatFormats() {
    }

    public static String csv(final List<StatRow> rows) {
        final StringBuilder out = new StringBuilder("# ");
        for (final StatField field : StatField.values()) {
            out.append(field == StatField.SSL_SESS ? "-," : "").append(field.text()).append(',');
        }
        out.append('\n');
        for (final StatRow row : rows) {
            for (final StatField field : StatField.values()) {
                out.append(field == StatField.SSL_SESS ? "-," : "");
                if (row.get(field) != null) {
                    quote(out, row.text(field));
                }
                out.append(',');
            }
            out.append('\n');
        }
        return out.toString();
    }

    /** RFC 4180 section 2.6: quotes only where they are needed. */
    private static void quote(final StringBuilder out, final String text) {
        boolean needed = false;
        for (int i = 0; i < text.length() && !needed; i++) {
            needed = "\",\r\n".indexOf(text.charAt(i)) >= 0;
        }
        if (needed) {
            out.append('"').append(text.replace("\"", "\"\"")).append('"');
        } else {
            out.append(text);
        }
    }

    public static String typed(final List<StatRow> rows, final boolean withDescriptions) {
        final StringBuilder out = new StringBuilder();
        for (final StatRow row : rows) {
            for (final StatField field : StatField.values()) {
                final Metric value = row.get(field);
                if (value != null) {
                    out.append(row.type().letter()).append('.').append(row.proxyId()).append('.').append(row.id())
                            .append('.').append(field.ordinal()).append('.').append(field.text()).append(".1:");
                    typed(out, value);
                    if (withDescriptions) {
                        out.append(":\"").append(field.description()).append('"');
                    }
                    out.append('\n');
                }
            }
        }
        return out.toString();
    }

    static void typed(final StringBuilder out, final Metric value) {
        out.append(value.tags()).append(':').append(value.kind().text()).append(':').append(value.plain());
    }

    public static String json(final List<StatRow> rows) {
        final StringBuilder out = new StringBuilder("[");
        for (final StatRow row : rows) {
            out.append(out.length() == 1 ? "[" : ",[");
            boolean first = true;
            for (final StatField field : StatField.values()) {
                final Metric value = row.get(field);
                if (value != null) {
                    out.append(first ? "" : ",").append("{\"objType\":\"").append(row.type().text())
                            .append("\",\"proxyId\":").append(row.proxyId()).append(",\"id\":").append(row.id())
                            .append(',');
                    json(out, field.ordinal(), field.text(), value);
                    first = false;
                }
            }
            out.append(']');
        }
        return out.append("]\n").toString();
    }

    /** What follows in an object of a value, and its end. */
    static void json(final StringBuilder out, final int position, final String name, final Metric value) {
        out.append("\"field\":{\"pos\":").append(position).append(",\"name\":\"").append(name)
                .append("\"},\"processNum\":1,\"tags\":{\"origin\":\"").append(origin(value.tags().charAt(0)))
                .append("\",\"nature\":\"").append(nature(value.tags().charAt(1))).append("\",\"scope\":\"")
                .append(scope(value.tags().charAt(2))).append("\"},\"value\":{\"type\":\"").append(value.kind().text())
                .append("\",\"value\":");
        if (value.text() == null) {
            out.append(value.plain());
        } else {
            quoteJson(out, value.text());
        }
        out.append("}}");
    }

    /** RFC 8259 section 7. */
    static void quoteJson(final StringBuilder out, final String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static String origin(final char letter) {
        return switch (letter) {
            case 'M' -> "Metric";
            case 'S' -> "Status";
            case 'K' -> "Key";
            case 'C' -> "Config";
            default -> "Product";
        };
    }

    private static String nature(final char letter) {
        return switch (letter) {
            case 'G' -> "Gauge";
            case 'L' -> "Limit";
            case 'm' -> "Min";
            case 'M' -> "Max";
            case 'R' -> "Rate";
            case 'C' -> "Counter";
            case 'D' -> "Duration";
            case 'A' -> "Age";
            case 'T' -> "Time";
            case 'N' -> "Name";
            case 'O' -> "Output";
            default -> "Avg";
        };
    }

    private static String scope(final char letter) {
        return switch (letter) {
            case 'P' -> "Process";
            case 'S' -> "Service";
            case 's' -> "System";
            default -> "Cluster";
        };
    }
}
