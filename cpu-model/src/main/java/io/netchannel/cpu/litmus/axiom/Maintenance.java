package io.netchannel.cpu.litmus.axiom;

import io.netchannel.cpu.litmus.thread.Features;
import io.netchannel.cpu.litmus.thread.Kind;
import io.netchannel.cpu.litmus.thread.Trace;
import java.util.ArrayList;
import java.util.List;

/**
 * TLB, data and instruction cache maintenance of a candidate that is complete but for it. Each TLBI comes before or after
 * each read of an entry that it reaches, each IC before or after each fetch, each DC before or after each write: all ways
 * are tried. TLBI-after, IC-after, DC-after and what aarch64.cat derives from them.
 */
final class Maintenance {

    private final Candidate candidate;
    private final int count;
    private final long[] base;
    private final long[] maintained;
    private final long[] translation;
    /** Pairs whose order is open: maintenance, and what it reaches. */
    private final List<int[]> pairs = new ArrayList<>();
    /** after[i] has bit j if j comes after i. */
    private final long[] after;

    Maintenance(final Candidate candidate, final int depth) {
        this.candidate = candidate;
        count = candidate.count();
        base = candidate.reachAt(depth);
        maintained = candidate.rowsOf(Trace::maintainedTo);
        translation = candidate.rowsOf(Trace::translationOf);
        after = new long[count];
        final long[] local = candidate.rowsOf(Trace::orderedTo);
        for (int operation = 0; operation < count; operation++) {
            for (int event = 0; event < count; event++) {
                if (!reaches(operation, event)) {
                    continue;
                }
                if (has(local, operation, event)) {
                    add(after, operation, event);
                } else if (has(local, event, operation)) {
                    add(after, event, operation);
                } else {
                    pairs.add(new int[]{operation, event});
                }
            }
        }
    }

    private boolean reaches(final int operation, final int event) {
        if (candidate.addressOf(operation) != candidate.addressOf(event)) {
            return false;
        }
        if (candidate.is(operation, Kind.TLBI)) {
            return candidate.is(event, Kind.IMPLICIT_TTD) && isCompleted(operation)
                    && (!candidate.is(operation, Kind.LOCAL)
                            || candidate.threadOf(operation) == candidate.threadOf(event));
        }
        if (candidate.is(operation, Kind.IC)) {
            return candidate.is(event, Kind.IMPLICIT_INSTR) && isCompleted(operation);
        }
        return candidate.is(operation, Kind.DC) && candidate.is(event, Kind.W);
    }

    /** Without a DSB after it nobody knows when it is done, and nothing follows from it. */
    private boolean isCompleted(final int operation) {
        return maintained[operation] != 0;
    }

    void search(final Runnable allowed) {
        choose(0, allowed);
    }

    private void choose(final int index, final Runnable allowed) {
        if (index == pairs.size()) {
            if (isAcyclic()) {
                allowed.run();
            }
            return;
        }
        final int operation = pairs.get(index)[0];
        final int event = pairs.get(index)[1];
        add(after, operation, event);
        choose(index + 1, allowed);
        after[operation] &= ~(1L << event);
        add(after, event, operation);
        choose(index + 1, allowed);
        after[event] &= ~(1L << operation);
    }

    private boolean isAcyclic() {
        final long[] ob = base.clone();
        for (int a = 0; a < count; a++) {
            for (int b = 0; b < count; b++) {
                if (has(after, a, b)) {
                    observe(a, b, ob);
                }
            }
        }
        if (candidate.features().dic()) {
            orderFetches(ob);
        }
        for (int middle = 0; middle < count; middle++) {
            for (int from = 0; from < count; from++) {
                ob[from] |= has(ob, from, middle) ? ob[middle] : 0;
            }
        }
        for (int event = 0; event < count; event++) {
            if (has(ob, event, event)) {
                return false;
            }
        }
        return true;
    }

