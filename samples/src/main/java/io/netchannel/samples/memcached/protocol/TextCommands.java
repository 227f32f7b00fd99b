package io.netchannel.samples.memcached.protocol;

import io.netchannel.cpu.HostMemory;
import io.netchannel.samples.memcached.options.Settings;
import io.netchannel.samples.memcached.options.Version;
import io.netchannel.samples.memcached.protocol.Session.State;
import io.netchannel.samples.memcached.store.Store;
import io.netchannel.samples.memcached.store.StoreCounter;
import java.nio.charset.StandardCharsets;

/**
 * The commands of the text protocol that are not about an item: they may allocate.
 *
 * <p>Threading: confined to its loop, under the store's lock.
 */
final class TextCommands {

    private static final int MAX_VERBOSITY = 2;
    private static final int MIN_MEGABYTES = 8;
    private static final long MAX_MEGABYTES = 1_000_000_000;
    private static final int MEGABYTE_SHIFT = 20;
    private static final byte[] HTTP = Replies.ascii("HTTP/");
    private static final byte[] NOREPLY = Replies.ascii("noreply");

    private final Worker worker;
    private final Store store;
    private final Settings settings;
    private final Output output;
    private final Tokens tokens;
    private final MaintenanceCommands maintenance;

    TextCommands(final Worker worker, final Tokens tokens) {
        this.worker = worker;
        this.store = worker.store();
        this.settings = worker.settings();
        this.output = worker.output();
        this.tokens = tokens;
        this.maintenance = new MaintenanceCommands(worker, tokens);
    }

    void command(final Session session) {
        switch (tokens.text(0)) {
            case "stats" -> stats(session);
            case "flush_all" -> flush(session);
            case "version" -> reply(session, "VERSION " + Version.TEXT);
            case "quit" -> TextProtocol.quit(session);
            case "verbosity" -> verbosity(session);
            case "shutdown" -> shutdown(session);
            case "cache_memlimit" -> memoryLimit(session);
            case "watch" -> watch(session);
            case "debugtime" -> debugTime(session);
            case "slabs", "lru", "lru_crawler" -> {
                session.noReply = hasNoReply();
                maintenance.command(session);
            }
            default -> unknown(session);
        }
    }

    private void unknown(final Session session) {
        // Somebody takes the port for a web server: no word to him, he might pass it on to a browser.
        if (tokens.startsWith(tokens.count() - 1, HTTP) && !isFirstLetterTaken()) {
            session.closing = true;
        } else {
            output.put(Replies.ERROR);
        }
    }

    /** The original looks for HTTP only after words that begin like none of its frequent commands. */
    private boolean isFirstLetterTaken() {
        return "gsacidt".indexOf(tokens.character(0, 0)) >= 0;
    }

    private boolean hasNoReply() {
        return tokens.is(tokens.count() - 1, NOREPLY);
    }

    private void reply(final Session session, final String line) {
        if (!session.noReply) {
            output.put(Replies.line(line));
        }
    }

    void logLine(final Session session, final long line, final int length) {
        final byte[] bytes = new byte[length];
        HostMemory.INSTANCE.copyToArray(line, bytes, 0, length);
        System.err.println("<" + session.id() + " " + new String(bytes, StandardCharsets.ISO_8859_1));
    }

    // -- stats

    private void stats(final Session session) {
        final String name = tokens.count() > 1 ? tokens.text(1) : null;
        if ("reset".equals(name)) {
            StatsCommand.reset(worker.services());
            output.put(Replies.RESET);
        } else if ("detail".equals(name)) {
            detail(session, tokens.count() > 2 ? tokens.text(2) : "");
        } else if ("cachedump".equals(name)) {
            maintenance.cacheDump();
        } else if (StatsCommand.add(worker.services(), name, this::putStat)) {
            output.put(Replies.END);
        } else {
            output.put(Replies.ERROR);
        }
    }

    private void putStat(final String name, final String value) {
        output.put(Replies.line("STAT " + name + " " + value));
    }

    private void detail(final Session session, final String what) {
        switch (what) {
            case "on" -> {
                settings.detailEnabled = true;
                output.put(Replies.OK);
            }
            case "off" -> {
                settings.detailEnabled = false;
                output.put(Replies.OK);
            }
            case "dump" -> output.put(Replies.ascii(worker.services().prefixes().dump()));
            default -> reply(session, "CLIENT_ERROR usage: stats detail on|off|dump");
        }
    }

