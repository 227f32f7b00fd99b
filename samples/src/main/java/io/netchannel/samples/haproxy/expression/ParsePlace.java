package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.ParseContext;
import io.netchannel.samples.haproxy.config.ProxySection;

/**
 * Where an expression stands in the configuration.
 *
 * @param line for messages, and the names of ACLs' references
 * @param proxy whose ACLs and whose name count; null outside of proxies
 * @param context null where nothing can be told or looked up later: names of proxies are taken as they are
 * @param use what kind of line
 */
public record ParsePlace(Line line, ProxySection proxy, ParseContext context, Use use) {

    public ParsePlace withUse(final Use newUse) {
        return new ParsePlace(line, proxy, context, newUse);
    }

    String proxyName() {
        return proxy == null ? "" : proxy.name();
    }

    void warning(final String text) {
        if (context != null) {
            context.warning(text);
        }
    }

    /** A warning that haproxy prints without the place, even while it reads a line. */
    void bareWarning(final String text) {
        if (context != null) {
            context.diagnostics().add(Diagnostics.Severity.WARNING, text);
        }
    }
}
