package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.Address;

/** What {@code http-check send-state} tells a server of itself. */
final class StateHeader {

    private StateHeader() {
    }

    static String of(final ServerHealth health) {
        final CheckedServer server = health.server();
        final Health check = health.health();
        final StringBuilder text = new StringBuilder(state(server.state(), check));
        if (server.address() instanceof final Address.Ip ip) {
            text.append("; address=").append(ip.ip() == null ? ip.host() : ip.ip().getHostAddress()).append("; port=")
                    .append(ip.port());
        } else {
            text.append("; address=unix; port=");
        }
        text.append("; name=").append(server.backend().name()).append('/').append(server.settings().name())
                .append("; node=").append(server.node()).append("; weight=").append(server.weight()).append('/')
                .append(server.totalWeight()).append("; scur=").append(server.sessions()).append('/')
                .append(server.backendSessions()).append("; qcur=").append(server.queued());
        if (server.rampPercent() < 100) {
            text.append("; throttle=").append(server.rampPercent()).append('%');
        }
        return text.toString();
    }

    private static String state(final CheckedServer.State state, final Health check) {
        return switch (state) {
            case STOPPED -> check.value() == 0 ? "DOWN" : "DOWN" + check.progress();
            case RUNNING -> "UP" + check.progress();
            case STOPPING -> "NOLB" + check.progress();
        };
    }
}
