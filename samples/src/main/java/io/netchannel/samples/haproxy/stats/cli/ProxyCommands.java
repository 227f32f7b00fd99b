package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.config.BindOptions;
import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netchannel.samples.haproxy.config.Units;
import io.netchannel.samples.haproxy.log.Syslog;
import io.netchannel.samples.haproxy.proxy.Backend;
import io.netchannel.samples.haproxy.proxy.Frontend;
import io.netchannel.samples.haproxy.proxy.ProxyServer;
import java.util.Set;

/** Commands on frontends and backends, and on the limits of the process. */
final class ProxyCommands {

    private static final BindOptions.Level ADMIN = BindOptions.Level.ADMIN;
    private static final String RATE_LIMITS = "'set rate-limit' only supports :\n"
            + "   - 'connections global' to set the per-process maximum connection rate\n"
            + "   - 'sessions global' to set the per-process maximum session rate\n"
            + "   - 'ssl-sessions global' to set the per-process maximum SSL session rate\n"
            + "   - 'http-compression global' to set the per-process maximum compression speed in kB/s\n";

    private static final int KILO = 1_024;

    private ProxyCommands() {
    }

    static void register(final Commands commands) {
        commands.add("show backend", ": names of the backends", ProxyCommands::backends)
                .add("enable frontend", ADMIN, "<frontend> : a frontend accepts again", ProxyCommands::enable)
                .add("disable frontend", ADMIN, "<frontend> : a frontend accepts nothing for now",
                        ProxyCommands::disable)
                .add("shutdown frontend", ADMIN, "<frontend> : a frontend closes its sockets", ProxyCommands::shutdown)
                .add("set maxconn frontend", ADMIN, "<frontend> <value> : connections that a frontend takes",
                        ProxyCommands::maxConnections)
                .add("set maxconn global", ADMIN, "<value> : connections that the process takes",
                        ProxyCommands::processConnections)
                .add("set rate-limit", ADMIN, "<setting> <value> : connections or sessions in a second, or compression",
                        ProxyCommands::rateLimit);
    }

    private static void backends(final Call call) {
        call.print("# name\n");
        call.control().proxies().backends().forEach(backend -> call.print(backend.name() + "\n"));
    }

    /** Says itself what is wrong. @return null then */
    private static Frontend frontend(final Call call, final int word) {
        if (call.word(word).isEmpty()) {
            call.error("A frontend name is expected.");
            return null;
        }
        final Frontend frontend = call.control().proxies().frontend(call.word(word));
        if (frontend == null) {
            call.error("No such frontend.");
        }
        return frontend;
    }

    private static void enable(final Call call) {
        final Frontend frontend = frontend(call, 2);
        if (frontend == null) {
            return;
        }
        if (frontend.isStopping()) {
            call.error("Frontend was previously shut down, cannot enable.");
        } else if (!frontend.isPaused()) {
            call.error("All sockets are already enabled.");
        } else {
            frontend.resume();
        }
    }

    private static void disable(final Call call) {
        final Frontend frontend = frontend(call, 2);
        if (frontend == null) {
            return;
        }
        if (frontend.isStopping()) {
            call.error("Frontend was previously shut down, cannot disable.");
        } else if (frontend.isPaused()) {
            call.error("All sockets are already disabled.");
        } else {
            frontend.pause();
        }
    }

    private static void shutdown(final Call call) {
        final Frontend frontend = frontend(call, 2);
        if (frontend == null) {
            return;
        }
        if (frontend.isStopping()) {
            call.error("Frontend was already shut down.");
        } else {
            frontend.stop();
            call.control().proxies().logs().send(frontend.section(), Syslog.WARNING, "Proxy " + frontend.name()
                    + " stopped (cumulated conns: FE: " + frontend.counters().connectionsTotal + ", BE: "
                    + backendConnections(call.control().proxies(), frontend) + ").");
        }
    }

    private static long backendConnections(final ProxyServer proxies, final Frontend frontend) {
        final Backend own = frontend.section().hasBackend() ? proxies.backend(frontend.name()) : null;
        return own == null ? 0 : own.counters().sessionsTotal;
    }

    private static void maxConnections(final Call call) {
        final Frontend frontend = frontend(call, 3);
        if (frontend == null) {
            return;
        }
        if (call.word(4).isEmpty()) {
            call.error("Integer value expected.");
            return;
        }
        final long value = Units.leadingInteger(call.word(4));
        if (value < 0) {
            call.error("Value out of range.");
        } else {
            frontend.maxConnections((int) Math.min(value, Integer.MAX_VALUE));
        }
    }

    private static void processConnections(final Call call) {
        if (call.word(3).isEmpty()) {
            call.error("Expects an integer value.");
            return;
        }
        final long value = Units.leadingInteger(call.word(3));
        final ProxyServer proxies = call.control().proxies();
        if (value > proxies.hardMaxConnections()) {
            call.error("Value out of range.");
        } else {
            proxies.maxConnections(value <= 0 ? proxies.hardMaxConnections() : (int) value);
        }
    }

    private static void rateLimit(final Call call) {
        final String what = call.word(2);
        if (!"global".equals(call.word(3)) || !Set.of("connections", "sessions", "ssl-sessions",
                "http-compression").contains(what)) {
            call.message(Syslog.ERR, RATE_LIMITS);
            return;
        }
        if (call.word(4).isEmpty()) {
            call.error("Expects an integer value.");
            return;
        }
        final long value = Units.leadingInteger(call.word(4));
        if (value < 0 || value > Integer.MAX_VALUE / KILO) {
            call.error("Value out of range.");
            return;
        }
        final ProxyServer proxies = call.control().proxies();
        final GlobalSettings global = proxies.configuration().global();
        switch (what) {
            case "connections" -> global.set(GlobalOptions.MAX_CONNECTION_RATE, (int) value);
            case "sessions" -> global.set(GlobalOptions.MAX_SESSION_RATE, (int) value);
            case "http-compression" -> global.set(GlobalOptions.MAX_COMPRESSION_RATE, value * KILO);
            default -> {
                call.error("Sessions of TLS have no limit of their own in this build.");
                return;
            }
        }
        // Who waits for a limit that was lower is let in now.
        proxies.maxConnections(proxies.maxConnections());
    }
}
