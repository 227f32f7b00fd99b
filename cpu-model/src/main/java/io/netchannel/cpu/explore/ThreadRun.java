package io.netchannel.cpu.explore;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Runs one thread against a memory, in every way that the CPU allows: each load may return any store that the thread's
 * {@link Views} permit; each store is one that the memory holds already, promised earlier, or is put behind all others
 * for this run only.
 */
final class ThreadRun extends Accesses implements ModelledThread {

    private final int thread;
    private final Program.Body body;
    private final MemoryModel model;
    private final Bounds bounds;
    private final Cells cells;
    private final WriteLog log;
    private final ModelledMemory memory;
    private final Observations observations;
    private final Choices choices = new Choices();
    private final Views views;
    private final Events events = new Events();
    private final Map<String, Long> results = new TreeMap<>();

    private Summary summary;
    private Candidate[] found = new Candidate[16];
    private int foundCount;
    private int base;
    private final Promises promises = new Promises();
    private int accesses;
    private Stop stopped;
    // That the run can't be modelled, or not with these cells.
    private RuntimeException refusal;
    private final int[] lastLoaded;
    private final int[] rereads;
    private boolean triedOld;
    private boolean triedStore;
    private int[] times = new int[64];
    private Recorder recorder;

    ThreadRun(final Program program, final int thread, final MemoryModel model, final Bounds bounds, final Cells cells,
            final WriteLog log, final ModelledMemory memory, final Observations observations) {
        this.thread = thread;
        this.body = program.threads().get(thread);
        this.model = model;
        this.bounds = bounds;
        this.cells = cells;
        this.log = log;
        this.memory = memory;
        this.observations = observations;
        this.views = new Views(model, cells.count());
        this.lastLoaded = new int[cells.count()];
        this.rereads = new int[cells.count()];
    }

    /** Everything that the thread can do against the memory. */
    Summary summarize() {
        summary = new Summary();
        choices.clear();
        do {
            runOnce();
        } while (choices.advance());
        return summary;
    }

    /** One run again, each access told to the recorder. */
    void replay(final int[] vector, final Recorder told) {
        recorder = told;
        summary = new Summary();
        choices.replay(vector);
        try {
            runOnce();
        } finally {
            recorder = null;
        }
    }

    private void runOnce() {
        begin();
        Outcome.Status status = null;
        Throwable failure = null;
        boolean kept = true;
        try {
            body.code().accept(this);
            rethrow();
            status = Outcome.Status.DONE;
        } catch (final Stop stop) {
            kept = stop != Stop.PRUNED;
            status = stop == Stop.BLOCKED
                    ? Outcome.Status.BLOCKED
                    : stop == Stop.LIMITED ? Outcome.Status.LIMITED : null;
        } catch (final Cells.Refined | UnmodelledAccessException notTheirs) {
            log.popTo(base);
            throw notTheirs;
        } catch (final RuntimeException | AssertionError | StackOverflowError thrown) {
            if (refusal != null) {
                log.popTo(base);
                throw refusal;
            }
            failure = thrown;
            status = Outcome.Status.FAILED;
        }
        if (kept && promises.allKept()) {
            summary.possible = true;
            for (int i = 0; i < foundCount; i++) {
                summary.add(found[i]);
            }
            if (status != null && log.size() == base) {
                summary.outcomes.add(new Outcome(status, results.isEmpty() ? Map.of() : new TreeMap<>(results),
                        events.toArray(), failure, choices.vector()));
            }
        }
        log.popTo(base);
    }

    private void begin() {
        base = log.size();
        choices.restart();
        views.clear();
        events.clear();
        results.clear();
        Arrays.fill(rereads, 0);
        foundCount = 0;
        accesses = 0;
        stopped = null;
        refusal = null;
        memory.current(this);
        memory.heap().begin(thread);
        if (times.length <= base) {
            times = new int[2 * base];
        }
        promises.begin(log, thread);
    }

    private Stop stop(final Stop stop) {
        stopped = stop;
        return stop;
    }

