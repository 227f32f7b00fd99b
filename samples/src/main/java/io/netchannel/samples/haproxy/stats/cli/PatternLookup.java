package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.expression.pattern.Entry;
import io.netchannel.samples.haproxy.expression.pattern.PatternReference;
import io.netchannel.samples.haproxy.expression.pattern.PatternSet;
import java.net.Inet6Address;

/** {@code get map} and {@code get acl}: what a value finds, by each way in which the list is compared. */
final class PatternLookup {

    private PatternLookup() {
    }

    static void run(final Call call) {
        final boolean map = "map".equals(call.word(1));
        if (call.word(2).isEmpty() || call.word(3).isEmpty()) {
            call.error("Missing " + (map ? "map" : "ACL") + " identifier and/or key.");
            return;
        }
        final PatternReference reference = PatternCommands.find(call.control(), call.word(2), map);
        if (reference == null) {
            call.error("Unknown " + (map ? "map" : "ACL") + " identifier. Please use #<id> or <file>.");
            return;
        }
        for (final PatternSet set : reference.sets()) {
            call.print(found(set, set.find(new Value.Str(call.word(3))), map));
        }
    }

    private static String found(final PatternSet set, final Entry entry, final boolean map) {
        final StringBuilder text = new StringBuilder("type=").append(set.method().label()).append(", case=")
                .append(set.ignoreCase() ? "insensitive" : "sensitive").append(map ? ", found=" : ", match=")
                .append(entry == null ? "no" : "yes");
        if (entry != null) {
            text.append(", idx=").append(set.isTree() ? "tree" : "list").append(map ? ", key=\"" : ", pattern=\"")
                    .append(entry.element().pattern()).append('"');
            if (map) {
                text.append(", value=\"").append(entry.element().sample()).append("\", type=\"").append(type(
                        entry.value())).append('"');
            }
        }
        return text.append('\n').toString();
    }

    private static String type(final Value value) {
        return switch (value) {
            case final Value.Int _ -> "sint";
            case final Value.Ip ip -> ip.value() instanceof Inet6Address ? "ipv6" : "ipv4";
            case null, default -> "str";
        };
    }
}
