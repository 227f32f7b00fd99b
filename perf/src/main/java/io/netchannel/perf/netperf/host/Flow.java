package io.netchannel.perf.netperf.host;

/**
 * A connection, as a test sees it.
 *
 * <p>Threading: that of its callbacks.
 */
public interface Flow {

    /**
     * Sends a part of the payload.
     *
     * @return bytes taken. With less than all, {@link FlowHandler#onWritable} follows; a blocking host takes all
     */
    int write(Payload payload, int offset, int lengthBytes);

    /** As {@link #write}, by the host's fastest way from a file. */
    int writeFile(FilePayload file, int offset, int lengthBytes);

    /**
     * Whether to go on after a write of which all was taken; if not, {@link FlowHandler#onWritable} follows. Hosts that
     * block, or take less than all, have room as far as they know.
     */
    default boolean isWritable() {
        return true;
    }

    /** Finishes this side; receiving goes on. */
    void finish();

    /** Finishes both sides. */
    void close();

    /**
     * Runs a task at a time, on this thread: a blocking host sleeps until then.
     *
     * @param timeNs of {@link System#nanoTime}; may be past
     */
    void at(long timeNs, Runnable task);
}
