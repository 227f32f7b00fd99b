package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.BindOptions;
import io.netchannel.samples.haproxy.config.BindSettings;
import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.config.ServerOptions;
import io.netchannel.samples.haproxy.config.ServerSettings;
import java.util.EnumMap;
import java.util.Map;

/** What lines say of TCP itself, for connections of a listener or to a server; numbers as {@code setsockopt} takes them. */
public final class SocketOptions {

    /** Of a connection; times of keep-alive in seconds, of the user timeout in milliseconds; a segment's size below 0: less by it. */
    public enum Option {
        SO_KEEPALIVE, TCP_KEEPCNT, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_USER_TIMEOUT, SO_LINGER, SO_RCVBUF, SO_SNDBUF, TCP_QUICKACK, TCP_MAXSEG, TCP_FASTOPEN_CONNECT
    }

    public static final SocketOptions NONE = new SocketOptions();

    private final Map<Option, Integer> values = new EnumMap<>(Option.class);

    private SocketOptions() {
    }

    static SocketOptions ofClients(final BindSettings bind, final ProxySection frontend, final GlobalSettings global) {
        final SocketOptions options = new SocketOptions();
        if (frontend.get(TrafficSettings.CLIENT_KEEP_ALIVE_PROBES)) {
            options.probes(frontend.get(ProxySettings.CLIENT_PROBES), frontend.get(ProxySettings.CLIENT_PROBE_IDLE_S),
                    frontend.get(ProxySettings.CLIENT_PROBE_INTERVAL_S));
        }
        options.given(Option.TCP_USER_TIMEOUT, bind.get(BindOptions.TCP_USER_TIMEOUT_MS));
        options.given(Option.SO_RCVBUF, global.get(GlobalOptions.CLIENT_RECEIVE_BUFFER));
        options.given(Option.SO_SNDBUF, global.get(GlobalOptions.CLIENT_SEND_BUFFER));
        options.linger(frontend);
        if (bind.get(BindOptions.MAX_SEGMENT_BYTES) < 0) {
            options.values.put(Option.TCP_MAXSEG, bind.get(BindOptions.MAX_SEGMENT_BYTES));
        }
        if (frontend.get(ProxySettings.SMART_ACCEPT)) {
            options.values.put(Option.TCP_QUICKACK, 0);
        }
        return options;
    }

    /** @param server null: of {@code dispatch} */
    static SocketOptions ofServer(final ServerSettings server, final ProxySection backend,
            final GlobalSettings global) {
        final SocketOptions options = new SocketOptions();
        if (backend.get(TrafficSettings.SERVER_KEEP_ALIVE_PROBES)) {
            options.probes(backend.get(ProxySettings.SERVER_PROBES), backend.get(ProxySettings.SERVER_PROBE_IDLE_S),
                    backend.get(ProxySettings.SERVER_PROBE_INTERVAL_S));
        }
        if (server != null) {
            options.given(Option.TCP_USER_TIMEOUT, server.get(ServerOptions.TCP_USER_TIMEOUT_MS));
            options.given(Option.TCP_FASTOPEN_CONNECT, server.get(ServerOptions.FAST_OPEN) ? 1 : 0);
        }
        options.given(Option.SO_RCVBUF, global.get(GlobalOptions.SERVER_RECEIVE_BUFFER));
        options.given(Option.SO_SNDBUF, global.get(GlobalOptions.SERVER_SEND_BUFFER));
        options.linger(backend);
        if (backend.get(ProxySettings.SMART_CONNECT)) {
            options.values.put(Option.TCP_QUICKACK, 0);
        }
        return options;
    }

    private void probes(final int count, final long idleS, final long intervalS) {
        values.put(Option.SO_KEEPALIVE, 1);
        given(Option.TCP_KEEPCNT, count);
        given(Option.TCP_KEEPIDLE, (int) idleS);
        given(Option.TCP_KEEPINTVL, (int) intervalS);
    }

    /** A close resets: what the kernel has not sent yet is lost (configuration manual, option nolinger). */
    private void linger(final ProxySection proxy) {
        if (proxy.get(TrafficSettings.NO_LINGER)) {
            values.put(Option.SO_LINGER, 0);
        }
    }

    private void given(final Option option, final int value) {
        if (value > 0) {
            values.put(option, value);
        }
    }

    public Map<Option, Integer> values() {
        return values;
    }
}
