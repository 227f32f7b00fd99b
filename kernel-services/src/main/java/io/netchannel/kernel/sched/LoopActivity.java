package io.netchannel.kernel.sched;

import io.netchannel.cpu.Cpu;
import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import java.lang.foreign.Arena;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What a loop is in, published at each boundary in one word, and whose the loop's stack is meanwhile.
 *
 * <pre>
 *             turn()              enter()              leave(), reclaim()
 *   PARKED ──────────▶ TURN ─────────────────▶ LENT ─────────────────────▶ TURN, HELD      the loop's thread
 *      ▲                │                      │  ▲                          ▲
 *      └────────────────┘               take() │  │ giveBack()               │ giveBack()   the helper
 *           parks()                            ▼  │                          │
 *                                             TAKEN ──────────────────────▶ WANTED
 *                                                     leave(), reclaim()
 * </pre>
 * While the loop's thread is in a call-back into application code, at a boundary where nothing of the stack is in progress, the stack
 * is LENT: a helper may take it, and run it in the loop's stead. Before the loop's thread touches the stack again, at the call-back's
 * end or within it, it takes it back ({@link #reclaim()}): by one CAS where nobody has it, else by asking and waiting. From there to
 * the call-back's end the stack is HELD, unless it is {@linkplain #lendAgain() lent again}.
 *
 * <p>The word's upper bits number the boundaries: whoever sees the same word twice knows that the loop has not got on.
 *
 * <p>Threading: the loop's thread, but for {@link #observe()} and {@link #callee}, which are anybody's, and what is said to be the
 * helper's, of which there is one.
 */
public final class LoopActivity {

    /** Bytes to allocate for the word, so that nothing else shares its lines. */
    public static final int SIZE_BYTES = 128;

    static final int PARKED = 0;
    static final int TURN = 1;
    static final int HELD = 2;
    static final int LENT = 3;
    static final int TAKEN = 4;
    static final int WANTED = 5;

    private static final long STATE = 7;
    private static final long STEP = STATE + 1;
    private static final int SPINS = 100;
    private static final long ASK_AGAIN_NS = 20_000;

    private final OrderedMemory memory;
    private final long address;
    private final Consumer<BooleanSupplier> waiting;
    private final boolean lends;

    // -- the loop's
    private long number;
    private int depth;
    // Also read by the helper when it runs the stack, which finds the thread to be another.
    private boolean lent;
    // The call-back is at a boundary.
    private boolean lendable;
    private Thread thread;
    private WakeWord watchdog;
    private Runnable asksHelper;
    // Benign: a watchdog that reads another's call-back finds the word changed.
    private Object callee;

    /**
     * @param lends whether call-backs lend the stack: somebody stands in for the loop
     */
    public LoopActivity(final boolean lends) {
        this.memory = HostMemory.INSTANCE;
        // Never given back: a watchdog may still look at a loop that is gone.
        this.address = Arena.global().allocate(SIZE_BYTES, Cpu.host().separationBytes()).address();
        this.waiting = this::awaitHelper;
        this.lends = lends;
    }

    /**
     * @param address of zeroes
     * @param waiting returns when its argument says so
     */
    LoopActivity(final OrderedMemory memory, final long address, final Consumer<BooleanSupplier> waiting) {
        this.memory = memory;
        this.address = address;
        this.waiting = waiting;
        this.lends = true;
    }

    /** The loop's thread from here on: calls of others don't {@link #reclaim()}. */
    public void thread(final Thread loops) {
        thread = loops;
    }

    /** Whether anybody may ever {@link #take}. */
    public boolean lends() {
        return lends;
    }

    /** Null while the loop has none. Any thread. */
    Thread thread() {
        return thread;
    }

    /**
     * @param word rung when the loop has slept and runs again
     * @param asks has the helper see that the stack is wanted
     */
    void watchdog(final WakeWord word, final Runnable asks) {
        watchdog = word;
        asksHelper = asks;
    }

    // -- the loop's thread

    /** A turn begins, or a call-back's is over. */
    void turn() {
        publish(TURN);
    }

    /** About to sleep. */
    void parks() {
        publish(PARKED);
    }

    /** Has slept. */
    void wakes() {
        publish(TURN);
        if (watchdog != null) {
            // The watchdog sleeps while all loops do; it arms, then looks at this word once more.
            watchdog.signal();
        }
    }

    /** Application code is entered, as the last thing in progress: the stack is anybody's. One within another is part of that. */
    public void enter(final Object application) {
        if (depth++ > 0) {
            return;
        }
        callee = application;
        lendable = lends;
        lent = lends;
        publish(lends ? LENT : HELD);
    }

    /** Application code is entered in the midst of something. */
    public void enterHeld(final Object application) {
        if (depth++ > 0) {
            return;
        }
        callee = application;
        lendable = false;
        publish(HELD);
    }

    /** What was entered held is at a boundary after all: a task of {@code application}'s. */
    public void lend(final Object application) {
        if (lends && depth == 1 && !lent) {
            callee = application;
            lendable = true;
            lent = true;
            publish(LENT);
        }
    }

    /** Application code has returned: the stack is the loop's. */
    public void leave() {
        if (--depth > 0) {
            return;
        }
        if (lent) {
            takeBack(TURN);
        } else {
            publish(TURN);
        }
        callee = null;
    }

    /** The stack is the loop's from here to the call-back's end. For each way into the stack; cheap where it is the loop's already. */
    public void reclaim() {
        // Another thread that gets here is the helper, or has no business here, whether somebody stands in or not.
        if (lent && Thread.currentThread() == thread) {
            takeBack(HELD);
        }
    }

    /**
     * The application holds nothing of the stack from here on, no address to write to: what it does until its next call to the stack
     * may take long.
     */
    public void lendAgain() {
        if (lendable && depth == 1 && !lent) {
            lent = true;
            publish(LENT);
        }
    }

    private void publish(final int state) {
        number += STEP;
        // Release: whoever takes the stack must find it as the loop has left it. Pairs with the CAS of take().
        memory.putLongRelease(address, number | state);
    }

    private void takeBack(final int state) {
        final long next = number + STEP | state;
        // CAS: either the helper has taken the stack or it never will, from here on. Acquires, as it may have had it.
        while (!memory.compareAndSetLong(address, number | LENT, next)) {
            if (memory.compareAndSetLong(address, number | TAKEN, number | WANTED)) {
                final long held = number | HELD;
                // Pairs with the release of giveBack().
                waiting.accept(() -> memory.getLongAcquire(address) == held);
                memory.putLongRelease(address, next);
                break;
            }
        }
        number += STEP;
        lent = false;
    }

    private void awaitHelper(final BooleanSupplier given) {
        for (int i = 0; !given.getAsBoolean(); i++) {
            if (i % SPINS == 0) {
                asksHelper.run();
            }
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(ASK_AGAIN_NS);
            }
        }
    }

    // -- any thread

    /** The word, for {@link #take}, {@link #state} and comparison. */
    long observe() {
        return memory.getLongAcquire(address);
    }

    static int state(final long observed) {
        return (int) (observed & STATE);
    }

    /** Whether only the stack's owner differs. */
    static boolean isSameBoundary(final long observed, final long other) {
        return observed >>> 3 == other >>> 3;
    }

    /** What the loop has called when the word was as {@code observed}; null if that is past, or it was no call-back. */
    Object callee(final long observed) {
        final Object seen = callee;
        memory.acquireFence();
        return isSameBoundary(memory.getLongOpaque(address), observed) ? seen : null;
    }

    // -- the helper

    /** @return whether the stack is the caller's from here on, until {@link #giveBack()} */
    boolean take(final long observed) {
        return state(observed) == LENT
                && memory.compareAndSetLong(address, observed, observed & ~STATE | TAKEN);
    }

    /** Whether the loop's thread waits for the stack that the caller has taken. */
    boolean isWanted() {
        return state(memory.getLongOpaque(address)) == WANTED;
    }

    /** The stack is the loop's again: to be lent still, or to go on with if it waits. */
    void giveBack() {
        final long taken = memory.getLongOpaque(address);
        // Release, as all CAS: the loop's thread must find the stack as it is left here.
        if (state(taken) == WANTED || !memory.compareAndSetLong(address, taken, taken & ~STATE | LENT)) {
            memory.putLongRelease(address, taken & ~STATE | HELD);
        }
    }
}
