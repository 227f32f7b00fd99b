package io.netchannel.samples.haproxy.proxy;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * All deadlines of the proxy in one heap, of which the loop knows the earliest only.
 *
 * <p>A connection has one {@link Timeout} for all its deadlines. When data flows the deadline moves later, and nothing is done
 * here: who is called too early looks at its deadlines and arms itself again.
 */
public final class Timers {

    /** Later than that, the loop had something else to do. */
    private static final long LATE_MS = 2;

    private final EventLoop loop;
    private final Clock clock;
    private Timeout[] heap = new Timeout[64];
    private int size;
    private long wakeAtMs = Timeout.NEVER;
    private Future<?> wake;
    private boolean listening;

    public Timers(final EventLoop loop, final Clock clock) {
        this.loop = loop;
        this.clock = clock;
    }

    /** Sees to it that {@code timeout} is called at {@code atMs} or before; earlier calls for a later time don't hold it up. */
    void armAtLatest(final Timeout timeout, final long atMs) {
        if (atMs < timeout.atMs) {
            arm(timeout, atMs);
        }
    }

    void arm(final Timeout timeout, final long atMs) {
        if (atMs == Timeout.NEVER) {
            cancel(timeout);
            return;
        }
        final long before = timeout.atMs;
        timeout.atMs = atMs;
        if (timeout.index < 0) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            size++;
            up(size - 1, timeout);
        } else if (atMs < before) {
            up(timeout.index, timeout);
        } else {
            down(timeout.index, timeout);
        }
        wakeUp();
    }

    void cancel(final Timeout timeout) {
        final int hole = timeout.index;
        timeout.atMs = Timeout.NEVER;
        if (hole < 0) {
            return;
        }
        timeout.index = -1;
        size--;
        final Timeout last = heap[size];
        heap[size] = null;
        if (hole < size) {
            down(hole, last);
            if (last.index == hole) {
                up(hole, last);
            }
        }
    }

    /** For the tests' clock: runs what is due. */
    void run() {
        final long nowMs = clock.nowMs();
        while (size > 0 && heap[0].atMs <= nowMs) {
            final Timeout due = heap[0];
            cancel(due);
            due.expired(nowMs);
        }
    }

    /** Deadlines that are waited for. */
    public int size() {
        return size;
    }

    private void woken() {
        // What came in time is heard, even if the loop was too busy to listen: it does once more before anything is over.
        listening = !listening && clock.nowMs() - wakeAtMs > LATE_MS;
        if (listening) {
            wake = loop.schedule(this::woken, 1, TimeUnit.MILLISECONDS);
            return;
        }
        wake = null;
        wakeAtMs = Timeout.NEVER;
        run();
        wakeUp();
    }

    private void wakeUp() {
        if (size == 0 || heap[0].atMs >= wakeAtMs) {
            return;
        }
        if (wake != null) {
            wake.cancel(false);
        }
        wakeAtMs = heap[0].atMs;
        wake = loop.schedule(this::woken, Math.max(0, wakeAtMs - clock.nowMs()), TimeUnit.MILLISECONDS);
    }

    private void up(final int from, final Timeout timeout) {
        int at = from;
        while (at > 0) {
            final int parent = (at - 1) >>> 1;
            if (heap[parent].atMs <= timeout.atMs) {
                break;
            }
            put(at, heap[parent]);
            at = parent;
        }
        put(at, timeout);
    }

    private void down(final int from, final Timeout timeout) {
        int at = from;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && heap[child + 1].atMs < heap[child].atMs) {
                child++;
            }
            if (heap[child].atMs >= timeout.atMs) {
                break;
            }
            put(at, heap[child]);
            at = child;
        }
        put(at, timeout);
    }

    private void put(final int at, final Timeout timeout) {
        heap[at] = timeout;
        timeout.index = at;
    }
}
