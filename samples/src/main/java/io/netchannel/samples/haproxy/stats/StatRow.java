package io.netchannel.samples.haproxy.stats;

import java.util.EnumMap;
import java.util.Map;

/** All that is known of one frontend, listener, server or backend. */
public final class StatRow {

    /** In haproxy's numbers: {@code type} of the table, bits of {@code show stat}. */
    enum Type {
        FRONTEND('F', "Frontend"), BACKEND('B', "Backend"), SERVER('S', "Server"), LISTENER('L', "Listener");

        private final char letter;
        private final String text;

        Type(final char letter, final String text) {
            this.letter = letter;
            this.text = text;
        }

        char letter() {
            return letter;
        }

        String text() {
            return text;
        }
    }

    private final Type type;
    private final int proxyId;
    private final int id;
    private final Map<StatField, Metric> values = new EnumMap<>(StatField.class);

    /** @param id of the server or listener, else 0 */
    StatRow(final Type type, final String proxy, final int proxyId, final String name, final int id) {
        this.type = type;
        this.proxyId = proxyId;
        this.id = id;
        put(StatField.PXNAME, Metric.str("KNS", proxy));
        put(StatField.SVNAME, Metric.str("KNS", name));
        put(StatField.PID, Metric.u32("KGP", 1));
        put(StatField.IID, Metric.u32("KGS", proxyId));
        put(StatField.SID, Metric.u32("KGS", id));
        put(StatField.TYPE, Metric.configured(type.ordinal()));
    }

    Type type() {
        return type;
    }

    int proxyId() {
        return proxyId;
    }

    int id() {
        return id;
    }

    StatRow put(final StatField field, final Metric value) {
        values.put(field, value);
        return this;
    }

    /** @return null if it doesn't apply */
    Metric get(final StatField field) {
        return values.get(field);
    }

    /** "" if it doesn't apply. */
    String text(final StatField field) {
        final Metric value = values.get(field);
        return value == null ? "" : value.plain();
    }

    /** 0 if it doesn't apply. */
    long number(final StatField field) {
        final Metric value = values.get(field);
        return value == null ? 0 : value.number();
    }
}
