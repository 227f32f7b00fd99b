package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.ServerOptions;
import io.netchannel.samples.haproxy.config.ServerSettings;
import io.netchannel.samples.haproxy.log.Logs;
import io.netchannel.samples.haproxy.log.Syslog;
import java.util.ArrayList;
import java.util.List;

/**
 * A server's state as its checks, its agent, observed traffic and the server that it tracks make it. Threading: the proxy's loop.
 */
public final class ServerHealth {

    private final CheckedServer server;
    private final Logs logs;
    private final boolean logsChecks;
    private final Health health;
    private final Health agent;
    private final List<ServerHealth> followers = new ArrayList<>();
    private final ServerOptions.Observe observe;
    private final ServerOptions.OnError onError;
    private final int errorLimit;
    /** What an operator or agent said before the server that it follows did; null: nothing is inherited. */
    private CheckedServer.Admin own;
    private int consecutiveErrors;
    private long observedFailures;
    private Runnable hurry = () -> {
    };

    /** What traffic showed of a server ({@code observe}). */
    public enum Observed {

        L4_OK("L4 successful connection", 2, 0), L4_FAILED("L4 unsuccessful connection", 1, 1), HTTP_OK(
                "Correct http response", 0,
                2), HTTP_STATUS("Wrong http response", 0, 1), HTTP_HEADERS("Invalid http response (headers)", 0, 1);

        private final String text;
        private final int layer4;
        private final int layer7;

        /** 0: of no account, 1: an error, 2: good. */
        Observed(final String text, final int layer4, final int layer7) {
            this.text = text;
            this.layer4 = layer4;
            this.layer7 = layer7;
        }
    }

    /** @param logsChecks {@code option log-health-checks} */
    public ServerHealth(final CheckedServer server, final Logs logs, final boolean logsChecks) {
        this.server = server;
        this.logs = logs;
        this.logsChecks = logsChecks;
        final ServerSettings settings = server.settings();
        this.health = settings.get(ServerOptions.CHECK)
                ? new Health(false, settings.get(ServerOptions.RISE), settings.get(ServerOptions.FALL))
                : null;
        // An agent's word counts at once.
        this.agent = settings.get(ServerOptions.AGENT_CHECK) ? new Health(true, 1, 1) : null;
        this.observe = settings.get(ServerOptions.OBSERVE);
        this.onError = settings.get(ServerOptions.ON_ERROR);
        this.errorLimit = settings.get(ServerOptions.ERROR_LIMIT);
    }

    public CheckedServer server() {
        return server;
    }

    /** Null: it isn't checked. */
    public Health health() {
        return health;
    }

    /** Null: it has none. */
    public Health agent() {
        return agent;
    }

    public long observedFailures() {
        return observedFailures;
    }

    /** Follows this one's state: {@code track}. */
    void addFollower(final ServerHealth follower) {
        followers.add(follower);
    }

    /** @param sooner called when the next check should come after {@code fastinter} */
    void onHurry(final Runnable sooner) {
        hurry = sooner;
    }

    /** A check or the agent came to a result. */
    void checked(final Health check, final CheckStatus status, final int code, final String description,
            final long nowMs) {
        final boolean told = check.end(status, code, description, nowMs);
        final CheckStatus.Result result = status.result();
        if (result == CheckStatus.Result.PASSED || result == CheckStatus.Result.CONDITIONALLY_PASSED) {
            consecutiveErrors = 0;
        }
        if (told && logsChecks) {
            logs.send(server.backend(), Syslog.NOTICE, ServerMessages.check(server, check));
        }
        follow(check);
    }

    private void follow(final Health check) {
        switch (check.status().result()) {
            case FAILED -> {
                final boolean counts = !check.isAgent() || check.status() == CheckStatus.L7STS;
                if (counts && check.isDown()) {
                    change(CheckedServer.State.STOPPED, check, "");
                }
            }
            case PASSED -> {
                final boolean agentOfStopping = check.isAgent() && server.state() == CheckedServer.State.STOPPING;
                if (mayRun() && !agentOfStopping) {
                    change(CheckedServer.State.RUNNING, check, "");
                }
            }
            case CONDITIONALLY_PASSED -> {
                if (mayRun() && !check.isAgent()) {
                    change(CheckedServer.State.STOPPING, check, "");
                }
            }
            default -> {
                // It says nothing about the server.
            }
        }
    }

    /** By no check, agent or tracked server is it down. */
    private boolean mayRun() {
        return server.admin() != CheckedServer.Admin.MAINT && (health == null || health.isUp())
                && (agent == null || agent.isUp())
                && (server.tracked() == null || server.tracked().state() != CheckedServer.State.STOPPED);
    }

