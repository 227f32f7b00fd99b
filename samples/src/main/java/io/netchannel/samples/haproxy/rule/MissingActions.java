package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import java.util.EnumSet;
import java.util.Set;

/** Actions of haproxy that this proxy doesn't have: refused by their name. */
final class MissingActions {

    private MissingActions() {
    }

    static void register(final ActionTable table) {
        final Set<RuleKind> http = ActionTable.REQUEST_AND_RESPONSE;
        final Set<RuleKind> streams = ActionTable.STREAM;
        table.add(http, "cache-use", words -> refuse(words, "there is no cache"));
        table.add(http, "cache-store", words -> refuse(words, "there is no cache"));
        table.add(EnumSet.of(RuleKind.TCP_CONNECTION), "expect-netscaler-cip",
                words -> refuse(words, "the NetScaler protocol is not known"));
        table.add(streams, "send-spoe-group", words -> refuse(words, "there is no SPOE"));
        table.add(EnumSet.of(RuleKind.TCP_CONTENT, RuleKind.HTTP_REQUEST), "use-service",
                words -> refuse(words, "there are no services"));
        table.add(EnumSet.of(RuleKind.TCP_CONTENT), "switch-mode",
                words -> refuse(words, "a connection keeps its proxy's mode"));
        table.addPrefix(EnumSet.of(RuleKind.TCP_CONTENT, RuleKind.HTTP_REQUEST), "do-resolve",
                words -> refuse(words, "names are not resolved for rules"));
        table.addPrefix(ActionTable.BEFORE_AFTER_RESPONSE, "lua.", words -> refuse(words, "there is no Lua"));
    }

    private static Action refuse(final RuleWords words, final String reason) throws ConfigException {
        throw new ConfigException("action '" + words.action() + "' is not supported: " + reason);
    }
}
