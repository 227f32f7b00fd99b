package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.balance.Algorithm;
import io.netchannel.samples.haproxy.balance.BalanceSettings;
import io.netchannel.samples.haproxy.proxy.TimeoutSettings;
import io.netchannel.samples.haproxy.proxy.TrafficSettings;
import io.netchannel.samples.haproxy.rule.CaptureKeywords;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** What each proxy must have, and fit with others, once all files are read. */
final class ProxyChecks {

    private static final Set<Algorithm.Kind> NEED_HTTP = EnumSet.of(Algorithm.Kind.URI, Algorithm.Kind.URL_PARAMETER,
            Algorithm.Kind.FIELD);

    private final ParseContext context;
    private final Configuration configuration;

    ProxyChecks(final ParseContext context) {
        this.context = context;
        this.configuration = context.configuration();
    }

    /** Of all proxies, in the order of the files. */
    void run() throws ConfigException {
        numberProxies();
        for (final ProxySection proxy : configuration.proxies()) {
            if (!proxy.get(TrafficSettings.DISABLED)) {
                check(proxy);
            }
        }
        new ServerChecks(context).run();
    }

    /** The manual, id: numbers that nobody gave are counted, past those that somebody did. */
    private void numberProxies() {
        final Set<Integer> taken = new HashSet<>();
        configuration.proxies().forEach(proxy -> taken.add(proxy.get(TrafficSettings.ID)));
        // The command line is a proxy too, and the first.
        int next = configuration.global().get(GlobalOptions.STATS_SOCKETS).isEmpty() ? 1 : 2;
        for (final ProxySection proxy : configuration.proxies()) {
            if (proxy.get(TrafficSettings.ID) == 0) {
                while (!taken.add(next)) {
                    next++;
                }
                proxy.set(TrafficSettings.ID, next);
                proxy.set(TrafficSettings.COUNTED_ID, true);
            }
            next++;
        }
    }

    private void check(final ProxySection proxy) throws ConfigException {
        final boolean http = proxy.get(ProxySettings.MODE) == ProxySettings.Mode.HTTP;
        if (!http) {
            withoutHttp(proxy);
        }
        if (proxy.hasFrontend() && proxy.get(ProxySettings.BINDS).isEmpty()) {
            context.wholeWarning(proxy + " has no 'bind' directive. Please declare it as a backend if this was "
                    + "intended.");
        }
        if (proxy.hasBackend() && proxy.isSet(BalanceSettings.ALGORITHM)) {
            if (proxy.get(TrafficSettings.TRANSPARENT)) {
                alert(proxy + " cannot use both transparent and balance mode.");
            } else if (proxy.get(TrafficSettings.DISPATCH) != null) {
                context.wholeWarning("dispatch address of " + proxy + " will be ignored in balance mode.");
            }
        }
        captureLength(proxy);
        defaultBackend(proxy);
        timeouts(proxy);
        if (!http) {
            ignoredOptions(proxy);
        }
    }

    private void captureLength(final ProxySection proxy) {
        final int max = configuration.global().get(GlobalOptions.COOKIE_BYTES);
        final CaptureKeywords.Cookie cookie = proxy.get(CaptureKeywords.COOKIE);
        if (cookie != null && cookie.lengthBytes() > max) {
            context.wholeWarning("truncating capture length to " + max + " bytes for " + proxy + ".");
            proxy.set(CaptureKeywords.COOKIE, new CaptureKeywords.Cookie(cookie.name(), max));
        }
    }

    private void alert(final String text) {
        context.diagnostics().add(Diagnostics.Severity.ALERT, text);
    }

    private void withoutHttp(final ProxySection proxy) {
        if (proxy.get(TrafficSettings.COOKIE) != null && proxy.hasBackend()) {
            context.wholeWarning("cookie will be ignored for " + proxy + " (needs 'mode http').");
            proxy.unset(TrafficSettings.COOKIE);
        }
        if (proxy.get(TrafficSettings.MONITOR_URI) != null) {
            context.wholeWarning("monitor-uri will be ignored for " + proxy + " (needs 'mode http').");
            proxy.unset(TrafficSettings.MONITOR_URI);
        }
        if (proxy.hasBackend() && NEED_HTTP.contains(proxy.get(BalanceSettings.ALGORITHM).kind())) {
            context.wholeWarning("Layer 7 hash not possible for " + proxy
                    + " (needs 'mode http'). Falling back to round robin.");
            proxy.set(BalanceSettings.ALGORITHM, Algorithm.ROUND_ROBIN);
        }
    }