    /** The code under check may have caught what was to end the run, or goes on in a finally. */
    private void rethrow() {
        if (refusal != null) {
            throw refusal;
        }
        if (stopped != null) {
            throw stopped;
        }
    }

    private UnmodelledAccessException refused(final String why) {
        final UnmodelledAccessException refused = new UnmodelledAccessException(why);
        refusal = refused;
        return refused;
    }

    private int access(final long address, final int sizeBytes, final AccessMode mode) {
        rethrow();
        if (++accesses > bounds.accesses()) {
            observations.reached("accesses=" + bounds.accesses() + " of thread " + body.name()
                    + " in one run: a loop without await?");
            throw stop(Stop.PRUNED);
        }
        final int offset = FlatMemory.offset(address, sizeBytes, cells.sizeBytes());
        if (mode != AccessMode.PLAIN && (address & sizeBytes - 1) != 0) {
            throw refused(mode + " access of " + sizeBytes + " bytes at 0x"
                    + Long.toHexString(address) + " is not aligned");
        }
        try {
            cells.require(offset, sizeBytes);
        } catch (final Cells.Refined again) {
            refusal = again;
            throw again;
        }
        return offset;
    }

    // -- loads

    @Override
    long load(final long address, final int sizeBytes, final AccessMode mode) {
        final int offset = access(address, sizeBytes, mode);
        final int event = events.count();
        final int view = views.beforeLoad(mode);
        final int first = cells.first(offset);
        final int end = cells.end(offset, sizeBytes);
        final long value;
        if (end == first + 1 || isWhole(first, end)) {
            final int time = chooseTime(first, end, view, mode);
            value = log.read(time, offset, sizeBytes);
            for (int cell = first; cell < end; cell++) {
                loaded(cell, view, time, mode);
            }
            if (recorder != null) {
                recorder.load(thread, event, address, sizeBytes, mode, value, time);
            }
        } else {
            value = loadPieces(first, end, view, mode, address, sizeBytes);
        }
        return value;
    }

    /** Whether the same stores have written all cells. */
    private boolean isWhole(final int first, final int end) {
        for (int cell = first + 1; cell < end; cell++) {
            if (log.timeCount(cell) != log.timeCount(first)) {
                return false;
            }
            for (int i = log.timeCount(first) - 1; i >= 0; i--) {
                if (log.timeAt(cell, i) != log.timeAt(first, i)) {
                    return false;
                }
            }
        }
        return true;
    }

    private long loadPieces(final int first, final int end, final int view, final AccessMode mode, final long address,
            final int sizeBytes) {
        final int event = events.count();
        long value = 0;
        int newest = 0;
        for (int cell = first; cell < end; cell++) {
            final int count = permitted(cell, cell + 1, view, mode);
            if (count > 1 && mode != AccessMode.PLAIN) {
                throw refused(mode + " load of " + sizeBytes + " bytes at 0x"
                        + Long.toHexString(address) + " may take its bytes from stores of different sizes");
            }
            final int time = choose(count);
            final int start = cells.startOf(cell);
            value |= log.read(time, start, cells.bytesOf(cell)) << 8 * (start - cells.startOf(first));
            loaded(cell, view, time, mode);
            newest = Math.max(newest, time);
        }
        if (recorder != null) {
            recorder.load(thread, event, address, sizeBytes, mode, value, newest);
        }
        return value;
    }

    private void loaded(final int cell, final int view, final int time, final AccessMode mode) {
        final boolean old = isOld(cell, time);
        triedOld |= old;
        countReread(cell, time, old);
        summary.touched.set(cell);
        if (view > 0 && (mode != AccessMode.PLAIN || !bounds.races())) {
            observations.read(thread, log, view, cell, log.countUpTo(cell, time));
        }
        views.loaded(cell, Math.max(view, views.seen(cell, time, mode)), mode);
        events.load(mode, cell, log, time);
    }

