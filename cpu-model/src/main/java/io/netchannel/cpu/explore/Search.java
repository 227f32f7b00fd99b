package io.netchannel.cpu.explore;

/**
 * Goes through the sequences of stores that a program can make, promise first (Promising-ARM, theorem 6.2: every
 * execution has one in which all stores are promised before anything else is done). A sequence grows by a store that a
 * thread, run alone against it, can do next; it is final for those runs that need no further stores. So threads are
 * never interleaved: the cost is the sum of their runs, not the product.
 */
final class Search {

    private final int threadCount;
    private final Cells cells;
    private final WriteLog log;
    private final Bounds bounds;
    private final ThreadRun[] runs;
    private final Observations observations;
    private final FinalStates finals;
    private long memories;

    Search(final Program program, final MemoryModel model, final Bounds bounds, final Cells cells, final WriteLog log,
            final ModelledMemory memory, final Observations observations, final FinalStates finals) {
        threadCount = program.threads().size();
        this.cells = cells;
        this.log = log;
        this.bounds = bounds;
        this.observations = observations;
        this.finals = finals;
        runs = new ThreadRun[threadCount];
        for (int i = 0; i < threadCount; i++) {
            runs[i] = new ThreadRun(program, i, model, bounds, cells, log, memory, observations);
        }
    }

    /** Runs each thread once, as it was chosen. */
    void replay(final Replay replay, final Recorder recorder) {
        replay.fill(log);
        for (int i = 0; i < threadCount; i++) {
            runs[i].replay(replay.choices().get(i), recorder);
        }
    }

    long memories() {
        return memories;
    }

    /** @return false if a violation ended it */
    boolean explore() {
        return visit(null);
    }

    private boolean visit(final Summary[] before) {
        if (memories == bounds.memories()) {
            observations.reached("memories=" + memories);
            return true;
        }
        memories++;
        final Summary[] now = new Summary[threadCount];
        boolean isFinal = true;
        for (int i = 0; i < threadCount; i++) {
            now[i] = summary(i, before);
            if (!now[i].possible) {
                return true;
            }
            isFinal &= !now[i].outcomes.isEmpty();
        }
        if (isFinal && !finals.add(now)) {
            return false;
        }
        for (int thread = 0; thread < threadCount; thread++) {
            for (final Candidate candidate : now[thread].candidates) {
                if (!isOtherOrder(thread, candidate, before)) {
                    log.push(candidate.offset, candidate.sizeBytes, candidate.value, thread);
                    final boolean goOn = visit(now);
                    log.popTo(log.size() - 1);
                    if (!goOn) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private Summary summary(final int thread, final Summary[] before) {
        final int newest = log.size();
        if (before == null || log.thread(newest) == thread) {
            return runs[thread].summarize();
        }
        final int offset = log.offset(newest);
        final int cell = before[thread].touched.nextSetBit(cells.first(offset));
        final boolean touches = cell >= 0 && cell < cells.end(offset, log.sizeBytes(newest));
        return touches ? runs[thread].summarize() : before[thread];
    }

    /**
     * Whether the candidate and the newest store may change places, and the sequence with the other order, in which the
     * lower thread and the earlier store of a thread come first, stands for both.
     */
    private boolean isOtherOrder(final int thread, final Candidate candidate, final Summary[] before) {
        final int newest = log.size();
        if (newest == 0 || bounds.everyOrder() || log.thread(newest) < thread || candidate.view == newest
                || log.overlaps(newest, candidate.offset, candidate.sizeBytes)
                || log.thread(newest) == thread && !candidate.beforeNewest || !before[thread].has(candidate)) {
            return false;
        }
        return !observations.mayBeObserved(log, cells.first(candidate.offset),
                cells.end(candidate.offset, candidate.sizeBytes), thread);
    }
}
