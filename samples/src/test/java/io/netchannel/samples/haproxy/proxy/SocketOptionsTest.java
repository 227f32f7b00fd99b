package io.netchannel.samples.haproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.samples.haproxy.config.AllKeywords;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.ConfigurationReader;
import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.proxy.SocketOptions.Option;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

class SocketOptionsTest {

    private final Configuration configuration = new Configuration();

    static boolean hasEpoll() {
        return Epoll.isAvailable();
    }

    private ProxySection read(final String global, final String... lines) {
        final Diagnostics diagnostics = new Diagnostics();
        final ConfigurationReader reader = new ConfigurationReader(configuration, AllKeywords.create(), diagnostics);
        reader.read("test.cfg", "global\n" + global + "\nlisten l\n" + String.join("\n", lines) + "\n");
        reader.finish();
        assertThat(diagnostics.hasFailed()).as("%s", diagnostics.messages()).isFalse();
        return configuration.proxies().getFirst();
    }

    private Map<Option, Integer> ofClients(final ProxySection proxy) {
        return SocketOptions.ofClients(proxy.get(ProxySettings.BINDS).getFirst(), proxy, configuration.global())
                .values();
    }

    private Map<Option, Integer> ofServer(final ProxySection proxy) {
        return SocketOptions.ofServer(proxy.get(ProxySettings.SERVERS).getFirst(), proxy, configuration.global())
                .values();
    }

    @Test
    void shouldAskNothingOfSocketsWhereNoLineDoes() {
        final ProxySection proxy = read("", "bind :80", "server s 127.0.0.1:8080", "clitcpka-idle 5s");
        assertThat(ofClients(proxy)).isEmpty();
        assertThat(ofServer(proxy)).isEmpty();
    }

    @Test
    void shouldProbeBothSidesAsEachIsTold() {
        final ProxySection proxy = read("", "bind :80", "server s 127.0.0.1:8080", "option tcpka", "clitcpka-cnt 2",
                "clitcpka-idle 3s", "clitcpka-intvl 4s", "srvtcpka-cnt 5", "srvtcpka-idle 6s", "srvtcpka-intvl 7s");
        assertThat(ofClients(proxy)).isEqualTo(Map.of(Option.SO_KEEPALIVE, 1, Option.TCP_KEEPCNT, 2,
                Option.TCP_KEEPIDLE, 3, Option.TCP_KEEPINTVL, 4));
        assertThat(ofServer(proxy)).isEqualTo(Map.of(Option.SO_KEEPALIVE, 1, Option.TCP_KEEPCNT, 5,
                Option.TCP_KEEPIDLE, 6, Option.TCP_KEEPINTVL, 7));
    }

    @Test
    void shouldTakeBuffersTimeoutsAndLingering() {
        final ProxySection proxy = read("tune.rcvbuf.client 1000\ntune.sndbuf.client 2000\ntune.rcvbuf.server 3000\n"
                + "tune.sndbuf.server 4000", "bind :80 tcp-ut 5s mss -100", "server s 127.0.0.1:8080 tcp-ut 6s tfo",
                "option nolinger", "option tcp-smart-accept", "option tcp-smart-connect");
        assertThat(ofClients(proxy)).isEqualTo(Map.of(Option.SO_RCVBUF, 1_000, Option.SO_SNDBUF, 2_000,
                Option.TCP_USER_TIMEOUT, 5_000, Option.TCP_MAXSEG, -100, Option.SO_LINGER, 0, Option.TCP_QUICKACK, 0));
        assertThat(ofServer(proxy)).isEqualTo(Map.of(Option.SO_RCVBUF, 3_000, Option.SO_SNDBUF, 4_000,
                Option.TCP_USER_TIMEOUT, 6_000, Option.TCP_FASTOPEN_CONNECT, 1, Option.SO_LINGER, 0,
                Option.TCP_QUICKACK, 0));
    }

    @Test
    @EnabledIf("hasEpoll")
    void shouldSetThemOnSocketsOfTheKernel() {
        final ProxySection proxy = read("", "bind :80 tcp-ut 5s", "server s 127.0.0.1:8080", "option tcpka",
                "clitcpka-cnt 2", "clitcpka-idle 3s", "clitcpka-intvl 4s", "option nolinger");
        final EpollSocketChannel channel = new EpollSocketChannel();
        try {
            new KernelTransport(null).apply(SocketOptions.ofClients(proxy.get(ProxySettings.BINDS).getFirst(), proxy,
                    configuration.global()), channel);
            assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
            assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPCNT)).isEqualTo(2);
            assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPIDLE)).isEqualTo(3);
            assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPINTVL)).isEqualTo(4);
            assertThat(channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT)).isEqualTo(5_000);
            assertThat(channel.config().getOption(ChannelOption.SO_LINGER)).isZero();
        } finally {
            channel.unsafe().closeForcibly();
        }
    }

    @Test
    @EnabledIf("hasEpoll")
    void shouldListenAsTheLineSays() {
        final ProxySection proxy = read("", "bind :80 defer-accept v6only mss 800 interface lo");
        final EpollServerSocketChannel channel = new EpollListening(proxy.get(ProxySettings.BINDS).getFirst()).open();
        try {
            assertThat(channel.config().getOption(EpollChannelOption.TCP_DEFER_ACCEPT)).isPositive();
            assertThat(channel.config().getOption(EpollListening.TCP_MAXSEG)).isEqualTo(800);
        } finally {
            channel.unsafe().closeForcibly();
        }
    }

    @Test
    @EnabledIf("hasEpoll")
    void shouldSayWhichKeywordTheSystemRefuses() {
        final ProxySection proxy = read("", "bind :80 interface nosuch0");
        final EpollListening listening = new EpollListening(proxy.get(ProxySettings.BINDS).getFirst());
        assertThatThrownBy(listening::open).isInstanceOf(ChannelException.class).hasMessageContaining(
                "'interface nosuch0'");
    }
}
