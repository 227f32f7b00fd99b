package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.rule.RuleSet;
import io.netchannel.samples.haproxy.rule.RuleSettings;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Which sections may inherit from a defaults section with rules (configuration manual, 4: defaults). */
final class InheritanceRules {

    private static final List<Setting<RuleSet>> CONNECTION = List.of(RuleSettings.TCP_CONNECTION,
            RuleSettings.TCP_SESSION);
    private static final List<Setting<RuleSet>> ALL = List.of(RuleSettings.TCP_CONNECTION, RuleSettings.TCP_SESSION,
            RuleSettings.TCP_CONTENT, RuleSettings.TCP_RESPONSE, RuleSettings.HTTP_REQUEST, RuleSettings.HTTP_RESPONSE,
            RuleSettings.HTTP_AFTER_RESPONSE);

    /** Of a defaults section with rules: the kind of the sections that inherit from it. */
    private final Map<ProxySection, SectionKind> heirs = new IdentityHashMap<>();

    void check(final SectionKind kind, final ProxySection defaults) throws ConfigException {
        final String place = "(defaults section at " + defaults.file() + ":" + defaults.line() + ").";
        if (hasAny(defaults, ALL)) {
            if (kind == SectionKind.DEFAULTS) {
                throw refused("a defaults section cannot inherit from a defaults section defining TCP/HTTP rules "
                        + place);
            }
            if (kind == SectionKind.LISTEN) {
                throw refused("a listen section cannot inherit from a defaults section defining TCP/HTTP rules.");
            }
            final SectionKind other = heirs.putIfAbsent(defaults, kind);
            if (other != null && other != kind) {
                throw refused("frontends and backends cannot inherit from the same defaults section if it defines "
                        + "TCP/HTTP rules " + place);
            }
            if (!kind.hasFrontend() && hasAny(defaults, CONNECTION)) {
                throw refused("a backend section cannot inherit from a defaults section defining 'tcp-request "
                        + "connection' or 'tcp-request session' rules " + place);
            }
            if (!kind.hasBackend() && hasAny(defaults, List.of(RuleSettings.TCP_RESPONSE))) {
                throw refused("a frontend section cannot inherit from a defaults section defining 'tcp-response "
                        + "content' rules " + place);
            }
        }
        if (kind.hasBackend() && (defaults.get(RuleSettings.REQUEST_CAPTURES).size() > 0
                || defaults.get(RuleSettings.RESPONSE_CAPTURES).size() > 0)) {
            throw refused("backend or defaults sections cannot inherit from a defaults section defining capptures "
                    + place);
        }
    }

    private static ConfigException refused(final String message) {
        return ConfigException.tight(message).aborting();
    }

    private static boolean hasAny(final ProxySection section, final List<Setting<RuleSet>> settings) {
        return settings.stream().anyMatch(setting -> !section.get(setting).isEmpty());
    }
}