    /** Whether there is a newer store, other than our own to come. */
    private boolean isOld(final int cell, final int time) {
        int i = log.timeCount(cell) - 1;
        while (i >= 0 && promises.has(log.timeAt(cell, i))) {
            i--;
        }
        return i >= 0 && log.timeAt(cell, i) > time;
    }

    /** Ends what production code does without {@code await}: to spin on a word. */
    private void countReread(final int cell, final int time, final boolean old) {
        if (lastLoaded[cell] != time) {
            lastLoaded[cell] = time;
            rereads[cell] = 0;
        } else if (++rereads[cell] > bounds.rereads()) {
            throw stop(old ? Stop.PRUNED : Stop.BLOCKED);
        }
    }

    private int chooseTime(final int first, final int end, final int view, final AccessMode mode) {
        return choose(permitted(first, end, view, mode));
    }

    private int choose(final int count) {
        if (count == 0) {
            throw stop(Stop.PRUNED);
        }
        return times[choices.next(count)];
    }

    /** Collects the times of the stores that a load may return, newest first. */
    private int permitted(final int first, final int end, final int view, final AccessMode mode) {
        int oldest = view;
        for (int cell = first; cell < end; cell++) {
            oldest = Math.max(oldest, views.coherence(cell));
        }
        final boolean orders = !promises.allKept() && views.isAcquire(mode);
        int count = 0;
        for (int i = log.timeCount(first) - 1; i >= -1; i--) {
            final int time = i < 0 ? 0 : log.timeAt(first, i);
            if (promises.has(time)) {
                // Our own store to come: neither it nor a newer one can be seen before it is done.
                count = 0;
            } else if (!orders || views.seen(first, time, mode) < promises.first()) {
                if (count == times.length) {
                    times = Arrays.copyOf(times, 2 * count);
                }
                times[count++] = time;
            }
            if (time <= oldest) {
                break;
            }
        }
        return count;
    }

    // -- stores

    @Override
    void store(final long address, final int sizeBytes, final long value, final AccessMode mode) {
        final int offset = access(address, sizeBytes, mode);
        store(address, offset, sizeBytes, mask(sizeBytes, value), mode, -1);
    }

    /** @param replaced time of the store that a read-modify-write replaces, or -1 */
    private void store(final long address, final int offset, final int sizeBytes, final long value,
            final AccessMode mode, final int replaced) {
        final int first = cells.first(offset);
        final int end = cells.end(offset, sizeBytes);
        int view = views.beforeStore(mode);
        boolean mayAppend = promises.allKept() || !model.ordersAllButStoreLoad();
        for (int cell = first; cell < end; cell++) {
            view = Math.max(view, views.coherence(cell));
            mayAppend &= replaced < 0 || log.newest(cell) == replaced;
            summary.touched.set(cell);
        }
        int count = 0;
        for (int time = base; time > view; time--) {
            if (promises.has(time) && log.overlaps(time, offset, sizeBytes)) {
                // A newer store to the word would keep the promise from being kept.
                mayAppend = false;
                if (log.offset(time) == offset && log.sizeBytes(time) == sizeBytes && log.value(time) == value
                        && (replaced < 0 || log.before(first, time) == replaced)) {
                    times[count++] = time;
                }
            }
        }
        if (mayAppend) {
            times[count++] = 0;
        }
        final int event = events.count();
        int time = choose(count);
        if (time == 0) {
            time = append(offset, sizeBytes, value, view);
        } else {
            promises.keep(time);
        }
        for (int cell = first; cell < end; cell++) {
            views.stored(cell, time, replaced >= 0);
            events.store(mode, cell, log, time);
        }
        views.stored(time, mode, replaced >= 0);
        // A swap that leaves the value as it was is as good as a look at it.
        triedStore |= replaced < 0 || value != log.read(replaced, offset, sizeBytes);
        Arrays.fill(rereads, 0);
        if (recorder != null) {
            recorder.store(thread, event, address, sizeBytes, mode, value, time, replaced);
        }
        checkUseful();
    }

