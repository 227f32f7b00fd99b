package io.netchannel.cpu.litmus.axiom;

import io.netchannel.cpu.litmus.LitmusException;
import io.netchannel.cpu.litmus.thread.Features;
import io.netchannel.cpu.litmus.thread.InitialMemory;
import io.netchannel.cpu.litmus.thread.Kind;
import io.netchannel.cpu.litmus.thread.PageTableEntry;
import io.netchannel.cpu.litmus.thread.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * One trace per thread: finds each reads-from and each coherence order that keep ob acyclic. ob is kept transitively
 * closed, one word a row, as edges are added; a cycle ends a branch of the search at once.
 */
final class Candidate {

    private static final int INITIAL = -1;
    private static final int UNPLACED = -2;

    private final InitialMemory initial;
    private final boolean toleratesOwnWrites;
    private final Executions.Budget budget;
    private final Execution execution;
    private final Features features;

    private List<Trace> traces;
    private int count;
    private final int[] thread = new int[64];
    private final int[] instruction = new int[64];
    private final long[] address = new long[64];
    private final long[] value = new long[64];
    private final int[] kind = new int[64];
    private final boolean[] write = new boolean[64];
    /** A read of a page-table entry or of an instruction: it may be older than what the thread itself wrote. */
    private final boolean[] implicit = new boolean[64];
    /** The implicit reads whose value may come late no more: those of entries that aren't cached in a TLB. */
    private final boolean[] uncached = new boolean[64];
    private boolean hasMaintenance;
    private final int[] rmwRead = new int[64];
    /** Of a read, the write that it takes from, or INITIAL. */
    private final int[] source = new int[64];
    /** Of a write, its place in the coherence order of its location, or UNPLACED. */
    private final int[] place = new int[64];
    private final List<int[]> writesOfLocation = new ArrayList<>();
    private final List<Integer> reads = new ArrayList<>();
    private final int[] last = new int[64];
    /** reach[depth] is ob when depth decisions were made. */
    private final long[][] reach = new long[130][64];

    Candidate(final InitialMemory initial, final boolean toleratesOwnWrites, final Features features,
            final Executions.Budget budget, final Execution execution) {
        this.features = features;
        this.initial = initial;
        this.toleratesOwnWrites = toleratesOwnWrites;
        this.budget = budget;
        this.execution = execution;
    }

    void search(final List<Trace> chosen) {
        traces = chosen;
        lay();
        takeFrom(0, 0);
    }

    private void lay() {
        count = 0;
        hasMaintenance = false;
        reads.clear();
        for (int t = 0; t < traces.size(); t++) {
            final Trace trace = traces.get(t);
            final int base = count;
            if (base + trace.length() > 64) {
                throw new LitmusException(LitmusException.Reason.TOO_LARGE, 1, Integer.toString(base + trace.length()),
                        "accesses to memory > 64");
            }
            for (int i = 0; i < trace.length(); i++) {
                thread[count] = t;
                instruction[count] = trace.instruction()[i];
                address[count] = trace.addresses()[i];
                value[count] = trace.values()[i];
                kind[count] = trace.kinds()[i];
                write[count] = trace.isWrite(i);
                implicit[count] = (kind[count] & Kind.IMPLICIT) != 0;
                uncached[count] = decidesFault(trace, i);
                hasMaintenance |= (kind[count] & (Kind.MAINTENANCE | Kind.IMPLICIT_INSTR)) != 0;
                rmwRead[count] = trace.rmwReadOf()[i] < 0 ? -1 : base + trace.rmwReadOf()[i];
                reach[0][count] = trace.orderedTo()[i] << base;
                place[count] = UNPLACED;
                if ((kind[count] & Kind.R) != 0) {
                    reads.add(count);
                }
                count++;
            }
        }
        groupWrites();
    }

    /** A translation or access-flag fault: TLBs don't keep the entry. */
    private static boolean decidesFault(final Trace trace, final int read) {
        for (long row = trace.translationOf()[read]; row != 0; row &= row - 1) {
            final int event = Long.numberOfTrailingZeros(row);
            if ((trace.kinds()[event] & Kind.FAULT) != 0
                    && (trace.values()[event] & 0xFF) != PageTableEntry.Fault.PERMISSION.ordinal()) {
                return true;
            }
        }
        return false;
    }