    // -- server

    private void flush(final Session session) {
        final int count = tokens.count();
        if (count > 3) {
            output.put(Replies.ERROR);
            return;
        }
        session.noReply = hasNoReply();
        store.counters().add(StoreCounter.FLUSH_CMDS, 1);
        if (!settings.flushEnabled) {
            reply(session, "CLIENT_ERROR flush_all not allowed");
            return;
        }
        long delay = 0;
        if (count != (session.noReply ? 2 : 1)) {
            if (!tokens.isSigned(1, 0)) {
                reply(session, "CLIENT_ERROR invalid exptime argument");
                return;
            }
            delay = (int) tokens.number(1, 0);
        }
        store.flush(delay > 0 ? store.clock().expiry(delay) : 0);
        reply(session, "OK");
    }

    private void verbosity(final Session session) {
        if (tokens.count() != 2 && tokens.count() != 3) {
            output.put(Replies.ERROR);
            return;
        }
        session.noReply = hasNoReply();
        if (!tokens.isUnsigned(1, 0)) {
            reply(session, "CLIENT_ERROR bad command line format");
            return;
        }
        settings.verbosity = (int) Math.min(MAX_VERBOSITY, tokens.number(1, 0) & 0xFFFF_FFFFL);
        reply(session, "OK");
    }

    private void memoryLimit(final Session session) {
        if (tokens.count() != 2 && tokens.count() != 3) {
            output.put(Replies.ERROR);
            return;
        }
        session.noReply = hasNoReply();
        if (!tokens.isUnsigned(1, 0)) {
            reply(session, "ERROR");
            return;
        }
        final long megabytes = tokens.number(1, 0) & 0xFFFF_FFFFL;
        if (megabytes < MIN_MEGABYTES) {
            reply(session, "MEMLIMIT_TOO_SMALL cannot set maxbytes to less than 8m");
        } else if (megabytes > MAX_MEGABYTES) {
            reply(session, "MEMLIMIT_ADJUST_FAILED input value is megabytes not bytes");
        } else {
            store.slabs().limitBytes(megabytes << MEGABYTE_SHIFT);
            reply(session, "OK");
        }
    }

    private void shutdown(final Session session) {
        if (!settings.shutdownCommand) {
            reply(session, "ERROR: shutdown not enabled");
        } else if (tokens.count() == 1 || tokens.count() == 2 && "graceful".equals(tokens.text(1))) {
            session.closing = true;
            session.closeReason = Session.CloseReason.SHUTDOWN;
            worker.services().shutDown();
        } else {
            reply(session, "CLIENT_ERROR invalid shutdown mode");
        }
    }

    private void watch(final Session session) {
        session.noReply = hasNoReply();
        if (!settings.watchEnabled) {
            reply(session, "CLIENT_ERROR watch commands not allowed");
            return;
        }
        if (worker.isPipelined()) {
            reply(session, "ERROR cannot pipeline other commands before watch");
            return;
        }
        int flags = 0;
        for (int i = 1; i < tokens.count(); i++) {
            final int flag = LogFlags.of(tokens.text(i));
            if (flag == 0) {
                output.put(Replies.ERROR);
                return;
            }
            flags |= flag;
        }
        final String refused = worker.services().watch(session, flags == 0 ? LogFlags.FETCHERS : flags);
        if (refused == null) {
            output.put(Replies.OK);
            session.state = State.WATCH;
        } else {
            reply(session, refused);
        }
    }

    /** For tests of expiry, as the original has it when built for its tests. */
    private void debugTime(final Session session) {
        if (!settings.debugCommands || tokens.count() < 2) {
            output.put(Replies.ERROR);
        } else if ("p".equals(tokens.text(1)) || "r".equals(tokens.text(1))) {
            store.clock().pause("p".equals(tokens.text(1)));
            output.put(Replies.OK);
        } else if (tokens.isSigned(1, 0)) {
            store.clock().move(tokens.number(1, 0));
            output.put(Replies.OK);
        } else {
            output.put(Replies.ERROR);
        }
    }
}