    private int append(final int offset, final int sizeBytes, final long value, final int view) {
        if (view <= base) {
            if (foundCount == found.length) {
                found = Arrays.copyOf(found, 2 * foundCount);
            }
            final boolean beforeNewest = promises.has(base);
            found[foundCount++] = new Candidate(offset, sizeBytes, value, view, beforeNewest);
        }
        return log.push(offset, sizeBytes, value, thread);
    }

    private void checkUseful() {
        if (views.storesAfter() >= promises.first()) {
            throw stop(Stop.PRUNED);
        } else if (promises.allKept() && log.size() > base && views.storesAfter() > base && recorder == null) {
            // Nothing that comes could be promised now, and all that was promised is done.
            throw stop(Stop.CUT);
        }
    }

    // -- read-modify-writes

    @Override
    long compareAndExchange(final long address, final int sizeBytes, final long expected, final long update) {
        return readModifyWrite(address, sizeBytes, null, expected, update);
    }

    @Override
    long getAndUpdate(final long address, final int sizeBytes, final Update update, final long operand) {
        return readModifyWrite(address, sizeBytes, update, 0, operand);
    }

    private long readModifyWrite(final long address, final int sizeBytes, final Update update, final long expected,
            final long operand) {
        final AccessMode mode = AccessMode.VOLATILE;
        final int offset = access(address, sizeBytes, mode);
        final int first = cells.first(offset);
        final int end = cells.end(offset, sizeBytes);
        if (end > first + 1 && !isWhole(first, end)) {
            throw refused("read-modify-write of " + sizeBytes + " bytes at 0x"
                    + Long.toHexString(address) + " over stores of different sizes");
        }
        views.atomic();
        final int event = events.count();
        final int view = views.beforeLoad(mode);
        final int time = chooseTime(first, end, view, mode);
        final long before = log.read(time, offset, sizeBytes);
        for (int cell = first; cell < end; cell++) {
            loaded(cell, view, time, mode);
        }
        if (recorder != null) {
            recorder.load(thread, event, address, sizeBytes, mode, before, time);
        }
        if (update != null) {
            store(address, offset, sizeBytes, mask(sizeBytes, update.apply(before, operand)), mode, time);
        } else if (before == expected) {
            store(address, offset, sizeBytes, mask(sizeBytes, operand), mode, time);
        }
        return before;
    }

    // -- the rest

    @Override
    void fence(final Fence fence) {
        rethrow();
        final int event = events.count();
        views.fence(fence);
        events.fence(fence);
        if (recorder != null) {
            recorder.fence(thread, event, fence);
        }
        checkUseful();
    }

    @Override
    public ModelledMemory memory() {
        return memory;
    }

    @Override
    public void result(final String name, final long value) {
        results.put(name, value);
    }

    @Override
    public <T> T prepare(final Supplier<T> maker) {
        if (accesses > 0) {
            throw new IllegalStateException("prepare after an access of thread " + body.name());
        }
        final byte[] bytes = log.initial();
        memory.current(new FlatMemory(bytes));
        try {
            return maker.get();
        } finally {
            memory.current(this);
            if (!Arrays.equals(bytes, log.initial())) {
                throw new UnmodelledAccessException("prepare of thread " + body.name()
                        + " leaves other values in memory than the set-up");
            }
        }
    }

    @Override
    public void await(final BooleanSupplier tried) {
        int failed = 0;
        int storing = 0;
        int idle = 0;
        while (true) {
            triedOld = false;
            triedStore = false;
            if (tried.getAsBoolean()) {
                return;
            }
            rethrow();
            if (triedStore) {
                idle = 0;
                if (++storing > bounds.storingTries()) {
                    throw stop(triedOld ? Stop.PRUNED : Stop.LIMITED);
                }
            } else if (triedOld) {
                idle = 0;
                // Enough of failing on old values: other runs see the newer ones.
                if (++failed > bounds.failedTries()) {
                    throw stop(Stop.PRUNED);
                }
            } else if (++idle > 1) {
                // The second time because the first may have changed what the thread remembers of the words.
                throw stop(Stop.BLOCKED);
            }
        }
    }
}
