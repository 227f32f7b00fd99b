package io.netchannel.perf.netperf.host;

/** One side of a test with datagrams. All methods are called on one thread. */
public interface DatagramHandler {

    default void onStart(final Datagrams socket) {
    }

    /** @param address as in {@link FlowHandler#onReceive} */
    void onDatagram(Datagrams socket, long address, int lengthBytes);

    /** After {@link Datagrams#again}. */
    default void onReady(final Datagrams socket) {
    }

    /** The socket failed; the message says how. */
    void onFailure(String reason);
}
