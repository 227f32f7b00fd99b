package io.netchannel.kernel.sched;

/**
 * Timers, each armed, moved and cancelled in constant time.
 *
 * <p>A hierarchical wheel (Varghese and Lauck, 1987) of {@value #LEVELS} levels of {@value #SLOTS} slots. Time counts
 * in ticks of {@value #RESOLUTION_NS} ns from the start. A timer lies on the level of the highest base-{@value #SLOTS}
 * digit in which its tick differs from the present one, in the slot of that digit:
 *
 * <pre>
 *   present tick   0 0 0 0 0 2 17  5
 *   timer's tick   0 0 0 0 0 2 40 61     first difference: level 1, slot 40
 *   timer's tick   0 0 0 0 0 2 17  9     first difference: level 0, slot 9
 * </pre>
 * So on each level only slots after the present digit hold timers, and all timers of a level are due before any of the
 * next: the earliest slot is the lowest bit of the lowest level's bitmap that isn't zero. Time jumps from one occupied
 * slot to the next. When it comes to a slot above level 0, its timers move down; each does so at most {@value #LEVELS}
 * - 1 times.
 *
 * <p>A wheel is a {@link Poller}: a {@link RunLoop} can run it as it is.
 *
 * <p>Threading: confined to one thread. {@link Timer#expire} may schedule and cancel any timers of the wheel.
 */
public final class TimerWheel implements Poller {

    /** Deadlines are rounded up to multiples of this after the start; 2^16 ns. */
    public static final long RESOLUTION_NS = 1L << 16;

    static final int LEVELS = 8;
    static final int SLOTS = 64;

    private static final int RESOLUTION_SHIFT = 16;
    private static final int DIGIT_BITS = 6;
    private static final int DIGIT_MASK = SLOTS - 1;
    // All that a long of nanoseconds can say; needs 47 bits, so LEVELS * DIGIT_BITS = 48 suffice and nothing overflows.
    private static final long MAX_TICK = Long.MAX_VALUE >>> RESOLUTION_SHIFT;

    private final Timer[] slots = new Timer[LEVELS * SLOTS];
    private final long[] occupied = new long[LEVELS];
    private final long startNs;
    private long presentTick;
    // While timers expire, the first tick that is not due: what they schedule expires no sooner, so advance() ends.
    private long earliestTick;
    private boolean expiring;
    private int size;

    /** @param startNs no timer is due before it */
    public TimerWheel(final long startNs) {
        this.startNs = startNs;
    }

    /**
     * Arms {@code timer} for {@code deadlineNs}, or moves it there if it is armed. One that is due already expires at
     * the next {@link #advance}; scheduled by a timer that expires, it does so with the next tick, so that time must
     * pass.
     *
     * @param deadlineNs {@link Poller#NO_DEADLINE} cancels
     * @throws IllegalStateException if another wheel holds the timer
     */
    public void schedule(final Timer timer, final long deadlineNs) {
        cancel(timer);
        if (deadlineNs == NO_DEADLINE) {
            return;
        }
        timer.tick = Math.max(tickAtOrAfter(deadlineNs), Math.max(presentTick, earliestTick));
        timer.armedIn = this;
        size++;
        insert(timer);
    }

    /**
     * Disarms {@code timer}; does nothing if it isn't armed.
     *
     * @throws IllegalStateException if another wheel holds it
     */
    public void cancel(final Timer timer) {
        if (timer.armedIn == null) {
            return;
        }
        if (timer.armedIn != this) {
            throw new IllegalStateException("the timer is armed in another wheel");
        }
        remove(timer);
        timer.armedIn = null;
        size--;
    }

    /**
     * Expires the timers that are due, those of an earlier tick first; each at most once.
     *
     * @return how many expired
     * @throws IllegalStateException if called by a timer that expires
     */
    public int advance(final long nowNs) {
        final long nowTick = tickAtOrBefore(nowNs);
        if (nowTick < presentTick) {
            return 0;
        }
        if (expiring) {
            throw new IllegalStateException("advance() was called from within expire()");
        }
        expiring = true;
        earliestTick = nowTick + 1;
        try {
            return expireUpTo(nowTick, nowNs);
        } finally {
            expiring = false;
            earliestTick = 0;
        }
    }

