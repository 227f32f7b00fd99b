package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.check.Health;
import io.netchannel.samples.haproxy.check.ServerHealth;
import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.ServerOptions;
import io.netchannel.samples.haproxy.config.ServerSettings;
import io.netchannel.samples.haproxy.config.Setting;
import io.netchannel.samples.haproxy.log.Syslog;
import io.netchannel.samples.haproxy.proxy.Server;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** {@code set server}. */
final class SetServer {

    private static final String BY = " by 'stats socket command'\n";

    private static final int MAX_PORT = 65_535;

    private SetServer() {
    }

    static void run(final Call call) {
        final Server server = call.control().server(call, 2);
        if (server == null) {
            return;
        }
        final String value = call.word(4);
        switch (call.word(3)) {
            case "weight" -> ServerCommands.weight(call, 2, 4);
            case "state" -> state(call, server, value);
            case "health" -> health(call, server, value);
            case "agent" -> agent(call, server, value);
            case "agent-addr", "agent-port" -> agentAddress(call, server, value);
            case "agent-send" -> agentSend(call, server, value);
            case "check-addr" -> checkAddress(call, server, value);
            case "check-port" -> checkPort(call, server, value);
            case "addr" -> {
                if (value.isEmpty()) {
                    call.error("set server <b>/<s> addr requires an address and optionally a port.");
                } else {
                    call.message(Syslog.WARNING,
                            address(server, value, "port".equals(call.word(5)) ? call.word(6) : null));
                }
            }
            case "fqdn" -> call.error(value.isEmpty()
                    ? "set server <b>/<s> fqdn requires a FQDN."
                    : "set server <b>/<s> fqdn failed because no resolution is configured.");
            case "ssl" ->
                call.error("'set server <srv> ssl' cannot be set.  default-server should define ssl settings");
            default ->
                call.error("usage: set server <backend>/<server> addr | agent | agent-addr | agent-port | agent-send"
                        + " | check-addr | check-port | fqdn | health | ssl | state | weight");
        }
    }

    private static void state(final Call call, final Server server, final String value) {
        final Server.Admin next = switch (value) {
            case "ready" -> Server.Admin.READY;
            case "drain" -> Server.Admin.DRAIN;
            case "maint" -> Server.Admin.MAINT;
            default -> null;
        };
        if (next == null) {
            call.error("'set server <srv> state' expects 'ready', 'drain' and 'maint'.");
        } else {
            call.control().statistics().admin(server, next, "");
        }
    }

    private static void health(final Call call, final Server server, final String value) {
        if (call.control().statistics().tracked(server) != null) {
            call.error("cannot change health on a tracking server.");
            return;
        }
        switch (value) {
            case "up" -> call.control().statistics().force(server, Server.State.RUNNING);
            case "stopping" -> call.control().statistics().force(server, Server.State.STOPPING);
            case "down" -> call.control().statistics().force(server, Server.State.STOPPED);
            default -> call.error("'set server <srv> health' expects 'up', 'stopping', or 'down'.");
        }
    }

    private static Health agent(final Call call, final Server server) {
        final ServerHealth health = call.control().statistics().health(server);
        return health == null || health.agent() == null ? null : health.agent();
    }

    private static void agent(final Call call, final Server server, final String value) {
        if (agent(call, server) == null) {
            call.error("agent checks are not enabled on this server.");
        } else if ("up".equals(value)) {
            call.control().statistics().force(server, Server.State.RUNNING);
        } else if ("down".equals(value)) {
            call.control().statistics().force(server, Server.State.STOPPED);
        } else {
            call.error("'set server <srv> agent' expects 'up' or 'down'.");
        }
    }

    private static void agentAddress(final Call call, final Server server, final String value) {
        final boolean portOnly = "agent-port".equals(call.word(3));
        if (value.isEmpty()) {
            call.error("set server <b>/<s> " + call.word(3) + " requires" + (portOnly
                    ? " a port."
                    : " an address and optionally a port."));
            return;
        }
        if (agent(call, server) == null) {
            call.message(Syslog.WARNING, "agent checks are not enabled on this server");
            return;
        }
        final String port = portOnly ? value : "port".equals(call.word(5)) ? call.word(6) : null;
        final ServerSettings settings = server.settings();
        if (!portOnly) {
            final Address.Ip ip = ip(value, settings.get(ServerOptions.AGENT_PORT));
            if (ip == null) {
                call.message(Syslog.WARNING, "invalid addr '" + value + "'");
                return;
            }
            settings.set(ServerOptions.AGENT_ADDRESS, ip);
        }
        setPort(call, settings, ServerOptions.AGENT_PORT, port);
    }

