package io.netchannel.kernel.sched;

/**
 * Monotonic time. Protocol code is handed the time and never holds a clock; run loops hold one.
 */
@FunctionalInterface
public interface NanoClock {

    /** Nanoseconds since an arbitrary origin; never goes back; compare only by difference. */
    long nowNs();
}
