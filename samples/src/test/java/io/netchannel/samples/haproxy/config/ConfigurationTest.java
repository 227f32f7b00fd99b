package io.netchannel.samples.haproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.haproxy.balance.Algorithm;
import io.netchannel.samples.haproxy.balance.BalanceSettings;
import io.netchannel.samples.haproxy.proxy.CookieSettings;
import io.netchannel.samples.haproxy.proxy.GlobalTraffic;
import io.netchannel.samples.haproxy.proxy.ListenerTraffic;
import io.netchannel.samples.haproxy.proxy.ServerTraffic;
import io.netchannel.samples.haproxy.proxy.TimeoutSettings;
import io.netchannel.samples.haproxy.proxy.TrafficSettings;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What good configurations come to. */
final class ConfigurationTest {

    private final Diagnostics diagnostics = new Diagnostics();

    private Configuration read(final String... texts) {
        final Configuration configuration = new Configuration(new Environment(Map.of("port", "8080", "host", "::1")));
        final ConfigurationReader reader = new ConfigurationReader(configuration, AllKeywords.create(), diagnostics);
        for (int i = 0; i < texts.length; i++) {
            reader.read("file" + i, texts[i]);
        }
        return diagnostics.hasFailed() ? configuration : reader.finish();
    }

    private Configuration good(final String... texts) {
        final Configuration configuration = read(texts);
        assertThat(diagnostics.messages()).isEmpty();
        return configuration;
    }

    @Test
    void shouldInheritLastDefaults() {
        final Configuration configuration = good("""
                defaults
                    mode http
                    timeout client 1s
                    timeout connect 2s
                    timeout server 3s
                defaults
                    timeout client 4s
                    timeout connect 2s
                    timeout server 3s
                frontend f
                    bind 127.0.0.1:1
                """);

        final ProxySection proxy = configuration.frontend("f");
        assertThat(proxy.get(ProxySettings.MODE)).isEqualTo(ProxySettings.Mode.TCP);
        assertThat(proxy.get(TimeoutSettings.CLIENT)).isEqualTo(4_000);
    }

    @Test
    void shouldInheritNamedDefaults() {
        final Configuration configuration = good("""
                defaults base
                    mode http
                    timeout client 1s
                defaults more from base
                    timeout connect 2s
                    timeout server 3s
                defaults other
                listen l from more
                    bind 127.0.0.1:1
                """);

        final ProxySection proxy = configuration.frontend("l");
        assertThat(proxy.get(ProxySettings.MODE)).isEqualTo(ProxySettings.Mode.HTTP);
        assertThat(proxy.get(TimeoutSettings.SERVER)).isEqualTo(3_000);
        assertThat(configuration.backend("l")).isSameAs(proxy);
    }

    @Test
    void shouldNotChangeDefaultsByWhatInherits() {
        final Configuration configuration = good("""
                defaults
                    option http-server-close
                    timeout client 1s
                frontend f
                    bind 127.0.0.1:1
                    no option http-server-close
                frontend g
                    bind 127.0.0.1:2
                """);

        assertThat(configuration.frontend("f").get(TrafficSettings.CONNECTION_MODE)).isEqualTo(
                TrafficSettings.ConnectionMode.KEEP_ALIVE);
        assertThat(configuration.frontend("g").get(TrafficSettings.CONNECTION_MODE)).isEqualTo(
                TrafficSettings.ConnectionMode.SERVER_CLOSE);
    }