    private int expireUpTo(final long nowTick, final long nowNs) {
        int expired = 0;
        for (int level = lowestOccupied(); level < LEVELS; level = lowestOccupied()) {
            final int digit = Long.numberOfTrailingZeros(occupied[level]);
            final long tick = firstTick(level, digit);
            if (tick > nowTick) {
                break;
            }
            presentTick = tick;
            final int slot = level * SLOTS + digit;
            if (level == 0) {
                expired += expireSlot(slot, nowNs);
            } else {
                moveDown(slot);
            }
        }
        // Every slot that is left starts later, so each timer's level is what it was.
        presentTick = nowTick;
        return expired;
    }

    private int expireSlot(final int slot, final long nowNs) {
        int expired = 0;
        // One by one from the head: a timer that expires may cancel its neighbours; and nothing is added, by
        // earliestTick.
        for (Timer timer = slots[slot]; timer != null; timer = slots[slot]) {
            cancel(timer);
            expired++;
            timer.expire(nowNs);
        }
        return expired;
    }

    private void moveDown(final int slot) {
        for (Timer timer = slots[slot]; timer != null; timer = slots[slot]) {
            remove(timer);
            insert(timer);
        }
    }

    /**
     * A time not after the first deadline, at which {@link #advance} expires timers or at least moves some nearer;
     * exact for a deadline within the next {@value #SLOTS} ticks. {@code NO_DEADLINE} if no timer is armed.
     */
    @Override
    public long nextDeadlineNs() {
        final int level = lowestOccupied();
        return level == LEVELS
                ? NO_DEADLINE
                : timeNs(firstTick(level, Long.numberOfTrailingZeros(occupied[level])));
    }

    /** {@link #advance}, as a poller. */
    @Override
    public int poll(final long nowNs) {
        return advance(nowNs);
    }

    /** Timers that are armed. */
    public int size() {
        return size;
    }

    // -- ticks

    /** The time of a tick. */
    long timeNs(final long tick) {
        final long sinceStartNs = tick << RESOLUTION_SHIFT;
        final long timeNs = startNs + sinceStartNs;
        return timeNs < startNs ? NO_DEADLINE - 1 : timeNs;
    }

    private long tickAtOrBefore(final long timeNs) {
        if (timeNs < startNs) {
            return -1;
        }
        final long sinceStartNs = timeNs - startNs;
        return sinceStartNs < 0 ? MAX_TICK : sinceStartNs >>> RESOLUTION_SHIFT;
    }

    private long tickAtOrAfter(final long timeNs) {
        if (timeNs <= startNs) {
            return 0;
        }
        final long sinceStartNs = timeNs - startNs;
        return sinceStartNs < 0 ? MAX_TICK : Math.min(MAX_TICK, (sinceStartNs - 1 >>> RESOLUTION_SHIFT) + 1);
    }

    // -- slots: rings of timers, doubly linked

    private int lowestOccupied() {
        int level = 0;
        while (level < LEVELS && occupied[level] == 0) {
            level++;
        }
        return level;
    }

    /** The first tick of a slot: the present one with this level's digit replaced and all below it zero. */
    private long firstTick(final int level, final int digit) {
        final int shift = level * DIGIT_BITS;
        final long above = presentTick & -1L << shift + DIGIT_BITS;
        return above | (long) digit << shift;
    }

    private void insert(final Timer timer) {
        final long difference = timer.tick ^ presentTick | 1;
        final int level = (Long.SIZE - 1 - Long.numberOfLeadingZeros(difference)) / DIGIT_BITS;
        final int digit = (int) (timer.tick >>> level * DIGIT_BITS) & DIGIT_MASK;
        final int slot = level * SLOTS + digit;
        timer.slot = slot;
        occupied[level] |= 1L << digit;
        final Timer head = slots[slot];
        if (head == null) {
            timer.next = timer;
            timer.previous = timer;
            slots[slot] = timer;
            return;
        }
        timer.next = head;
        timer.previous = head.previous;
        head.previous.next = timer;
        head.previous = timer;
    }

    private void remove(final Timer timer) {
        final int slot = timer.slot;
        if (timer.next == timer) {
            slots[slot] = null;
            occupied[slot / SLOTS] &= ~(1L << slot);
        } else {
            timer.previous.next = timer.next;
            timer.next.previous = timer.previous;
            if (slots[slot] == timer) {
                slots[slot] = timer.next;
            }
        }
        // A timer that is kept by its owner must not keep its former neighbours.
        timer.next = null;
        timer.previous = null;
    }
}
