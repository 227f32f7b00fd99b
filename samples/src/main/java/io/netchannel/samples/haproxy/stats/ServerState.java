package io.netchannel.samples.haproxy.stats;

import io.netchannel.samples.haproxy.check.CheckStatus;
import io.netchannel.samples.haproxy.check.Health;
import io.netchannel.samples.haproxy.check.ServerHealth;
import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.ServerOptions;
import io.netchannel.samples.haproxy.proxy.Backend;
import io.netchannel.samples.haproxy.proxy.Server;
import io.netchannel.samples.haproxy.proxy.ServerTraffic;
import io.netchannel.samples.haproxy.proxy.TrafficSettings;
import java.util.List;

/** Servers' states as {@code show servers state} writes them, and {@link ServerStateFile} reads them (management manual, 9.3). */
public final class ServerState {

    static final String VERSION = "1";
    static final int FORCED_MAINTENANCE = 0x01;
    static final int INHERITED_MAINTENANCE = 0x02;
    static final int CONFIGURED_MAINTENANCE = 0x04;
    static final int FORCED_DRAIN = 0x08;
    static final int CHECK_CONFIGURED = 2;
    static final int CHECK_ENABLED = 4;
    private static final int CHECK_PAUSED = 8;
    private static final int CHECK_AGENT = 16;
    private static final String HEADER = "# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state "
            + "srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health "
            + "srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl "
            + "srv_check_port srv_check_addr srv_agent_addr srv_agent_port\n";

    private ServerState() {
    }

    public static String text(final Statistics statistics, final List<Backend> backends) {
        final StringBuilder text = new StringBuilder(VERSION).append('\n').append(HEADER);
        for (final Backend backend : backends) {
            for (final Server server : backend.servers()) {
                append(text, statistics, server);
            }
        }
        return text.toString();
    }

    private static void append(final StringBuilder text, final Statistics statistics, final Server server) {
        final ServerHealth health = statistics.health(server);
        final Health check = health == null ? null : health.health();
        final Health agent = health == null ? null : health.agent();
        final boolean paused = server.admin() == Server.Admin.MAINT;
        final Backend backend = server.backend();
        text.append(backend.id()).append(' ').append(backend.name()).append(' ').append(server.id()).append(' ')
                .append(server.name()).append(' ').append(host(server.address())).append(' ')
                .append(operationalState(server)).append(' ').append(adminState(statistics, server)).append(' ')
                .append(server.weight()).append(' ').append(server.initialWeight()).append(' ')
                .append((statistics.nowMs() - server.changedMs()) / 1_000).append(' ')
                .append(check == null
                        ? CheckStatus.INITIALIZING.number()
                        : check.status().number())
                .append(' ').append(check == null ? 0 : check.status().resultNumber()).append(' ')
                .append(check == null ? server.settings().get(ServerOptions.RISE).intValue() : check.value())
                .append(' ')
                .append(checkState(check != null, statistics.isChecked(server, false),
                        paused && (check != null || server.settings().get(ServerTraffic.DISABLED))))
                .append(' ')
                .append(agent == null
                        ? 0
                        : checkState(true, statistics.isChecked(server, true), paused)
                                | CHECK_AGENT)
                .append(' ')
                .append(backend.section().get(TrafficSettings.COUNTED_ID) ? 0 : 1).append(' ')
                .append(server.settings().get(ServerTraffic.COUNTED_ID) ? 0 : 1).append(' ').append(name(server))
                .append(' ')
                .append(port(server.address())).append(" - ").append(server.settings().get(ServerTraffic.TLS) ? 1 : 0)
                .append(' ').append(server.settings().get(ServerOptions.CHECK_PORT)).append(' ')
                .append(host(server.settings().get(ServerOptions.CHECK_ADDRESS))).append(' ')
                .append(host(server.settings().get(ServerOptions.AGENT_ADDRESS))).append(' ')
                .append(server.settings().get(ServerOptions.AGENT_PORT)).append('\n');
    }

    private static int operationalState(final Server server) {
        if (server.admin() == Server.Admin.MAINT) {
            return 0;
        }
        return switch (server.state()) {
            case STOPPED -> 0;
            case STARTING -> 1;
            case RUNNING -> 2;
            case STOPPING -> 3;
        };
    }

    private static int adminState(final Statistics statistics, final Server server) {
        final Server tracked = statistics.tracked(server);
        return switch (server.admin()) {
            case READY -> 0;
            case DRAIN -> FORCED_DRAIN;
            case MAINT -> tracked != null && tracked.admin() == Server.Admin.MAINT
                    ? INHERITED_MAINTENANCE
                    : FORCED_MAINTENANCE | (server.settings().get(ServerTraffic.DISABLED) ? CONFIGURED_MAINTENANCE : 0);
        };
    }

    private static int checkState(final boolean configured, final boolean enabled, final boolean paused) {
        return (configured ? CHECK_CONFIGURED : 0) | (enabled ? CHECK_ENABLED : 0) | (paused ? CHECK_PAUSED : 0);
    }

    private static String name(final Server server) {
        return server.settings().get(ServerOptions.ADDRESS) instanceof final Address.Ip ip && !ip.host().isEmpty()
                && Character.isLetter(ip.host().charAt(0)) && ip.host().indexOf(':') < 0 ? ip.host() : "-";
    }

    public static String host(final Address address) {
        return address instanceof final Address.Ip ip && ip.ip() != null ? ip.ip().getHostAddress() : "-";
    }

    public static int port(final Address address) {
        return address instanceof final Address.Ip ip ? ip.port() : 0;
    }
}
