package io.netchannel.node;

import io.netchannel.kernel.sched.ActsFor;
import io.netchannel.kernel.sched.LoopActivity;

/** An application's task, at whose boundary the loop's stack is lent. */
record LendingTask(Runnable principal, LoopActivity activity) implements Runnable, ActsFor {

    @Override
    public void run() {
        activity.lend(principal);
        principal.run();
    }
}
