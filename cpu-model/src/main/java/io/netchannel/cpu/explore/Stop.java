package io.netchannel.cpu.explore;

/** Ends a run from inside; an error, so that the code under check doesn't take it for one of its own exceptions. */
final class Stop extends Error {

    private static final long serialVersionUID = 1L;

    /** No execution of the CPU goes this way, or another run stands for it. */
    static final Stop PRUNED = new Stop();
    /** What follows can't add to what is known. */
    static final Stop CUT = new Stop();
    /** The thread waits, and has seen the newest of everything. */
    static final Stop BLOCKED = new Stop();
    /** The thread stores again and again, seeing the newest of everything, more often than is followed. */
    static final Stop LIMITED = new Stop();

    private Stop() {
        super(null, null, false, false);
    }
}
