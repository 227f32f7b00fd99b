package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.stick.DataType;
import io.netchannel.samples.haproxy.stick.StickEntry;
import io.netchannel.samples.haproxy.stick.StickTable;
import io.netchannel.samples.haproxy.stick.TableConfig;
import java.util.Map;

/** An entry of a table as {@code show table} prints it. */
final class EntryText {

    private EntryText() {
    }

    static String of(final StickTable table, final StickEntry entry, final long now) {
        final StringBuilder text = new StringBuilder("0x").append(Integer.toHexString(System.identityHashCode(entry)))
                .append(": key=").append(entry.keyText()).append(" use=").append(entry.trackers()).append(" exp=")
                .append(table.config().expireMs() == 0 ? 0 : entry.remainingMs(now));
        for (final Map.Entry<DataType, TableConfig.Store> stored : table.config().stores().entrySet()) {
            final DataType type = stored.getKey();
            final String period = type.isRate() ? "(" + stored.getValue().periodMs() + ")" : "";
            if (type.isArray()) {
                for (int i = 0; i < stored.getValue().elements(); i++) {
                    text.append(' ').append(type.element(i)).append(period).append('=')
                            .append(entry.get(type.text() + "(" + i + ")", now));
                }
            } else {
                text.append(' ').append(type.text()).append(period).append('=');
                if (type == DataType.SERVER_KEY) {
                    text.append(entry.serverKey() == null ? "-" : entry.serverKey());
                } else {
                    text.append(entry.get(type.text(), now));
                }
            }
        }
        return text.append('\n').toString();
    }
}
