package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.SectionKind;
import io.netchannel.samples.haproxy.config.ProxySettings;
import java.util.List;

/** Looks, when all files are read, whether the proxies, servers, tables and user lists that arguments name are there. */
final class Names {

    private final ParsePlace place;
    private final String where;
    private final ArgType type;
    private final String text;
    private final int position;

    private Names(final ParsePlace place, final String keyword, final String converter, final Args args,
            final int position) {
        this.place = place;
        this.type = args.type(position);
        this.text = args.text(position);
        this.position = position;
        this.where = (converter == null ? "" : "conversion keyword '" + converter + "' for ")
                + (place.use() == Use.ACL ? "ACL keyword" : "sample fetch keyword") + " '" + keyword + "' "
                + place.use().label();
    }

    /** @param converter null of a fetch */
    static void check(final Args args, final String fetch, final String converter, final ParsePlace place) {
        if (place.context() == null) {
            return;
        }
        for (int i = 0; i < args.size(); i++) {
            switch (args.type(i)) {
                case FE, BE, SRV, TAB, USR -> {
                    final Names names = new Names(place, fetch, converter, args, i);
                    place.context().afterParsing(context -> names.resolve(context.configuration()));
                }
                default -> {
                    // Its parser knew all about it.
                }
            }
        }
    }

    private void resolve(final Configuration configuration) throws ConfigException {
        switch (type) {
            case FE -> proxy(configuration, "frontend", configuration.frontend(name()));
            case BE -> proxy(configuration, "backend", configuration.backend(name()));
            case SRV -> server(configuration);
            case TAB -> {
                final List<String> tables = configuration.global().get(ExpressionSettings.TABLES);
                if (!tables.contains(name())) {
                    throw failure("unable to find table '" + name() + "' referenced in arg ", "");
                }
            }
            default -> {
                if (text.isEmpty()) {
                    throw failure("missing userlist name in arg ", "");
                }
                if (!configuration.global().get(ExpressionSettings.USER_LISTS).containsKey(text)) {
                    throw failure("unable to find userlist '" + text + "' referenced in arg ", "");
                }
            }
        }
    }

    private String name() {
        return text.isEmpty() ? place.proxyName() : text;
    }

    private void proxy(final Configuration configuration, final String side, final ProxySection found)
            throws ConfigException {
        // In a defaults section it is the proxy that inherits; the section's rules decide of which kind that can be.
        if (found != null || text.isEmpty() && place.proxy() != null && place.proxy().kind() == SectionKind.DEFAULTS) {
            return;
        }
        // The proxy at hand is taken when nothing is named; it may not have that side.
        if (text.isEmpty()) {
            throw failure("proxy '" + name() + "', referenced in arg ", ", has not " + side + " capability");
        }
        throw failure("unable to find " + side + " '" + name() + "' referenced in arg ", "");
    }

    private void server(final Configuration configuration) throws ConfigException {
        if (text.isEmpty()) {
            throw failure("missing server name in arg ", "");
        }
        final int slash = text.lastIndexOf('/');
        final String backend = slash < 0 ? place.proxyName() : text.substring(0, slash);
        final String server = text.substring(slash + 1);
        final ProxySection section = configuration.backend(backend);
        if (section == null && slash >= 0) {
            throw failure("unable to find proxy '" + backend + "' referenced in arg ", "");
        }
        if (section == null
                || section.get(ProxySettings.SERVERS).stream().noneMatch(line -> line.name().equals(server))) {
            throw failure("unable to find server '" + server + "' in proxy '" + backend + "', referenced in arg ", "");
        }
    }

    private ConfigException failure(final String what, final String end) {
        return new ConfigException("parsing " + place.line().place() + ": " + what + (position + 1) + " of " + where
                + " proxy '" + place.proxyName() + "'" + end + ".");
    }
}