    @Test
    void shouldReadAddressesOfBinds() throws Exception {
        final Configuration configuration = good("""
                frontend f
                    timeout client 1s
                    bind 127.0.0.1:8000-8002,:443 name web
                    bind [::1]:${port}
                    bind "ipv6@:81" v6only
                    bind abns@x
                    bind /tmp/hap.sock mode 600
                """);

        final List<BindSettings> binds = configuration.frontend("f").get(ProxySettings.BINDS);
        final InetAddress local = InetAddress.ofLiteral("127.0.0.1");
        assertThat(binds.getFirst().addresses()).containsExactly(new Address.Ip("127.0.0.1", local, 8000, false),
                new Address.Ip("127.0.0.1", local, 8001, false), new Address.Ip("127.0.0.1", local, 8002, false),
                new Address.Ip("", InetAddress.ofLiteral("0.0.0.0"), 443, false));
        assertThat(binds.getFirst().get(ListenerTraffic.NAME)).isEqualTo("web");
        assertThat(binds.get(1).addresses()).containsExactly(new Address.Ip("[::1]", InetAddress.ofLiteral("::1"), 8080,
                false));
        assertThat(binds.get(2).addresses())
                .containsExactly(new Address.Ip("", InetAddress.ofLiteral("::"), 81, false));
        assertThat(binds.get(3).addresses()).containsExactly(new Address.Abstract("x"));
        assertThat(binds.get(4).addresses()).containsExactly(new Address.Unix("/tmp/hap.sock"));
        assertThat(binds.get(4).get(BindOptions.FILE_MODE)).isEqualTo(0600);
        // Each socket counts.
        assertThat(binds.stream().map(bind -> bind.get(ListenerTraffic.ID))).containsExactly(1, 5, 6, 7, 8);
    }

    @Test
    void shouldReadAddressesOfServers() throws Exception {
        final Configuration configuration = good("""
                backend b
                    timeout connect 1s
                    timeout server 1s
                    server a 127.0.0.1
                    server b 127.0.0.1:80
                    server c 127.0.0.1:+80
                    server d ::1:-5
                    server e unix@/tmp/x
                    server f nosuch.invalid:80 init-addr none
                """);

        final InetAddress local = InetAddress.ofLiteral("127.0.0.1");
        final List<ServerSettings> servers = configuration.backend("b").get(ProxySettings.SERVERS);
        assertThat(servers.stream().limit(5).map(server -> server.get(ServerOptions.ADDRESS))).containsExactly(
                new Address.Ip("127.0.0.1", local, 0, true), new Address.Ip("127.0.0.1", local, 80, false),
                new Address.Ip("127.0.0.1", local, 80, true), new Address.Ip("::1", InetAddress.ofLiteral("::1"), -5,
                        true),
                new Address.Unix("/tmp/x"));
        assertThat(servers.get(5).get(ServerOptions.UNRESOLVED)).isTrue();
    }

    @Test
    void shouldStartServersWithDefaultServer() {
        final Configuration configuration = good("""
                backend b
                    mode http
                    timeout connect 1s
                    timeout server 1s
                    default-server inter 5s weight 10 maxconn 7 backup
                    server a 127.0.0.1:80 check no-backup
                    server b 127.0.0.1:81 inter 1s minconn 9 id 1
                    server-template t 2-3 127.0.0.1:82 cookie c
                """);

        final List<ServerSettings> servers = configuration.backend("b").get(ProxySettings.SERVERS);
        assertThat(servers.stream().map(ServerSettings::name)).containsExactly("a", "b", "t2", "t3");
        // haproxy counts the ones with a number too.
        assertThat(servers.stream().map(server -> server.get(ServerTraffic.ID))).containsExactly(2, 1, 4, 5);
        assertThat(servers.stream().map(server -> server.get(ServerTraffic.BACKUP))).containsExactly(false, true, true,
                true);
        assertThat(servers.stream().map(server -> server.get(ServerOptions.INTER_MS))).containsExactly(5_000L, 1_000L,
                5_000L, 5_000L);
        assertThat(servers.get(0).get(ServerTraffic.MINCONN)).isEqualTo(7);
        assertThat(servers.get(1).get(ServerTraffic.MAXCONN)).isEqualTo(9);
        assertThat(servers.get(3).get(ServerTraffic.COOKIE)).isEqualTo("c");
    }

