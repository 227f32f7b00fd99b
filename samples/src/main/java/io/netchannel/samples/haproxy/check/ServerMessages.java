package io.netchannel.samples.haproxy.check;

/** What logs say when a server's state changes, in haproxy's words. */
final class ServerMessages {

    private ServerMessages() {
    }

    /** {@code Backup Server be/srv}. */
    private static StringBuilder server(final CheckedServer server) {
        return new StringBuilder(server.isBackup() ? "Backup " : "").append("Server ").append(name(server));
    }

    private static String name(final CheckedServer server) {
        return server.backend().name() + "/" + server.settings().name();
    }

    /** @param check that led to it; null if none did, or it was told already */
    static String stateChange(final CheckedServer server, final CheckedServer.State next, final Health check,
            final String reason, final int transferred) {
        final StringBuilder text = server(server).append(switch (next) {
            case STOPPED -> " is DOWN";
            case RUNNING -> " is UP";
            case STOPPING -> " is stopping";
        });
        if (check != null) {
            status(text, check);
        } else if (!reason.isEmpty()) {
            text.append(", ").append(reason);
        } else if (server.tracked() != null) {
            text.append(" via ").append(name(server.tracked()));
        }
        counts(text, server, next == CheckedServer.State.STOPPED, transferred);
        return text.append('.').toString();
    }

    /** {@code Health check for server be/srv failed, reason: …}. */
    static String check(final CheckedServer server, final Health check) {
        final CheckStatus.Result result = check.status().result();
        final StringBuilder text = new StringBuilder(check.isAgent() ? "Agent" : "Health").append(" check for ")
                .append(server.isBackup() ? "backup " : "").append("server ").append(name(server)).append(' ')
                .append(result == CheckStatus.Result.CONDITIONALLY_PASSED ? "conditionally " : "")
                .append(result == CheckStatus.Result.FAILED ? "failed" : "succeeded");
        status(text, check);
        return text.append(", status: ").append(check.text(server.weight())).append('.').toString();
    }

    private static void status(final StringBuilder text, final Health check) {
        text.append(", reason: ").append(check.status().description());
        if (check.status().hasCode()) {
            text.append(", code: ").append(check.code());
        }
        if (!check.description().isEmpty()) {
            text.append(", info: \"");
            encode(text, check.description());
            text.append('"');
        }
        if (check.durationMs() >= 0) {
            text.append(", check duration: ").append(check.durationMs()).append("ms");
        }
    }

    /** What can't be printed, and quotes, as hexadecimal between angle brackets. */
    private static void encode(final StringBuilder text, final String description) {
        boolean open = false;
        for (int i = 0; i < description.length(); i++) {
            final char c = description.charAt(i);
            final boolean plain = c >= ' ' && c < 127 && c != '"';
            if (plain == open) {
                text.append(open ? '>' : '<');
                open = !open;
            }
            if (plain) {
                text.append(c);
            } else {
                text.append(String.format("%02X", (int) c));
            }
        }
        if (open) {
            text.append('>');
        }
    }

    private static void counts(final StringBuilder text, final CheckedServer server, final boolean down,
            final int transferred) {
        final int active = server.activeServers();
        final int backup = server.backupServers();
        text.append(". ").append(active).append(" active and ").append(backup).append(" backup servers ")
                .append(down ? "left." : "online.").append(backup > 0 && active == 0 ? " Running on backup." : "");
        if (down) {
            text.append(' ').append(server.sessions()).append(" sessions active, ").append(transferred)
                    .append(" requeued, ").append(server.queued()).append(" remaining in queue");
        } else {
            text.append(' ').append(transferred).append(" sessions requeued, ").append(server.queued())
                    .append(" total in queue");
        }
    }

    /** An operator took it out of service, or gave it back. @param cause as {@code set server} has none, or "" */
    static String maintenance(final CheckedServer server, final boolean entering, final String cause,
            final int transferred) {
        final String because = cause.isEmpty() ? "" : " (" + cause + ")";
        if (!entering) {
            return server(server).append(" is ").append(server.state() == CheckedServer.State.STOPPED ? "DOWN" : "UP")
                    .append('/').append(server.admin() == CheckedServer.Admin.DRAIN ? "DRAIN" : "READY")
                    .append(" (leaving forced maintenance).").toString();
        }
        if (server.state() == CheckedServer.State.STOPPED) {
            return server(server).append(" was DOWN and now enters maintenance").append(because).append('.').toString();
        }
        final StringBuilder text = server(server).append(" is going DOWN for maintenance").append(because);
        counts(text, server, true, transferred);
        return text.append('.').toString();
    }
}
