package io.netchannel.tcpip.autoconf;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.link.Ndp;
import java.util.random.RandomGenerator;

/**
 * Asks for routers until there is one: RFC 4861, 6.3.7, with the retransmission of RFC 7559, 2, which never gives up.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class RouterSolicitation extends Timer {

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MAX_RTR_SOLICITATION_DELAY_NS = SECOND_NS;
    /** RFC 7559, 2. */
    private static final long IRT_NS = 4 * SECOND_NS;
    private static final long MRT_NS = 3600 * SECOND_NS;

    private final Ndp ndp;
    private final TimerWheel timers;
    private final RandomGenerator random;
    private long intervalNs;

    RouterSolicitation(final Ndp ndp, final TimerWheel timers, final RandomGenerator random) {
        this.ndp = ndp;
        this.timers = timers;
        this.random = random;
    }

    /** Asks after a random delay, and again. */
    void start(final long nowNs) {
        intervalNs = 0;
        timers.schedule(this, nowNs + random.nextLong(MAX_RTR_SOLICITATION_DELAY_NS + 1));
    }

    void stop() {
        timers.cancel(this);
    }

    @Override
    protected void expire(final long nowNs) {
        ndp.solicitRouters();
        // RFC 8415, 15: each time twice as long, and a tenth more or less.
        intervalNs = intervalNs == 0 ? vary(IRT_NS, IRT_NS) : vary(2 * intervalNs, intervalNs);
        if (intervalNs > MRT_NS) {
            intervalNs = vary(MRT_NS, MRT_NS);
        }
        timers.schedule(this, nowNs + intervalNs);
    }

    private long vary(final long meanNs, final long baseNs) {
        final long tenthNs = baseNs / 10;
        return meanNs - tenthNs + random.nextLong(2 * tenthNs + 1);
    }
}