    @Test
    void shouldReadTrafficOfProxies() {
        final Configuration configuration = good("""
                listen l
                    mode http
                    bind 127.0.0.1:1
                    timeout client 1s
                    timeout connect 1s
                    timeout server 1s
                    option httpclose
                    option forwardfor except 10.0.0.0/8 header X-Client if-none
                    option redispatch 2
                    retry-on conn-failure 503
                    http-reuse never
                    cookie SRV insert indirect nocache maxidle 30m domain .example.com
                    balance uri len 8 depth 2 whole
                    hash-type consistent
                    monitor-uri /alive
                    rate-limit sessions 100
                    stats uri /stats
                    stats auth a:b
                    compression algo gzip
                    compression type text/ application/json
                """);

        final ProxySection proxy = configuration.frontend("l");
        assertThat(proxy.get(TrafficSettings.CONNECTION_MODE)).isEqualTo(TrafficSettings.ConnectionMode.CLOSE);
        final TrafficSettings.AddressField field = proxy.get(TrafficSettings.FORWARD_FOR);
        assertThat(field.field()).isEqualTo("X-Client");
        assertThat(field.ifNone()).isTrue();
        assertThat(field.except()).accepts(InetAddress.ofLiteral("10.1.2.3")).rejects(InetAddress.ofLiteral("11.0.0.1"),
                InetAddress.ofLiteral("::1"));
        assertThat(proxy.get(TrafficSettings.REDISPATCH)).isEqualTo(2);
        assertThat(proxy.get(TrafficSettings.RETRY_ON)).isEqualTo(Set.of(TrafficSettings.RetryOn.CONNECTION_FAILURE));
        assertThat(proxy.get(TrafficSettings.RETRY_STATUSES)).isEqualTo(Set.of(503));
        assertThat(proxy.get(TrafficSettings.REUSE)).isEqualTo(TrafficSettings.Reuse.NEVER);
        final CookieSettings cookie = proxy.get(TrafficSettings.COOKIE);
        assertThat(cookie.mode()).isEqualTo(CookieSettings.Mode.INSERT);
        assertThat(cookie.maxIdleS()).isEqualTo(1_800);
        assertThat(cookie.domains()).containsExactly(".example.com");
        final Algorithm balance = proxy.get(BalanceSettings.ALGORITHM);
        assertThat(balance.kind()).isEqualTo(Algorithm.Kind.URI);
        assertThat(List.of(balance.lengthLimit(), balance.depth())).containsExactly(8, 2);
        assertThat(proxy.get(BalanceSettings.HASH_TYPE).avalanche()).isTrue();
        assertThat(proxy.get(TrafficSettings.RATE_LIMIT)).isEqualTo(100);
        assertThat(proxy.get(StatsSettings.URI)).isEqualTo("/stats");
        assertThat(proxy.get(StatsSettings.ACCOUNTS)).containsExactly("a:b");
        assertThat(proxy.get(CompressionSettings.TYPES)).containsExactly("text/", "application/json");
    }

    @Test
    void shouldForgetStatsOfDefaultsInProxyWithItsOwn() {
        final Configuration configuration = good("""
                defaults
                    mode http
                    timeout client 1s
                    stats auth a:b
                frontend f
                    bind 127.0.0.1:1
                    stats uri /x
                frontend g
                    bind 127.0.0.1:2
                """);

        assertThat(configuration.frontend("f").get(StatsSettings.ACCOUNTS)).isEmpty();
        assertThat(configuration.frontend("g").get(StatsSettings.ACCOUNTS)).containsExactly("a:b");
    }

    @Test
    void shouldReadGlobal() {
        final Configuration configuration = read("""
                global
                    maxconn 500
                    nbthread 4
                    tune.bufsize 16000
                    stats socket /tmp/s.sock level admin
                    stats timeout 30s
                    hard-stop-after 5s
                    presetenv port 1
                    setenv NEW 2
                """);

        final GlobalSettings global = configuration.global();
        assertThat(global.get(GlobalTraffic.MAXCONN)).isEqualTo(500);
        assertThat(global.get(GlobalTraffic.BUFFER_BYTES)).isEqualTo(16_000);
        assertThat(global.get(GlobalOptions.STATS_SOCKETS).getFirst().get(BindOptions.LEVEL)).isEqualTo(
                BindOptions.Level.ADMIN);
        assertThat(global.get(GlobalOptions.HARD_STOP_AFTER_MS)).isEqualTo(5_000);
        assertThat(configuration.environment().get("port")).isEqualTo("8080");
        assertThat(configuration.environment().get("NEW")).isEqualTo("2");
    }

