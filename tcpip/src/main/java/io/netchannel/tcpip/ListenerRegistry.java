package io.netchannel.tcpip;

/**
 * Where a stack reports the ports that it takes packets for, so that they are steered to its loop.
 *
 * <p>Called on the stack's thread, from stacks of several loops at once.
 */
public interface ListenerRegistry {

    /** For a stack that gets every packet. */
    ListenerRegistry NONE = new ListenerRegistry() {

        @Override
        public void register(final int protocol, final long localHigh, final long localLow, final int port) {
            // Nobody steers.
        }

        @Override
        public void unregister(final int protocol, final long localHigh, final long localLow, final int port) {
            // Nobody steers.
        }
    };

    /**
     * @param protocol TCP or UDP
     * @param localHigh with {@code localLow} the local address; both 0 for any; 0 and {@code 0x0000FFFF_00000000} for
     *            any of IPv4
     */
    void register(int protocol, long localHigh, long localLow, int port);

    /** Undoes one {@link #register} with the same arguments. */
    void unregister(int protocol, long localHigh, long localLow, int port);
}
