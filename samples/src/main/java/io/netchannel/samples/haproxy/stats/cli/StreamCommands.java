package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.config.BindOptions;
import io.netchannel.samples.haproxy.proxy.SessionView;

/** Commands on what is under way. */
final class StreamCommands {

    private static final BindOptions.Level OPERATOR = BindOptions.Level.OPERATOR;
    private static final int HEX = 16;

    private StreamCommands() {
    }

    static void register(final Commands commands) {
        commands.add("show sess", OPERATOR,
                "[id] : connections that are open, or one of them", StreamCommands::show)
                .add("shutdown session", BindOptions.Level.ADMIN, "[id] : ends one connection",
                        StreamCommands::shutdown);
    }

    private static void show(final Call call) {
        final String which = call.word(2);
        if (which.isEmpty() || "all".equals(which)) {
            for (final SessionView session : call.control().proxies().sessions()) {
                call.print(which.isEmpty() ? line(call, session) : detail(call, session));
            }
            return;
        }
        final SessionView session = find(call, which);
        call.print(session == null ? "Session not found.\n" : detail(call, session));
    }

    private static SessionView find(final Call call, final String text) {
        final long id;
        try {
            id = Long.parseLong(text.startsWith("0x") ? text.substring(2) : text, HEX);
        } catch (final NumberFormatException e) {
            return null;
        }
        return call.control().proxies().sessions().stream().filter(each -> each.number() == id).findFirst()
                .orElse(null);
    }

    private static String line(final Call call, final SessionView session) {
        return "0x" + Long.toHexString(session.number()) + ": proto=tcp src=" + session.source() + " fe="
                + session.frontend() + " be=" + session.backend() + " srv=" + session.server() + " age="
                + session.ageMs(call.control().statistics().nowMs()) / 1_000 + "s rq[i=" + session.pendingIn()
                + "] rp[i="
                + session.pendingOut() + "]\n";
    }

    private static String detail(final Call call, final SessionView session) {
        return "0x" + Long.toHexString(session.number()) + ": proto=tcp source=" + session.source() + "\n  frontend="
                + session.frontend() + ", listener=" + session.listener() + " addr=" + session.destination()
                + "\n  backend=" + session.backend() + "\n  server=" + session.server() + "\n  requests="
                + session.requests() + " age=" + session.ageMs(call.control().statistics().nowMs()) / 1_000 + "s in="
                + session.bytesIn() + " out=" + session.bytesOut() + "\n";
    }

    private static void shutdown(final Call call) {
        if (call.word(2).isEmpty()) {
            call.error("Session pointer expected (use 'show sess').");
            return;
        }
        final SessionView session = find(call, call.word(2));
        if (session == null) {
            call.error("No such session (use 'show sess').");
        } else {
            session.shutdown();
        }
    }
}
