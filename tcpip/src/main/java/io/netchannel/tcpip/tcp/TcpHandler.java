package io.netchannel.tcpip.tcp;

/**
 * The application's side of a flow: what it is told.
 *
 * <p>All methods are called on the thread of the stack, and may call any method of the flow, {@link TcpFlow#abort()}
 * included. An exception aborts the flow and goes to {@link #onFailure}.
 *
 * <p>Order: {@code onConnected}, then any number of {@code onReceive} and {@code onWritable}, at most one
 * {@code onPeerFinished}, after which there is no {@code onReceive}; last {@code onClosed}, exactly once, also if there
 * was no {@code onConnected}.
 */
public interface TcpHandler {

    /** The handshake is over; the flow can be written to. */
    default void onConnected(final TcpFlow flow) {
    }

    /**
     * Data, read in place: the bytes are valid during the call only.
     *
     * @param address of the first byte, in the memory of the stack's packets
     * @param lengthBytes at least 1
     * @return bytes consumed, 0 to {@code lengthBytes}. With less than all, nothing more is delivered until
     *         {@link TcpFlow#resumeReceive()}; the rest comes again then, and the peer is slowed down by the window
     *         meanwhile.
     */
    int onReceive(TcpFlow flow, long address, int lengthBytes);

    /**
     * The peer has finished sending, and all it sent has been consumed. Writing goes on until this side finishes too.
     */
    default void onPeerFinished(final TcpFlow flow) {
    }

    /** There is room in the send buffer again, after a write that was short. */
    default void onWritable(final TcpFlow flow) {
    }

    /** The flow has ended; nothing may be written to it any more. */
    void onClosed(TcpFlow flow, TcpCloseReason reason);

    /** A method of this handler threw {@code failure}; {@link #onClosed} follows. */
    default void onFailure(final TcpFlow flow, final RuntimeException failure) {
        final Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }
}
