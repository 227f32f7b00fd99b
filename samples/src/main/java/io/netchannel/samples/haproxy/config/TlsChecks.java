package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.expression.Expression;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Use;
import io.netchannel.samples.haproxy.proxy.ServerTraffic;
import io.netchannel.samples.haproxy.tls.BindTls;
import io.netchannel.samples.haproxy.tls.ServerTls;
import java.util.List;

/**
 * Makes the TLS of binds, servers and checks. What asks for TLS has it after this or is refused: nothing goes in clear text that
 * was meant to be secret.
 */
final class TlsChecks {

    private static final String CHECK_ALPN = "'check-alpn'";
    private final ParseContext context;

    TlsChecks(final ParseContext context) {
        this.context = context;
    }

    void run() {
        for (final BindSettings socket : context.configuration().global().get(GlobalOptions.STATS_SOCKETS)) {
            if (socket.get(TlsOptions.SSL)) {
                alert("parsing [" + socket.file() + ":" + socket.line() + "] : 'stats socket' : 'ssl'"
                        + " option is not implemented in this version (check build options).");
            }
        }
        for (final ProxySection proxy : context.configuration().proxies()) {
            for (final BindSettings bind : proxy.get(ProxySettings.BINDS)) {
                bind(proxy, bind);
            }
            for (final ServerSettings server : proxy.get(ProxySettings.SERVERS)) {
                server(proxy, server);
            }
        }
    }

    private void bind(final ProxySection proxy, final BindSettings bind) {
        final String name = "bind '" + bind.addressText() + "' at [" + bind.file() + ":" + bind.line() + "]";
        if (!bind.get(TlsOptions.SSL)) {
            if (!bind.get(TlsOptions.CERTIFICATES).isEmpty()) {
                context.wholeWarning("Proxy '" + proxy.name()
                        + "': A certificate was specified but SSL was not enabled on " + name + " (use 'ssl').");
            }
            return;
        }
        if (bind.get(TlsOptions.CERTIFICATES).isEmpty()) {
            alert("Proxy '" + proxy.name() + "': no SSL certificate specified for " + name + " (use 'crt').");
            return;
        }
        final TlsOptions.Verify verify = bind.get(TlsOptions.VERIFY);
        if (verify != null && verify != TlsOptions.Verify.NONE && bind.get(TlsOptions.CA_FILE) == null) {
            alert("Proxy '" + proxy.name() + "': verify is enabled but no CA file specified for " + name + ".");
            return;
        }
        final String place = "parsing [" + bind.file() + ":" + bind.line() + "] : 'bind " + bind.addressText()
                + "' in section '" + proxy.kind().text() + "' : ";
        if (proxy.get(ProxySettings.MODE) == ProxySettings.Mode.HTTP && bind.get(TlsOptions.ALPN).contains("h2")) {
            alert(place + "'alpn' : 'h2' is not implemented in this version, only 'http/1.1'.");
            return;
        }
        try {
            bind.set(BindTls.SETTING, BindTls.of(bind));
        } catch (final ConfigException e) {
            alert(place + e.getMessage());
        }
    }

    private void server(final ProxySection proxy, final ServerSettings server) {
        final String place = ServerKeywords.describe(proxy, server);
        final boolean checked = server.get(ServerOptions.CHECK) && (server.get(ServerOptions.CHECK_SSL)
                || server.get(ServerTraffic.TLS) && !server.isSet(ServerOptions.CHECK_SSL) && server.get(
                        ServerOptions.CHECK_PORT) == 0 && server.get(ServerOptions.CHECK_ADDRESS) == null);
        if (checked && !server.get(ServerOptions.CHECK_ALPN).isEmpty()) {
            alert(place + CHECK_ALPN + " option is not implemented in this version (check build options).");
        }
        if (!checked && !server.get(ServerTraffic.TLS)) {
            return;
        }
        final boolean byDefault = context.configuration().global()
                .get(GlobalOptions.SERVER_VERIFY) != TlsOptions.Verify.NONE;
        final TlsOptions.Verify said = server.get(TlsOptions.VERIFY);
        final boolean verify = said == null ? byDefault : said != TlsOptions.Verify.NONE;
        if (verify && server.get(TlsOptions.CA_FILE) == null) {
            alert(place + (byDefault
                    ? "verify is enabled by default but no CA file specified. If you're running on a LAN"
                            + " where you're certain to trust the server's certificate, please set an explicit 'verify none'"
                            + " statement on the 'server' line, or use 'ssl-server-verify none' in the global section to disable"
                            + " server-side verifications by default."
                    : "verify is enabled but no CA file specified."));
            return;
        }
        final ParsePlace words = new ParsePlace(new Line(server.file(), server.line(), List.of()), proxy, context,
                Use.SERVER);
        Expression name = null;
        try {
            if (server.get(TlsOptions.SNI) != null) {
                name = Expression.parse(server.get(TlsOptions.SNI), words);
            }
        } catch (final ConfigException e) {
            alert(place + "error detected while parsing sni expression : " + e.getMessage());
            return;
        }
        try {
            if (server.get(ServerTraffic.TLS)) {
                server.set(ServerTls.SETTING, ServerTls.of(server, verify, name));
            }
            if (checked) {
                server.set(ServerTls.OF_CHECKS, ServerTls.of(server, verify, null));
            }
        } catch (final ConfigException e) {
            alert(place + e.getMessage());
        }
    }

    private void alert(final String text) {
        context.diagnostics().add(Diagnostics.Severity.ALERT, text);
    }
}
