package io.netchannel.cpu.explore;

/** The stores of a memory that its thread has still to do in this run. */
final class Promises {

    /** Later than any time. */
    static final int NONE = Integer.MAX_VALUE;

    private boolean[] open = new boolean[64];
    private int last;
    private int count;
    private int first;

    /** All of the thread's in the log. */
    void begin(final WriteLog log, final int thread) {
        last = log.size();
        if (open.length <= last) {
            open = new boolean[2 * last];
        }
        count = 0;
        first = NONE;
        for (int time = last; time > 0; time--) {
            open[time] = log.thread(time) == thread;
            if (open[time]) {
                count++;
                first = time;
            }
        }
    }

    boolean has(final int time) {
        return time <= last && open[time];
    }

    boolean allKept() {
        return count == 0;
    }

    /** The earliest, or {@link #NONE}: the thread must not have to be after it. */
    int first() {
        return first;
    }

    void keep(final int time) {
        open[time] = false;
        count--;
        while (first <= last && !open[first]) {
            first++;
        }
        if (count == 0) {
            first = NONE;
        }
    }
}
