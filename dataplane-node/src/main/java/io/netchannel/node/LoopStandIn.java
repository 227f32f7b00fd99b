package io.netchannel.node;

import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.StandIn;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Takes a loop's turns but for its applications: packets come in and are acknowledged, and what is due goes out.
 *
 * <p>Threading: whoever has taken the loop's stack.
 */
final class LoopStandIn implements StandIn {

    private final NodeLoop loop;

    LoopStandIn(final NodeLoop loop) {
        this.loop = loop;
    }

    @Override
    public void begin(final long nowNs) {
        loop.stack().beginStandIn();
    }

    @Override
    public int poll(final long nowNs, final BiConsumer<Poller, Throwable> failed) {
        final List<Poller> pollers = loop.thread().dataplane();
        int work = 0;
        for (int i = 0; i < pollers.size(); i++) {
            final Poller poller = pollers.get(i);
            try {
                work += poller.poll(nowNs);
            } catch (final Throwable thrown) {
                failed.accept(poller, thrown);
            }
        }
        return work;
    }

    @Override
    public void end() {
        loop.stack().endStandIn();
    }
}
