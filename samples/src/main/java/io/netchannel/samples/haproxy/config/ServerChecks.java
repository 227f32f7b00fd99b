package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.check.CheckKeywords;
import io.netchannel.samples.haproxy.proxy.ListenerTraffic;
import io.netchannel.samples.haproxy.proxy.ServerTraffic;
import io.netchannel.samples.haproxy.proxy.TrafficSettings;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What servers and binds must have once all files are read: names and numbers of their own, an address. */
final class ServerChecks {

    private final ParseContext context;
    private boolean unresolved;

    ServerChecks(final ParseContext context) {
        this.context = context;
    }

    void run() throws ConfigException {
        for (final ProxySection proxy : context.configuration().proxies()) {
            numberListeners(proxy);
            tlsDefaults(proxy);
            if (!proxy.get(TrafficSettings.DISABLED) && proxy.hasBackend()) {
                distinctNames(proxy);
                numberServers(proxy);
                for (final ServerSettings server : proxy.get(ProxySettings.SERVERS)) {
                    limits(server);
                    withoutHttp(proxy, server);
                }
            }
            protocols(proxy);
        }
        for (final ProxySection proxy : context.configuration().proxies()) {
            proxy.get(ProxySettings.SERVERS).forEach(server -> withoutResolvers(proxy, server));
        }
        for (final ProxySection proxy : context.configuration().proxies()) {
            proxy.get(ProxySettings.SERVERS).forEach(server -> checkProtocol(proxy, server));
        }
        new TlsChecks(context).run();
        if (context.diagnostics().hasFailed()) {
            return;
        }
        for (final ProxySection proxy : context.configuration().proxies()) {
            if (!proxy.get(TrafficSettings.DISABLED) && proxy.hasBackend()) {
                proxy.get(ProxySettings.SERVERS).forEach(server -> resolve(proxy, server));
            }
        }
        if (unresolved) {
            throw new ConfigException("Failed to initialize server(s) addr.");
        }
    }

    /** Of HTTP there is version 1, for mode http; {@code none} is for the rest. */
    private void protocols(final ProxySection proxy) {
        final String unfit = proxy.get(ProxySettings.MODE) == ProxySettings.Mode.HTTP ? "none" : "h1";
        for (final BindSettings bind : proxy.get(ProxySettings.BINDS)) {
            if (unfit.equals(bind.get(BindOptions.PROTOCOL))) {
                context.diagnostics().add(Diagnostics.Severity.ALERT, proxy + " : MUX protocol '" + unfit
                        + "' is not usable for 'bind " + bind.addressText() + "' at [" + bind.file() + ":" + bind
                                .line()
                        + "].");
            }
        }
        for (final ServerSettings server : proxy.get(ProxySettings.SERVERS)) {
            if (unfit.equals(server.get(ServerOptions.PROTOCOL))) {
                context.diagnostics().add(Diagnostics.Severity.ALERT, proxy + " : MUX protocol '" + unfit
                        + "' is not usable for server '" + server.name() + "' at [" + server.file() + ":" + server
                                .line()
                        + "].");
            }
        }
    }

    private void checkProtocol(final ProxySection proxy, final ServerSettings server) {
        if ((CheckKeywords.isHttp(proxy) ? "none" : "h1").equals(server.get(ServerOptions.CHECK_PROTOCOL))) {
            context.diagnostics().add(Diagnostics.Severity.ALERT, "config: " + proxy + ": server '" + server.name()
                    + "' uses an incompatible MUX protocol for the selected check type");
        }
    }

    private static void numberListeners(final ProxySection proxy) {
        final Set<Integer> taken = new HashSet<>();
        final List<BindSettings> binds = proxy.get(ProxySettings.BINDS);
        binds.forEach(bind -> taken.add(bind.get(ListenerTraffic.ID)));
        int next = 1;
        for (final BindSettings bind : binds) {
            if (bind.get(ListenerTraffic.ID) == 0) {
                while (!taken.add(next)) {
                    next++;
                }
                bind.set(ListenerTraffic.ID, next);
            }
            // A line of several sockets takes as many numbers.
            next += bind.addresses().size();
        }
    }

