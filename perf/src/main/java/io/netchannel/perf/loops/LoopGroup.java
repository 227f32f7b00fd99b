package io.netchannel.perf.loops;

import io.netchannel.node.LoopContext;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * The loops of a node, for an application whose loops work together: a test is governed by one loop, and its connections
 * are on all of them.
 *
 * <p>Threading: any thread. What a task writes before it ends is seen by whatever runs after it.
 */
public final class LoopGroup {

    private final AtomicReference<AtomicReferenceArray<LoopContext>> members = new AtomicReference<>();
    private final AtomicInteger joined = new AtomicInteger();
    private volatile boolean stopped;

    /** Called by each loop when the application starts on it. @return whether it was the last to come */
    public boolean join(final LoopContext loop) {
        members.compareAndSet(null, new AtomicReferenceArray<>(loop.loopCount()));
        members.get().set(loop.index(), loop);
        return joined.incrementAndGet() == loop.loopCount();
    }

    /** Whether all loops have joined; nothing may be asked of the group before. */
    public boolean isComplete() {
        final AtomicReferenceArray<LoopContext> all = members.get();
        return all != null && joined.get() == all.length();
    }

    /** The node closes: tasks that have not begun don't. */
    public void stop() {
        stopped = true;
    }

    public int size() {
        return members.get().length();
    }

    public LoopContext loop(final int index) {
        return members.get().get(index);
    }

    /** Runs a task on a loop, soon; not if the node closes meanwhile. */
    public void execute(final LoopContext loop, final Runnable task) {
        try {
            loop.execute(() -> {
                if (!stopped) {
                    task.run();
                }
            });
        } catch (final RejectedExecutionException e) {
            // The loop has ended; so does the test.
        }
    }

    /**
     * Runs a task on each loop, and when all are done another on one of them.
     *
     * @param then given the first exception that a task threw, or null
     */
    public void onEach(final Consumer<LoopContext> task, final LoopContext home,
            final Consumer<RuntimeException> then) {
        final AtomicInteger left = new AtomicInteger(size());
        final AtomicReference<RuntimeException> failure = new AtomicReference<>();
        for (int i = 0; i < size(); i++) {
            final LoopContext loop = loop(i);
            execute(loop, () -> {
                try {
                    task.accept(loop);
                } catch (final RuntimeException e) {
                    failure.compareAndSet(null, e);
                }
                if (left.decrementAndGet() == 0) {
                    execute(home, () -> then.accept(failure.get()));
                }
            });
        }
    }
}
