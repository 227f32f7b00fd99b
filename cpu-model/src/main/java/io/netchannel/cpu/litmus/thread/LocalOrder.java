package io.netchannel.cpu.litmus.thread;

/** What an architecture orders inside of one thread, and which accesses are atomic together. */
public interface LocalOrder {

    /** @return over all events of the log; of interest are those between accesses to memory */
    Orders ordersOf(EventLog log);

    /**
     * Whether a read-modify-write stays atomic though own writes come between: an exclusive pair of AArch64 does.
     */
    boolean toleratesOwnWrites();
}