    private void defaultBackend(final ProxySection proxy) {
        final String name = proxy.get(TrafficSettings.DEFAULT_BACKEND);
        if (name == null || !proxy.hasFrontend()) {
            return;
        }
        try {
            target(configuration, proxy, name, "default_backend", "as its default backend");
            if (!proxy.get(ProxySettings.SERVERS).isEmpty()) {
                context.wholeWarning(
                        "In proxy '" + proxy.name() + "', the 'default_backend' rule always has precedence "
                                + "over the servers, which will never be used.");
            }
        } catch (final ConfigException e) {
            alert(e.getMessage());
        }
    }

    /** @throws ConfigException if {@code proxy} can't use the backend {@code name} */
    static void target(final Configuration configuration, final ProxySection proxy, final String name,
            final String keyword, final String how) throws ConfigException {
        final ProxySection target = configuration.backend(name);
        if (target == null) {
            throw new ConfigException("Proxy '" + proxy.name() + "': unable to find required " + keyword + ": '" + name
                    + "'.");
        }
        if (target == proxy) {
            throw new ConfigException("Proxy '" + proxy.name() + "': loop detected for " + keyword + ": '" + name
                    + "'.");
        }
        final ProxySettings.Mode from = proxy.get(ProxySettings.MODE);
        final ProxySettings.Mode to = target.get(ProxySettings.MODE);
        if (from == ProxySettings.Mode.HTTP && to == ProxySettings.Mode.TCP) {
            throw new ConfigException(text(from) + " " + proxy + " (" + proxy.file() + ":" + proxy.line()
                    + ") tries to use incompatible " + text(to) + " " + target + " (" + target.file() + ":"
                    + target.line() + ") " + how + " (see 'mode').");
        }
    }

    private static String text(final ProxySettings.Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    private void timeouts(final ProxySection proxy) {
        final boolean client = proxy.hasFrontend() && proxy.get(TimeoutSettings.CLIENT) == 0;
        final boolean server = proxy.hasBackend() && !proxy.get(ProxySettings.SERVERS).isEmpty()
                && (proxy.get(TimeoutSettings.CONNECT) == 0 || proxy.get(TimeoutSettings.SERVER) == 0
                        && (proxy.get(ProxySettings.MODE) == ProxySettings.Mode.HTTP
                                || proxy.get(TimeoutSettings.TUNNEL) == 0));
        if (client || server) {
            context.wholeWarning("missing timeouts for " + proxy + ".\n"
                    + "   | While not properly invalid, you will certainly encounter various problems\n"
                    + "   | with such a configuration. To fix this, please ensure that all following\n"
                    + "   | timeouts are set to a non-zero value: 'client', 'connect', 'server'.");
        }
    }

    private void ignoredOptions(final ProxySection proxy) {
        if (proxy.get(StatsSettings.ENABLED)) {
            ignored("'stats' statement", proxy);
            proxy.unset(StatsSettings.ENABLED);
        }
        if (proxy.get(TrafficSettings.FORWARD_FOR) != null) {
            ignored("'option forwardfor'", proxy);
            proxy.unset(TrafficSettings.FORWARD_FOR);
        }
        if (proxy.get(TrafficSettings.ORIGINAL_TO) != null) {
            ignored("'option originalto'", proxy);
            proxy.unset(TrafficSettings.ORIGINAL_TO);
        }
        for (final OptionKeywords.Flag flag : OptionKeywords.FLAGS) {
            if (flag.needsHttp() && proxy.get(flag.setting())
                    && (flag.frontend() && proxy.hasFrontend() || flag.backend() && proxy.hasBackend())) {
                ignored("'option " + flag.name() + "'", proxy);
                proxy.unset(flag.setting());
            }
        }
    }

    private void ignored(final String what, final ProxySection proxy) {
        context.wholeWarning(what + " ignored for " + proxy + " as it requires HTTP mode.");
    }
}