    private void groupWrites() {
        writesOfLocation.clear();
        long grouped = 0;
        for (int i = 0; i < count; i++) {
            if (write[i] && (grouped & 1L << i) == 0) {
                final int[] group = new int[count];
                int size = 0;
                for (int j = i; j < count; j++) {
                    if (write[j] && address[j] == address[i]) {
                        group[size++] = j;
                        grouped |= 1L << j;
                    }
                }
                writesOfLocation.add(Arrays.copyOf(group, size));
            }
        }
    }

    private boolean isBefore(final int a, final int b) {
        return thread[a] == thread[b] && instruction[a] < instruction[b];
    }

    private void takeFrom(final int index, final int depth) {
        budget.spend();
        if (index == reads.size()) {
            follow(0, 0, INITIAL, depth);
            return;
        }
        final int read = reads.get(index);
        if (implicit[read]) {
            takeImplicit(index, depth);
            return;
        }
        // coWR: a read never takes from before the thread's own last write.
        int own = -1;
        for (int i = 0; i < read; i++) {
            if (write[i] && address[i] == address[read] && isBefore(i, read)) {
                own = i;
            }
        }
        if (own < 0 && initial.valueAt(address[read]) == value[read]) {
            source[read] = INITIAL;
            takeFrom(index + 1, depth);
        }
        for (int i = 0; i < count; i++) {
            if (write[i] && address[i] == address[read] && value[i] == value[read]) {
                if (thread[i] != thread[read]) {
                    copy(depth);
                    if (order(i, read, depth + 1)) {
                        source[read] = i;
                        takeFrom(index + 1, depth + 1);
                    }
                } else if (i == own) {
                    source[read] = i;
                    takeFrom(index + 1, depth);
                }
            }
        }
    }

    /** TTD-obs, Instr-obs: any write may be seen, and it is seen in order, by the own thread too. */
    private void takeImplicit(final int index, final int depth) {
        final int read = reads.get(index);
        if (initial.valueAt(address[read]) == value[read]) {
            source[read] = INITIAL;
            takeFrom(index + 1, depth);
        }
        for (int i = 0; i < count; i++) {
            if (write[i] && address[i] == address[read] && value[i] == value[read]) {
                copy(depth);
                if (order(i, read, depth + 1)) {
                    source[read] = i;
                    takeFrom(index + 1, depth + 1);
                }
            }
        }
    }

    private void copy(final int depth) {
        System.arraycopy(reach[depth], 0, reach[depth + 1], 0, count);
    }

    /** Adds an edge to ob. @return false if that makes a cycle */
    private boolean order(final int from, final int to, final int depth) {
        final long[] rows = reach[depth];
        if (from == to || (rows[to] & 1L << from) != 0) {
            return false;
        }
        if ((rows[from] & 1L << to) == 0) {
            final long more = rows[to] | 1L << to;
            rows[from] |= more;
            for (int i = 0; i < count; i++) {
                if ((rows[i] & 1L << from) != 0) {
                    rows[i] |= more;
                }
            }
        }
        return true;
    }

    /** Chooses the write that comes next in the coherence order of a location. */
    private void follow(final int location, final int placed, final int previous, final int depth) {
        budget.spend();
        if (location == writesOfLocation.size()) {
            if (hasMaintenance) {
                new Maintenance(this, depth).search(() -> execution.allowed(traces, this::finalValueAt));
            } else {
                execution.allowed(traces, this::finalValueAt);
            }
            return;
        }
        final int[] writes = writesOfLocation.get(location);
        if (placed == writes.length) {
            last[location] = previous;
            follow(location + 1, 0, INITIAL, depth);
            return;
        }
        for (final int next : writes) {
            if (place[next] == UNPLACED && isNextOfThread(next, writes)) {
                copy(depth);
                place[next] = placed;
                if (isCoherent(next) && isAtomic(next, writes) && orderAfter(previous, next, depth + 1)) {
                    follow(location, placed + 1, next, depth + 1);
                }
                place[next] = UNPLACED;
            }
        }
    }

