package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.haproxy.config.AllKeywords;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.ConfigurationReader;
import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.log.Logs;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What requests' cookies lead to, by a clock that stands still. */
class CookiePersistenceTest {

    private static final long NOW_S = 1_795_305_908;
    private static final long HOUR_S = 3_600;
    private static final String NOW = CookieDates.encode(NOW_S);

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final IoEventLoop loop = group.next();
    private Backend backend;

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private CookiePersistence persistence(final String cookie) throws Exception {
        final Diagnostics diagnostics = new Diagnostics();
        final ConfigurationReader reader = new ConfigurationReader(new Configuration(), AllKeywords.create(),
                diagnostics);
        reader.read("test.cfg", "backend b\nmode http\ntimeout server 5s\ntimeout connect 5s\ncookie SRV " + cookie
                + "\nserver s1 127.0.0.1:8080 cookie a\nserver s2 127.0.0.1:8081 cookie a\n"
                + "server s3 127.0.0.1:8082 cookie c\nserver s4 127.0.0.1:8083\n");
        final Configuration configuration = reader.finish();
        assertThat(diagnostics.hasFailed()).as("%s", diagnostics.messages()).isFalse();
        final Clock clock = new Clock() {
            @Override
            public long nowMs() {
                return 0;
            }

            @Override
            public long wallMs() {
                return NOW_S * 1_000;
            }
        };
        backend = ProxyServer.start(configuration, new LocalTransport(loop, "cookies-"), new ProxyLoop(loop, clock),
                Logs.start(configuration.global(), loop), null, _ -> {
                }).backend("b");
        return backend.persistence();
    }

    private static CookiePersistence.Choice asked(final CookiePersistence persistence, final String value) {
        final HttpMessage request = HttpMessage.request("GET", "/", 1);
        request.add("cookie", "SRV=" + value);
        return persistence.request(request, false);
    }

    /** @return what a server's answer sets; null for nothing */
    private String set(final CookiePersistence persistence, final CookiePersistence.State state, final String server,
            final boolean redispatched) {
        final HttpMessage response = HttpMessage.response(200, "OK", 1);
        persistence.response(HttpMessage.request("GET", "/", 1), response, backend.server(server), state, redispatched);
        return response.first("set-cookie");
    }

    @Test
    void shouldKeepTheFirstDateAndRenewTheLast() throws Exception {
        final CookiePersistence persistence = persistence("insert maxlife 1h maxidle 10m");
        final String first = CookieDates.encode(NOW_S - HOUR_S / 2);
        final CookiePersistence.State state = asked(persistence, "c|" + CookieDates.encode(NOW_S - 60) + "|" + first)
                .state();
        assertThat(state.text()).isEqualTo("VN");
        assertThat(set(persistence, state, "s3", false)).isEqualTo("SRV=c|" + NOW + "|" + first + "; path=/");
        assertThat(set(persistence, CookiePersistence.State.NONE, "s3", false))
                .isEqualTo("SRV=c|" + NOW + "|" + NOW + "; path=/");
    }

    @Test
    void shouldNotFollowWhatIsTooOldOrOfTheFuture() throws Exception {
        final CookiePersistence persistence = persistence("insert maxlife 1h maxidle 10m");
        final String now = "|" + NOW;
        assertThat(asked(persistence, "c" + now + "|" + CookieDates.encode(NOW_S - HOUR_S - 4)).state().text())
                .isEqualTo("ON");
        assertThat(asked(persistence, "c|" + CookieDates.encode(NOW_S - 604) + now).state().text()).isEqualTo("EN");
        assertThat(asked(persistence, "c|" + CookieDates.encode(NOW_S + 25 * HOUR_S) + now).state().text())
                .isEqualTo("EN");
        assertThat(asked(persistence, "c|" + CookieDates.encode(NOW_S + HOUR_S) + now).server())
                .isSameAs(backend.server("s3"));
        assertThat(asked(persistence, "|||").state().text()).isEqualTo("IN");
    }

    @Test
    void shouldRemoveDatesThatAreNoLongerWanted() throws Exception {
        final CookiePersistence persistence = persistence("insert");
        final CookiePersistence.Choice choice = asked(persistence, "c|" + CookieDates.encode(NOW_S - 60));
        assertThat(choice.server()).isSameAs(backend.server("s3"));
        assertThat(set(persistence, choice.state(), "s3", false)).isEqualTo("SRV=c; path=/");
        assertThat(set(persistence, asked(persistence, "c").state(), "s3", false)).isNull();
    }

    @Test
    void shouldGoToTheFirstServerOfAValueThatIsThere() throws Exception {
        final CookiePersistence persistence = persistence("insert");
        assertThat(asked(persistence, "a").server()).isSameAs(backend.server("s1"));
        loop.submit(() -> backend.server("s1").state(Server.State.STOPPED)).sync();
        assertThat(asked(persistence, "a").server()).isSameAs(backend.server("s2"));
        loop.submit(() -> backend.server("s2").state(Server.State.STOPPED)).sync();
        assertThat(asked(persistence, "a").state().text()).isEqualTo("DN");
    }

    @Test
    void shouldTakeTheCookieFromWhoIsAtAServerWithoutOne() throws Exception {
        final CookiePersistence persistence = persistence("insert");
        assertThat(set(persistence, asked(persistence, "c").state(), "s4", true))
                .isEqualTo("SRV=; Expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/");
    }
}
