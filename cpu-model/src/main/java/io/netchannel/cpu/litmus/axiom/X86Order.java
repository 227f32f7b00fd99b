package io.netchannel.cpu.litmus.axiom;

import static io.netchannel.cpu.litmus.thread.Kind.*;

import io.netchannel.cpu.litmus.thread.EventLog;
import io.netchannel.cpu.litmus.thread.LocalOrder;
import io.netchannel.cpu.litmus.thread.Orders;

/** What x86-TSO orders inside of one thread: all but a store before a later load, and that too by MFENCE or a LOCK. */
public final class X86Order implements LocalOrder {

    @Override
    public boolean toleratesOwnWrites() {
        return false;
    }

    @Override
    public Orders ordersOf(final EventLog log) {
        final Relation order = new Relation(log.count());
        for (int from = 0; from < log.count(); from++) {
            for (int to = 0; to < log.count(); to++) {
                if (log.is(from, MEMORY) && log.is(to, MEMORY) && isOrdered(log, from, to)) {
                    order.add(from, to);
                }
            }
        }
        return Orders.of(order.close());
    }

    private static boolean isOrdered(final EventLog log, final int from, final int to) {
        if (log.instruction(from) >= log.instruction(to)) {
            // The two halves of a locked instruction.
            return log.instruction(from) == log.instruction(to) && log.is(from, R) && log.is(to, W);
        }
        return !log.is(from, W) || !log.is(to, R) || log.is(from, X) || log.is(to, X)
                || hasFenceBetween(log, from, to);
    }

    private static boolean hasFenceBetween(final EventLog log, final int from, final int to) {
        for (int event = from + 1; event < to; event++) {
            if (log.is(event, FENCE_FULL)) {
                return true;
            }
        }
        return false;
    }
}
