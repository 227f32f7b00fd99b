package io.netchannel.samples.memcached.protocol;

import io.netchannel.samples.memcached.options.Settings;
import io.netchannel.samples.memcached.protocol.Session.State;
import io.netchannel.samples.memcached.store.Crawler;
import io.netchannel.samples.memcached.store.Dump;
import io.netchannel.samples.memcached.store.Lru;
import io.netchannel.samples.memcached.store.Slabs;
import io.netchannel.samples.memcached.store.Store;
import java.util.Arrays;

/**
 * Commands about the store's own work: slabs, lru, lru_crawler, stats cachedump.
 *
 * <p>Threading: confined to its loop, under the store's lock.
 */
final class MaintenanceCommands {

    private static final int MAX_SLEEP_MICROS = 1_000_000;
    private static final int MAX_UPPER_PERCENT = 80;
    private static final String BAD_FORMAT = "CLIENT_ERROR bad command line format";

    private final Worker worker;
    private final Store store;
    private final Settings settings;
    private final Output output;
    private final Tokens tokens;

    MaintenanceCommands(final Worker worker, final Tokens tokens) {
        this.worker = worker;
        this.store = worker.store();
        this.settings = worker.settings();
        this.output = worker.output();
        this.tokens = tokens;
    }

    void command(final Session session) {
        final String answer = switch (tokens.text(0)) {
            case "slabs" -> slabs();
            case "lru" -> lru();
            default -> crawler(session);
        };
        if (answer != null && !session.noReply) {
            output.put(Replies.line(answer));
        }
    }

    private String word(final int index) {
        return index < tokens.count() ? tokens.text(index) : "";
    }

    // -- slabs

    private String slabs() {
        if (tokens.count() == 4 && "reassign".equals(word(1))) {
            return reassign();
        }
        if (tokens.count() >= 3 && "automove".equals(word(1))) {
            return automove();
        }
        return "ERROR";
    }

    private String reassign() {
        if (!settings.slabReassign) {
            return "CLIENT_ERROR slab reassignment disabled";
        }
        if (!tokens.isSigned(2, 0) || !tokens.isSigned(3, 0)) {
            return BAD_FORMAT;
        }
        final String answer = switch (store.mover().start((int) tokens.number(2, 0), (int) tokens.number(3, 0))) {
            case OK -> "OK";
            case RUNNING -> "BUSY currently processing reassign request";
            case BAD_CLASS -> "BADCLASS invalid src or dst class id";
            case NO_SPARE -> "NOSPARE source class has no spare pages";
            case SAME -> "SAME src and dst class are identical";
        };
        worker.services().maintain();
        return answer;
    }

    private String automove() {
        if ("ratio".equals(word(2))) {
            final double ratio = number(3);
            if (tokens.count() < 4 || Double.isNaN(ratio)) {
                return "ERROR";
            }
            settings.slabAutomoveRatio = ratio;
            return "OK";
        }
        if (!tokens.isUnsigned(2, 0)) {
            return BAD_FORMAT;
        }
        final long level = tokens.number(2, 0);
        if (level < 0 || level > 2) {
            return "ERROR";
        }
        settings.slabAutomove = (int) level;
        return "OK";
    }

    private double number(final int index) {
        try {
            return Double.parseDouble(word(index));
        } catch (final NumberFormatException e) {
            return Double.NaN;
        }
    }

    // -- lru

    private String lru() {
        if (tokens.count() < 2) {
            return "ERROR";
        }
        if ("tune".equals(word(1)) && tokens.count() >= 6) {
            return tune();
        }
        if (tokens.count() < 3 || !settings.lruMaintainer) {
            return "ERROR";
        }
        if ("mode".equals(word(1)) && ("flat".equals(word(2)) || "segmented".equals(word(2)))) {
            settings.lruSegmented = "segmented".equals(word(2));
            return "OK";
        }
        if ("temp_ttl".equals(word(1)) && tokens.isSigned(2, 0)) {
            final int seconds = (int) tokens.number(2, 0);
            settings.tempLru = seconds >= 0;
            if (seconds >= 0) {
                settings.temporaryTtlSeconds = seconds;
            }
            return "OK";
        }
        return "ERROR";
    }

    private String tune() {
        final double hotFactor = number(4);
        final double warmFactor = number(5);
        if (!tokens.isUnsigned(2, 0) || !tokens.isUnsigned(3, 0) || Double.isNaN(hotFactor)
                || Double.isNaN(warmFactor)) {
            return "ERROR";
        }
        final long hot = tokens.number(2, 0) & 0xFFFF_FFFFL;
        final long warm = tokens.number(3, 0) & 0xFFFF_FFFFL;
        if (hot + warm > MAX_UPPER_PERCENT) {
            return "ERROR hot and warm pcts must not exceed 80";
        }
        if (hotFactor <= 0 || warmFactor <= 0) {
            return "ERROR hot/warm age factors must be greater than 0";
        }
        settings.hotPercent = (int) hot;
        settings.warmPercent = (int) warm;
        settings.hotMaxFactor = hotFactor;
        settings.warmMaxFactor = warmFactor;
        return "OK";
    }

