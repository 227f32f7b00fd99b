package io.netchannel.tcpip.dns;

import java.util.LinkedHashMap;
import java.util.Map;

/** Answers until their time is over, the least recently used going first (RFC 1034, 4.3.4; RFC 2308). */
final class DnsCache {

    private static final long SECOND_NS = 1_000_000_000L;
    private static final float LOAD_FACTOR = 0.75f;

    private final Map<DnsQuestion, Kept> entries;

    private record Kept(DnsAnswer answer, long untilNs) {
    }

    DnsCache(final int capacity) {
        entries = new LinkedHashMap<>(16, LOAD_FACTOR, true) {

            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(final Map.Entry<DnsQuestion, Kept> eldest) {
                return size() > capacity;
            }
        };
    }

    /** @return null if there is none */
    DnsAnswer get(final DnsQuestion question, final long nowNs) {
        final Kept entry = entries.get(question);
        if (entry == null) {
            return null;
        }
        if (nowNs - entry.untilNs >= 0) {
            entries.remove(question);
            return null;
        }
        return entry.answer;
    }

    /** Keeps addresses, and that there are none, if that came with a time. */
    void put(final DnsQuestion question, final DnsAnswer answer, final long nowNs) {
        final long seconds = switch (answer) {
            case final DnsAnswer.Addresses found -> found.ttlSeconds();
            case final DnsAnswer.None none -> none.ttlSeconds();
            default -> 0;
        };
        if (seconds > 0) {
            entries.put(question, new Kept(answer, nowNs + seconds * SECOND_NS));
        }
    }

    void clear() {
        entries.clear();
    }

    int size() {
        return entries.size();
    }
}