    private void tlsDefaults(final ProxySection proxy) {
        final GlobalSettings global = context.configuration().global();
        for (final BindSettings bind : proxy.get(ProxySettings.BINDS)) {
            inherit(bind, TlsOptions.CIPHERS, global.get(GlobalOptions.BIND_CIPHERS));
            inherit(bind, TlsOptions.CIPHER_SUITES, global.get(GlobalOptions.BIND_CIPHER_SUITES));
            inherit(bind, TlsOptions.MIN_VERSION, global.get(GlobalOptions.BIND_MIN_VERSION));
            inherit(bind, TlsOptions.MAX_VERSION, global.get(GlobalOptions.BIND_MAX_VERSION));
        }
        for (final ServerSettings server : proxy.get(ProxySettings.SERVERS)) {
            inherit(server, TlsOptions.CIPHERS, global.get(GlobalOptions.SERVER_CIPHERS));
            inherit(server, TlsOptions.CIPHER_SUITES, global.get(GlobalOptions.SERVER_CIPHER_SUITES));
            inherit(server, TlsOptions.MIN_VERSION, global.get(GlobalOptions.SERVER_MIN_VERSION));
            inherit(server, TlsOptions.MAX_VERSION, global.get(GlobalOptions.SERVER_MAX_VERSION));
        }
    }

    private static void inherit(final BindSettings bind, final Setting<String> setting, final String value) {
        if (value != null && !bind.isSet(setting)) {
            bind.set(setting, value);
        }
    }

    private static void inherit(final ServerSettings server, final Setting<String> setting, final String value) {
        if (value != null && !server.isSet(setting)) {
            server.set(setting, value);
        }
    }

    private void distinctNames(final ProxySection proxy) {
        final Map<String, ServerSettings> seen = new HashMap<>();
        for (final ServerSettings server : proxy.get(ProxySettings.SERVERS)) {
            final ServerSettings same = server.get(ServerTraffic.ID) == 0
                    ? seen.putIfAbsent(server.name(), server)
                    : null;
            if (same != null) {
                context.diagnostics().add(Diagnostics.Severity.ALERT, "parsing [" + server.file() + ":" + server.line()
                        + "] : " + proxy + ", another server named '" + server.name()
                        + "' was already defined at line " + same.line() + ", please use distinct names.");
            }
        }
    }

    private static void numberServers(final ProxySection proxy) {
        final Set<Integer> taken = new HashSet<>();
        final List<ServerSettings> servers = proxy.get(ProxySettings.SERVERS);
        servers.forEach(server -> taken.add(server.get(ServerTraffic.ID)));
        int next = 1;
        for (final ServerSettings server : servers) {
            if (server.get(ServerTraffic.ID) == 0) {
                while (!taken.add(next)) {
                    next++;
                }
                server.set(ServerTraffic.ID, next);
                server.set(ServerTraffic.COUNTED_ID, true);
            }
            next++;
        }
    }

    /** Without one of the two, or with them the wrong way round, both are the larger. */
    private static void limits(final ServerSettings server) {
        final int min = server.get(ServerTraffic.MINCONN);
        final int max = server.get(ServerTraffic.MAXCONN);
        if (min > max) {
            server.set(ServerTraffic.MAXCONN, min);
        } else if (max != 0 && min == 0) {
            server.set(ServerTraffic.MINCONN, max);
        }
    }

    /** There is no section of that kind. */
    private void withoutResolvers(final ProxySection proxy, final ServerSettings server) {
        if (server.get(ServerOptions.RESOLVERS) != null) {
            context.diagnostics().add(Diagnostics.Severity.ALERT, proxy + ", server '" + server.name()
                    + "': unable to find required resolvers '" + server.get(ServerOptions.RESOLVERS) + "'");
        }
    }