    // -- lru_crawler

    private String crawler(final Session session) {
        if (tokens.count() == 2) {
            return switchCrawler();
        }
        if (tokens.count() != 3) {
            return "ERROR";
        }
        return switch (word(1)) {
            case "crawl" -> crawl();
            case "metadump" -> dump(session, false);
            case "mgdump" -> dump(session, true);
            case "tocrawl" -> {
                if (!tokens.isUnsigned(2, 0)) {
                    yield BAD_FORMAT;
                }
                settings.crawlerToCrawl = (int) tokens.number(2, 0);
                yield "OK";
            }
            case "sleep" -> {
                if (!tokens.isUnsigned(2, 0)) {
                    yield BAD_FORMAT;
                }
                final long micros = tokens.number(2, 0) & 0xFFFF_FFFFL;
                if (micros > MAX_SLEEP_MICROS) {
                    yield "CLIENT_ERROR sleep must be one second or less";
                }
                settings.crawlerSleepMicros = (int) micros;
                yield "OK";
            }
            default -> "ERROR";
        };
    }

    private String switchCrawler() {
        return switch (word(1)) {
            case "enable" -> {
                if (settings.lruCrawler) {
                    yield "ERROR failed to start lru crawler thread";
                }
                settings.lruCrawler = true;
                yield "OK";
            }
            case "disable" -> {
                settings.lruCrawler = false;
                store.crawler().stop();
                yield "OK";
            }
            default -> "ERROR";
        };
    }

    private String crawl() {
        if (!settings.lruCrawler) {
            return "CLIENT_ERROR lru crawler disabled";
        }
        if ("hash".equals(word(2))) {
            return "ERROR an unknown error happened";
        }
        final boolean[] lists = lists(word(2));
        return lists == null
                ? "BADCLASS invalid class id"
                : answer(store.crawler().start(lists, settings.crawlerToCrawl, null));
    }

    private String dump(final Session session, final boolean asMetaCommands) {
        if (!settings.lruCrawler) {
            return "CLIENT_ERROR lru crawler disabled";
        }
        if (!settings.dumpEnabled) {
            return "ERROR metadump not allowed";
        }
        if (worker.isPipelined()) {
            return "ERROR cannot pipeline other commands before metadump";
        }
        if (store.crawler().isRunning()) {
            return "BUSY currently processing crawler request";
        }
        final boolean hash = "hash".equals(word(2));
        final boolean[] lists = hash ? null : lists(word(2));
        if (!hash && lists == null) {
            return "BADCLASS invalid class id";
        }
        final Crawler.Visitor visitor = worker.services().dumpTo(session, asMetaCommands);
        session.state = State.WATCH;
        final Crawler.Answer answer = hash
                ? store.crawler().startOnHash(visitor)
                : store.crawler().start(lists, 0, visitor);
        worker.services().maintain();
        if (answer != Crawler.Answer.OK) {
            session.state = State.COMMAND;
            return answer(answer);
        }
        return null;
    }

    private String answer(final Crawler.Answer answer) {
        worker.services().maintain();
        return switch (answer) {
            case OK -> "OK";
            case RUNNING -> "BUSY currently processing crawler request";
            case NOT_STARTED -> "NOTSTARTED no items to crawl";
        };
    }

    /** @return the lists that are named, or null if one is none */
    private static boolean[] lists(final String names) {
        final boolean[] lists = new boolean[Lru.LISTS];
        if ("all".equals(names)) {
            Arrays.fill(lists, true);
            return lists;
        }
        for (final String name : names.split(",")) {
            try {
                final int id = Integer.parseInt(name);
                if (id < Slabs.FIRST_CLASS || id >= Slabs.MAX_CLASSES) {
                    return null;
                }
                lists[id | Lru.HOT] = true;
                lists[id | Lru.WARM] = true;
                lists[id | Lru.COLD] = true;
                lists[id | Lru.TEMP] = true;
            } catch (final NumberFormatException e) {
                return null;
            }
        }
        return lists;
    }

    // -- stats cachedump

    void cacheDump() {
        final String error = !settings.dumpEnabled
                ? "CLIENT_ERROR stats cachedump not allowed"
                : tokens.count() < 4
                        ? "CLIENT_ERROR bad command line"
                        : !tokens.isUnsigned(2, 0) || !tokens.isUnsigned(3, 0)
                                ? BAD_FORMAT
                                : tokens.number(2, 0) >= Slabs.MAX_CLASSES || tokens.number(2, 0) < 0
                                        ? "CLIENT_ERROR Illegal slab id"
                                        : null;
        if (error != null) {
            output.put(Replies.line(error));
            return;
        }
        output.put(Replies.ascii(Dump.ofColdItems(store, (int) tokens.number(2, 0), (int) tokens.number(3, 0))));
        output.put(Replies.END);
    }
}
