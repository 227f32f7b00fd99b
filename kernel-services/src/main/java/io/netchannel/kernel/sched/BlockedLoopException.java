package io.netchannel.kernel.sched;

/** A loop has not got on for too long; the stack trace is that of the loop's thread, or of the fiber on it, where it was seen. */
public final class BlockedLoopException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param where class of the task or the handler, or words for a fiber or a turn
     */
    BlockedLoopException(final String loop, final String where, final long blockedNs, final boolean helped,
            final StackTraceElement[] stack) {
        super("loop " + loop + " has been in " + where + " for " + blockedNs / 1_000_000 + " ms"
                + (helped ? "; its connections are acknowledged meanwhile" : ""));
        setStackTrace(stack);
    }
}