    /** coWW */
    private boolean isNextOfThread(final int next, final int[] writes) {
        for (final int other : writes) {
            if (place[other] == UNPLACED && isBefore(other, next)) {
                return false;
            }
        }
        return true;
    }

    /** coWR: no read of the own thread after this write takes from what was overwritten by it. */
    private boolean isCoherent(final int next) {
        for (final int read : reads) {
            if (!implicit[read] && address[read] == address[next] && isBefore(next, read) && source[read] != next
                    && isPlaced(source[read])) {
                return false;
            }
        }
        return true;
    }

    private boolean isPlaced(final int source) {
        return source == INITIAL || place[source] != UNPLACED;
    }

    private int placeOf(final int source) {
        return source == INITIAL ? -1 : place[source];
    }

    private boolean isAtomic(final int next, final int[] writes) {
        final int read = rmwRead[next];
        if (read < 0 || address[read] != address[next]) {
            return true;
        }
        if (!isPlaced(source[read])) {
            return true;
        }
        boolean hasOther = false;
        boolean hasOwn = false;
        for (final int between : writes) {
            if (between != next && place[between] != UNPLACED && place[between] > placeOf(source[read])) {
                if (thread[between] == thread[next]) {
                    hasOwn = true;
                } else {
                    hasOther = true;
                }
            }
        }
        return toleratesOwnWrites ? hasOwn || !hasOther : !hasOther;
    }

    /** co, fr, and what follows of fr: reads of one location in program order don't see it go back. */
    private boolean orderAfter(final int previous, final int next, final int depth) {
        if (previous != INITIAL && !order(previous, next, depth)) {
            return false;
        }
        for (final int read : reads) {
            if (address[read] != address[next] || source[read] != previous) {
                continue;
            }
            final boolean isOrdered = implicit[read]
                    ? !uncached[read] || order(read, next, depth)
                    : isBefore(next, read) || orderRead(read, next, depth);
            if (!isOrdered) {
                return false;
            }
        }
        return true;
    }

    private boolean orderRead(final int read, final int next, final int depth) {
        if (thread[read] == thread[next]) {
            // In program order, or one instruction: the thread's own order has it.
            return true;
        }
        if (!order(read, next, depth)) {
            return false;
        }
        for (final int earlier : reads) {
            if (!implicit[earlier] && address[earlier] == address[read] && isBefore(earlier, read)
                    && !order(earlier, next, depth)) {
                return false;
            }
        }
        return true;
    }

    // What Maintenance asks of a complete candidate.

    int count() {
        return count;
    }

    boolean is(final int event, final int kinds) {
        return (kind[event] & kinds) != 0;
    }

    long addressOf(final int event) {
        return address[event];
    }

    int threadOf(final int event) {
        return thread[event];
    }

    boolean isProgramOrdered(final int first, final int second) {
        return isBefore(first, second);
    }

    /** ca: fr and co, from an access to a write that its own value is older than. */
    boolean isCoherenceBefore(final int first, final int second) {
        if (!write[second] || first == second || !is(first, Kind.MEMORY) || address[first] != address[second]) {
            return false;
        }
        return (write[first] ? place[first] : placeOf(source[first])) < place[second];
    }

    long[] reachAt(final int depth) {
        return Arrays.copyOf(reach[depth], count);
    }

    /** Local order of a thread's events, as rows over all events. */
    long[] rowsOf(final Function<Trace, long[]> rows) {
        final long[] all = new long[count];
        int base = 0;
        for (final Trace trace : traces) {
            final long[] own = rows.apply(trace);
            for (int i = 0; i < own.length; i++) {
                all[base + i] = own[i] << base;
            }
            base += own.length;
        }
        return all;
    }

    Features features() {
        return features;
    }

    private long finalValueAt(final long at) {
        for (int location = 0; location < writesOfLocation.size(); location++) {
            if (address[last[location]] == at) {
                return value[last[location]];
            }
        }
        return initial.valueAt(at);
    }
}
