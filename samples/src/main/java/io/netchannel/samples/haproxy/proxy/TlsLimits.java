package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netty.channel.Channel;

/** {@code maxsslconn} and {@code maxsslrate}, over clients and servers. Threading: the proxy's loop. */
final class TlsLimits {

    private final int maxConnections;
    private final int maxRate;
    private final Rate rate = new Rate();
    private int connections;

    TlsLimits(final GlobalSettings global) {
        this.maxConnections = global.get(GlobalOptions.MAX_TLS_CONNECTIONS);
        this.maxRate = global.get(GlobalOptions.MAX_TLS_RATE);
    }

    /** A client comes that will speak TLS. */
    void accepted(final long nowMs) {
        rate.add(nowMs, 1);
    }

    /** How long the next such client has to wait. */
    long delayMs(final long nowMs) {
        return rate.delayMs(maxRate, nowMs);
    }

    /** @return whether the channel may begin TLS; it counts until it is closed */
    boolean begin(final Channel channel) {
        if (maxConnections > 0 && connections >= maxConnections) {
            return false;
        }
        connections++;
        channel.closeFuture().addListener(_ -> connections--);
        return true;
    }
}