    @Test
    void shouldKeepSectionsOfSeveralFilesApart() {
        final Configuration configuration = read("defaults\n timeout client 1s\n", "frontend f\n bind 127.0.0.1:1\n",
                " mode http\n");

        assertThat(configuration.frontend("f").get(TimeoutSettings.CLIENT)).isEqualTo(1_000);
        assertThat(diagnostics.messages()).containsExactly(new Diagnostics.Message(Diagnostics.Severity.ALERT,
                "parsing [file2:1]: unknown keyword 'mode' out of section."));
    }

    @Test
    void shouldNumberProxiesPastThoseThatAreGiven() {
        final Configuration configuration = good("""
                defaults
                    timeout client 1s
                frontend a
                    bind 127.0.0.1:1
                frontend b
                    bind 127.0.0.1:2
                    id 3
                frontend c
                    bind 127.0.0.1:3
                frontend d
                    bind 127.0.0.1:4
                """);

        assertThat(configuration.proxies().stream().map(proxy -> proxy.get(TrafficSettings.ID))).containsExactly(1, 3,
                4,
                5);
    }

    @Test
    void shouldWarnOfMissingTimeoutsAndIgnoredOptions() {
        read("""
                listen l
                    option checkcache
                    option forwardfor
                    cookie x insert
                    balance uri
                """);

        assertThat(diagnostics.messages().stream().map(message -> message.text().lines().findFirst().orElse("")))
                .containsExactly("cookie will be ignored for proxy 'l' (needs 'mode http').",
                        "Layer 7 hash not possible for proxy 'l' (needs 'mode http'). Falling back to round robin.",
                        "proxy 'l' has no 'bind' directive. Please declare it as a backend if this was intended.",
                        "missing timeouts for proxy 'l'.",
                        "'option forwardfor' ignored for proxy 'l' as it requires HTTP mode.",
                        "'option checkcache' ignored for proxy 'l' as it requires HTTP mode.");
        assertThat(diagnostics.hasFailed()).isFalse();
    }

    @Test
    void shouldAlertOfBackendsThatDoNotFit() {
        read("""
                defaults
                    timeout client 1s
                frontend a
                    mode http
                    bind 127.0.0.1:1
                    default_backend nosuch
                frontend b
                    mode http
                    bind 127.0.0.1:2
                    default_backend tcp
                    use_backend nosuch if TRUE
                backend tcp
                """);

        assertThat(diagnostics.messages().stream().map(Diagnostics.Message::text)).containsExactly(
                "Proxy 'a': unable to find required default_backend: 'nosuch'.",
                "http frontend 'b' (file0:7) tries to use incompatible tcp backend 'tcp' (file0:12) as its default "
                        + "backend (see 'mode').",
                "Proxy 'b': unable to find required use_backend: 'nosuch'.");
    }

    @Test
    void shouldAlertOfServersThatDoNotFit() {
        read("""
                backend b
                    timeout connect 1s
                    timeout server 1s
                    server a 127.0.0.1:1
                    server a 127.0.0.1:2
                    server c 127.0.0.1:3 track nosuch
                    server d 127.0.0.1:4 track x/a
                    server e 127.0.0.1:4 track a
                    server f 127.0.0.1:5 redir http://x
                    server g 127.0.0.1:5 cookie g
                """);

        assertThat(diagnostics.messages().stream().map(Diagnostics.Message::text)).containsExactly(
                "parsing [file0:5] : backend 'b', another server named 'a' was already defined at line 4, please use "
                        + "distinct names.",
                "[file0:6] : 'server b/c' : unable to find required server 'nosuch' for tracking.",
                "[file0:7] : 'server b/d' : unable to find required proxy 'x' for tracking.",
                "[file0:8] : 'server b/e' : unable to use b/a for tracking as it does not have any check nor agent "
                        + "enabled.",
                "backend 'b' : server cannot have cookie or redirect prefix in non-HTTP mode.",
                "backend 'b' : ignoring cookie for server 'g' as HTTP mode is disabled.");
    }
}
