package io.netchannel.perf.netperf.host;

/**
 * One side of a test on one connection. All methods are called on one thread at a time.
 */
public interface FlowHandler {

    default void onConnected(final Flow flow) {
    }

    /**
     * Data, which the host has consumed.
     *
     * @param address of the bytes, during the call; 0 where the host has them elsewhere and nobody asked to verify
     */
    void onReceive(Flow flow, long address, int lengthBytes);

    /** There is room after a write that was short. */
    default void onWritable(final Flow flow) {
    }

    /** The peer sends no more. */
    default void onPeerFinished(final Flow flow) {
        flow.close();
    }

    /**
     * The connection has ended.
     *
     * @param reason null if both sides had finished
     * @return whether to connect anew, with this handler; only whoever connected is asked
     */
    boolean onClosed(String reason);
}