    private void withoutHttp(final ProxySection proxy, final ServerSettings server) {
        final boolean http = proxy.get(ProxySettings.MODE) == ProxySettings.Mode.HTTP;
        if (!http && server.get(ServerTraffic.REDIRECT) != null) {
            context.diagnostics().add(Diagnostics.Severity.ALERT, proxy
                    + " : server cannot have cookie or redirect prefix in non-HTTP mode.");
        }
        if (!http && server.get(ServerTraffic.COOKIE) != null) {
            context.wholeWarning(proxy + " : ignoring cookie for server '" + server.name()
                    + "' as HTTP mode is disabled.");
        }
        if (proxy.get(ProxySettings.RDP_COOKIE) != null
                && server.get(ServerOptions.ADDRESS) instanceof final Address.Ip ip && ip.relativePort()) {
            context.wholeWarning(proxy + " : RDP cookie persistence will not work for server '" + server.name()
                    + "' because it lacks an explicit port number.");
        }
        final String protocol = server.get(ServerTraffic.TRACK);
        if (protocol != null) {
            track(proxy, server, protocol);
        }
    }

    private void track(final ProxySection proxy, final ServerSettings server, final String name) {
        final int slash = name.indexOf('/');
        final ProxySection target = slash < 0
                ? proxy
                : context.configuration().backend(name.substring(0, slash));
        final String place = ServerKeywords.describe(proxy, server);
        if (target == null) {
            context.diagnostics().add(Diagnostics.Severity.ALERT, place + "unable to find required proxy '"
                    + name.substring(0, slash) + "' for tracking.");
            return;
        }
        final String wanted = name.substring(slash + 1);
        final ServerSettings tracked = target.get(ProxySettings.SERVERS).stream().filter(other -> other.name().equals(
                wanted)).findFirst().orElse(null);
        if (tracked == null) {
            context.diagnostics().add(Diagnostics.Severity.ALERT, place + "unable to find required server '" + wanted
                    + "' for tracking.");
        } else if (tracked == server) {
            context.diagnostics().add(Diagnostics.Severity.ALERT, place + "cannot track server '" + wanted
                    + "': tracking loop detected.");
        } else if (!tracked.get(ServerOptions.CHECK) && !tracked.get(ServerOptions.AGENT_CHECK)
                && tracked.get(ServerTraffic.TRACK) == null) {
            context.diagnostics().add(Diagnostics.Severity.ALERT, place + "unable to use " + target.name() + "/"
                    + tracked.name() + " for tracking as it does not have any check nor agent enabled.");
        }
    }

    /** The manual, init-addr: the first of the methods that gives an address. */
    private void resolve(final ProxySection proxy, final ServerSettings server) {
        if (!(server.get(ServerOptions.ADDRESS) instanceof final Address.Ip address) || address.ip() != null) {
            return;
        }
        List<String> methods = server.get(ServerOptions.INIT_ADDRESS);
        if (methods == null) {
            methods = List.of("last", "libc");
        }
        final boolean ignore = context.configuration().global().get(GlobalOptions.IGNORE_UNRESOLVED);
        final String place = ServerKeywords.describe(proxy, server);
        boolean tried = false;
        for (final String method : methods) {
            switch (method) {
                case "last" -> {
                    // A server's state of before is applied when it starts.
                }
                case "none" -> {
                    disable(server, tried, place, address.host());
                    return;
                }
                case "libc" -> {
                    tried = true;
                    final InetAddress ip = AddressParser.resolve(address.host(), false);
                    if (ip != null) {
                        set(server, address, ip);
                        return;
                    }
                }
                default -> {
                    if (tried) {
                        context.wholeWarning(place + "could not resolve address '" + address.host()
                                + "', falling back to configured address.");
                    }
                    set(server, address, AddressParser.literal(method, false));
                    return;
                }
            }
        }
        if (ignore) {
            disable(server, tried, place, address.host());
            return;
        }
        unresolved = true;
        context.diagnostics().add(Diagnostics.Severity.ALERT, place + (tried
                ? "could not resolve address '"
                : "no method found to resolve address '") + address.host() + "'.");
    }

    private static void set(final ServerSettings server, final Address.Ip address, final InetAddress ip) {
        server.set(ServerOptions.ADDRESS, new Address.Ip(address.host(), ip, address.port(), address.relativePort()));
    }

    private void disable(final ServerSettings server, final boolean tried, final String place, final String host) {
        if (tried) {
            context.wholeWarning(place + "could not resolve address '" + host + "', disabling server.");
        }
        server.set(ServerOptions.UNRESOLVED, true);
    }
}