    private static void agentSend(final Call call, final Server server, final String value) {
        if (agent(call, server) == null) {
            call.error("agent checks are not enabled on this server.");
        } else {
            server.settings().set(ServerOptions.AGENT_SEND, value);
        }
    }

    private static boolean isChecked(final Call call, final Server server) {
        final ServerHealth health = call.control().statistics().health(server);
        return health != null && health.health() != null;
    }

    private static void checkAddress(final Call call, final Server server, final String value) {
        if (value.isEmpty()) {
            call.error("set server <b>/<s> check-addr requires an address and optionally a port.");
            return;
        }
        if (!isChecked(call, server)) {
            call.message(Syslog.WARNING, "health checks are not enabled on this server");
            return;
        }
        final ServerSettings settings = server.settings();
        final Address.Ip ip = ip(value, settings.get(ServerOptions.CHECK_PORT));
        if (ip == null) {
            call.message(Syslog.WARNING, "invalid addr '" + value + "'");
            return;
        }
        settings.set(ServerOptions.CHECK_ADDRESS, ip);
        setPort(call, settings, ServerOptions.CHECK_PORT, "port".equals(call.word(5)) ? call.word(6) : null);
    }

    private static void checkPort(final Call call, final Server server, final String value) {
        if (value.isEmpty()) {
            call.error("set server <b>/<s> check-port requires a port.");
        } else if (!isChecked(call, server)) {
            call.message(Syslog.WARNING, "health checks are not enabled on this server");
        } else {
            setPort(call, server.settings(), ServerOptions.CHECK_PORT, value);
        }
    }

    /** @param text null: it stays */
    private static void setPort(final Call call, final ServerSettings settings,
            final Setting<Integer> setting, final String text) {
        if (text != null) {
            final Integer port = port(text);
            if (port == null) {
                call.message(Syslog.WARNING, "provided port is not an integer");
            } else if (port < 0 || port > MAX_PORT) {
                call.message(Syslog.WARNING, "provided port is invalid");
            } else {
                settings.set(setting, port);
            }
        }
    }

    private static Integer port(final String text) {
        try {
            return Integer.valueOf(text);
        } catch (final NumberFormatException e) {
            return null;
        }
    }

    private static Address.Ip ip(final String text, final int port) {
        final InetAddress address = literal(text);
        return address == null ? null : new Address.Ip(text, address, port, false);
    }

    /** Names would have to be resolved, which takes time that the loop hasn't. */
    private static InetAddress literal(final String text) {
        final byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (final UnknownHostException e) {
            return null;
        }
    }

    /** @param port null: it stays; @return what was changed, as haproxy tells it */
    private static String address(final Server server, final String text, final String port) {
        final InetAddress wanted = literal(text);
        if (wanted == null) {
            return "Invalid addr '" + text + "'" + BY;
        }
        if (!(server.address() instanceof final Address.Ip current) || current.ip() == null) {
            return "Update for the current server address family is only supported through configuration file" + BY;
        }
        final StringBuilder told = new StringBuilder();
        Address.Ip next = current;
        if (wanted.equals(current.ip())) {
            told.append("no need to change the addr");
        } else {
            told.append("IP changed from '").append(current.ip().getHostAddress()).append("' to '").append(text)
                    .append('\'');
            next = new Address.Ip(text, wanted, current.port(), current.relativePort());
        }
        if (port != null) {
            next = port(server, next, port, told.append(", "));
        }
        if (!next.equals(current)) {
            server.address(next);
        }
        return told + BY;
    }

    private static Address.Ip port(final Server server, final Address.Ip current, final String text,
            final StringBuilder told) {
        final Integer wanted = port(text);
        if (wanted == null || Math.abs((long) wanted) > MAX_PORT) {
            told.append("problem converting port '").append(text).append("' to an int");
            return current;
        }
        final boolean relative = text.startsWith("+") || text.startsWith("-");
        if (relative && !current.relativePort() && server.settings().get(ServerOptions.CHECK_PORT) == 0) {
            told.append("can't change <port> to port map because it is incompatible with current health check port "
                    + "configuration (use 'port' statement from the 'server' directive.");
            return current;
        }
        if (current.port() == wanted && current.relativePort() == relative) {
            told.append("no need to change the port");
            return current;
        }
        told.append("port changed from '").append(current.relativePort() ? "+" : "").append(current.port())
                .append("' to '")
                .append(text).append('\'');
        return new Address.Ip(current.host(), current.ip(), wanted, relative);
    }
}