    /** @param check that led to it, or null; @param reason where there is no check, or "" */
    private void change(final CheckedServer.State next, final Health check, final String reason) {
        final CheckedServer.State before = server.state();
        if (before == next || server.admin() == CheckedServer.Admin.MAINT) {
            return;
        }
        final int transferred = server.change(next);
        if (next == CheckedServer.State.STOPPED && server.settings().get(ServerOptions.SHUTDOWN_SESSIONS)) {
            server.shutdownSessions();
        }
        if (next == CheckedServer.State.RUNNING && server.settings().get(ServerOptions.SHUTDOWN_BACKUP_SESSIONS)
                && !server.isBackup() && server.weight() > 0) {
            server.shutdownBackupSessions();
        }
        final boolean paused = before == CheckedServer.State.STOPPING || server.admin() == CheckedServer.Admin.DRAIN;
        final int level = next == CheckedServer.State.STOPPED && !paused ? Syslog.ALERT : Syslog.NOTICE;
        // With log-health-checks the reason was told already.
        logs.send(server.backend(), level, ServerMessages.stateChange(server, next,
                logsChecks || server.tracked() != null ? null : check, reason, transferred));
        if (next == CheckedServer.State.STOPPED) {
            tellIfNoneIsLeft();
        }
        for (final ServerHealth follower : followers) {
            follower.change(next, null, "");
        }
    }

    private void tellIfNoneIsLeft() {
        if (server.activeServers() + server.backupServers() == 0) {
            logs.send(server.backend(), Syslog.EMERG, server.backend().kind().text() + " " + server.backend().name()
                    + " has no server available!");
        }
    }

    /** Somebody knows better than the checks. @param reason as the log tells it */
    public void force(final CheckedServer.State next, final String reason) {
        if (health != null) {
            if (next == CheckedServer.State.STOPPED) {
                health.setDown();
            } else {
                health.setUp();
            }
        }
        change(next, null, reason);
    }

    /** An operator's, or the agent's, {@code maint}, {@code drain} and {@code ready}. */
    public void admin(final CheckedServer.Admin next, final String cause) {
        own = null;
        become(next, cause);
    }

    /** The server that this one follows became {@code next}: so does it, but for a maintenance of its own. */
    private void inherit(final CheckedServer.Admin next) {
        if (next == CheckedServer.Admin.READY) {
            if (own != null) {
                final CheckedServer.Admin back = own;
                own = null;
                become(back, "");
            }
        } else if (own != null || server.admin() != CheckedServer.Admin.MAINT) {
            own = own == null ? server.admin() : own;
            become(next, "");
        }
    }

    private void become(final CheckedServer.Admin next, final String cause) {
        final CheckedServer.Admin before = server.admin();
        if (before == next) {
            return;
        }
        if (next == CheckedServer.Admin.MAINT) {
            final String told = ServerMessages.maintenance(server, true, cause, 0);
            final boolean wasDown = server.state() == CheckedServer.State.STOPPED;
            server.admin(next);
            logs.send(server.backend(), wasDown ? Syslog.NOTICE : Syslog.ALERT,
                    wasDown ? told : ServerMessages.maintenance(server, true, cause, server.queued()));
            if (!wasDown) {
                tellIfNoneIsLeft();
            }
        } else {
            server.admin(next);
            if (before == CheckedServer.Admin.MAINT) {
                restart();
                logs.send(server.backend(), Syslog.NOTICE, ServerMessages.maintenance(server, false, cause, 0));
            }
        }
        for (final ServerHealth follower : followers) {
            follower.inherit(next);
        }
    }

    /** Back from maintenance it is held for up, unless more than a new check speaks against that. */
    private void restart() {
        if (health != null) {
            health.restart();
        }
        if (server.state() == CheckedServer.State.STOPPED && mayRun()) {
            server.change(server.tracked() == null ? CheckedServer.State.RUNNING : server.tracked().state());
        }
    }

    /** Told of each connection and response, where the server's line says {@code observe}. */
    public void observed(final Observed what, final long nowMs) {
        final int weight = switch (observe) {
            case NONE -> 0;
            case LAYER4 -> what.layer4;
            case LAYER7 -> what.layer7;
        };
        if (weight != 1) {
            consecutiveErrors = weight == 2 ? 0 : consecutiveErrors;
            return;
        }
        consecutiveErrors++;
        if (consecutiveErrors >= errorLimit && health != null) {
            final String description = "Detected " + consecutiveErrors + " consecutive errors, last one was: "
                    + what.text;
            consecutiveErrors = 0;
            observedFailures++;
            react(description, nowMs);
            hurry.run();
        }
    }

    private void react(final String description, final long nowMs) {
        switch (onError) {
            case FASTINTER -> {
                return;
            }
            case SUDDEN_DEATH -> health.nearTheEdge();
            case MARK_DOWN -> health.atTheEdge();
            case FAIL_CHECK -> {
                // An ordinary failure.
            }
        }
        checked(health, CheckStatus.HANA, 0, description, nowMs);
    }
}