    private void observe(final int before, final int later, final long[] ob) {
        if (candidate.is(later, Kind.TLBI)) {
            orderTranslations(before, maintained[later], ob);
        } else if (candidate.is(before, Kind.TLBI)) {
            // TLBI-ca
            addCoherenceAfter(before, later, ob);
        } else if (candidate.is(before, Kind.DC) || candidate.is(later, Kind.DC)) {
            add(ob, before, later);
        } else {
            add(ob, before, later);
            if (candidate.is(later, Kind.IC)) {
                orderEarlierFetches(before, maintained[later], ob);
            } else {
                orderInvalidation(before, later, ob);
            }
        }
    }

    /** TLBI-ob: the translation of an access is done, and so is the access, before what waits for the TLBI. */
    private void orderTranslations(final int entryRead, final long waiting, final long[] ob) {
        ob[entryRead] |= waiting;
        final long external = waiting & ~threadOf(entryRead);
        for (int access = 0; access < count; access++) {
            if (has(translation, entryRead, access)) {
                ob[access] |= external;
                orderEarlierTranslations(access, external, ob);
            }
        }
    }

    /** Earlier translations of the same page offset in program order aren't later than this one. */
    private void orderEarlierTranslations(final int access, final long external, final long[] ob) {
        for (int entryRead = 0; entryRead < count; entryRead++) {
            for (int earlier = 0; earlier < count; earlier++) {
                if (has(translation, entryRead, earlier) && candidate.isProgramOrdered(earlier, access)
                        && candidate.is(earlier, Kind.MEMORY) && candidate.is(access, Kind.MEMORY)
                        && (candidate.addressOf(earlier) & 0xFFF) == (candidate.addressOf(access) & 0xFFF)) {
                    ob[entryRead] |= external;
                }
            }
        }
    }

    private long threadOf(final int event) {
        long mask = 0;
        for (int other = 0; other < count; other++) {
            mask |= candidate.threadOf(other) == candidate.threadOf(event) ? 1L << other : 0;
        }
        return mask;
    }

    private void addCoherenceAfter(final int operation, final int read, final long[] ob) {
        for (int write = 0; write < count; write++) {
            if (candidate.isCoherenceBefore(read, write)) {
                add(ob, operation, write);
            }
        }
    }

    /** IC-ob */
    private void orderEarlierFetches(final int fetch, final long waiting, final long[] ob) {
        for (int earlier = 0; earlier < count; earlier++) {
            if (candidate.is(earlier, Kind.IMPLICIT_INSTR) && candidate.isProgramOrdered(earlier, fetch)) {
                ob[earlier] |= waiting;
            }
        }
    }

    /** IC-ca: a fetch after the invalidation that still misses a write was before that write was cleaned. */
    private void orderInvalidation(final int operation, final int fetch, final long[] ob) {
        final Features features = candidate.features();
        if (features.dic()) {
            return;
        }
        for (int write = 0; write < count; write++) {
            if (!candidate.isCoherenceBefore(fetch, write)) {
                continue;
            }
            if (features.idc()) {
                add(ob, operation, write);
                continue;
            }
            for (int clean = 0; clean < count; clean++) {
                if (candidate.is(clean, Kind.DC) && has(after, write, clean)) {
                    add(ob, operation, clean);
                }
            }
        }
    }

    /** With DIC what a fetch misses comes after the fetches before it; with IDC too, after itself. */
    private void orderFetches(final long[] ob) {
        for (int fetch = 0; fetch < count; fetch++) {
            if (!candidate.is(fetch, Kind.IMPLICIT_INSTR)) {
                continue;
            }
            for (int write = 0; write < count; write++) {
                if (candidate.isCoherenceBefore(fetch, write)) {
                    orderEarlierFetches(fetch, 1L << write, ob);
                    if (candidate.features().idc()) {
                        add(ob, fetch, write);
                    }
                }
            }
        }
    }

    private static boolean has(final long[] rows, final int from, final int to) {
        return (rows[from] & 1L << to) != 0;
    }

    private static void add(final long[] rows, final int from, final int to) {
        rows[from] |= 1L << to;
    }
}
