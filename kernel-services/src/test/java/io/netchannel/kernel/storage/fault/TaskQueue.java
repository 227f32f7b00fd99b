package io.netchannel.kernel.storage.fault;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** A helper's thread that runs when the test says so. */
public final class TaskQueue implements Executor {

    private final Deque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(final Runnable task) {
        tasks.add(task);
    }

    public boolean runOne() {
        final Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    public void runAll() {
        while (runOne()) {
            // The next.
        }
    }
}
