package io.netchannel.samples.haproxy.proxy;

import io.netchannel.kernel.sched.SystemNanoClock;
import java.time.InstantSource;

/** The machine's time. */
public final class SystemClock implements Clock {

    private static final long NANOS_PER_MS = 1_000_000;
    private static final InstantSource WALL = InstantSource.system();

    @Override
    public long nowMs() {
        return SystemNanoClock.INSTANCE.nowNs() / NANOS_PER_MS;
    }

    @Override
    public long wallMs() {
        return WALL.millis();
    }
}
