package io.netchannel.tcpip.link;

/** Told by ARP and neighbour discovery of others who claim our addresses. Called on the stack's thread. */
public interface ConflictListener {

    /** Of a stack that leaves it to another of its station. */
    ConflictListener NONE = new ConflictListener() {

        @Override
        public void onClaimed(final long high, final long low, final long mac, final long nowNs) {
            // The other stack hears it too.
        }

        @Override
        public void onProbed(final long high, final long low, final long mac, final long nonce, final long nowNs) {
            // The other stack hears it too.
        }

        @Override
        public boolean isBeingProbed(final long high, final long low) {
            return false;
        }
    };

    /** Somebody has an address of ours, tentative or not. */
    void onClaimed(long high, long low, long mac, long nowNs);

    /**
     * Somebody wants an address of ours that is tentative or optimistic.
     *
     * @param nonce of the probe (RFC 7527), or {@link io.netchannel.tcpip.wire.NdpLayout#NO_OPTION}
     */
    void onProbed(long high, long low, long mac, long nonce, long nowNs);

    /** Whether we still ask for duplicates of an address. */
    boolean isBeingProbed(long high, long low);
}
