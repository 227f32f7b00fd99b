package io.netchannel.tcpip.autoconf;

/** Told of what became of the addresses of an {@link AddressManager}. */
interface AddressListener {

    /** It may be used from now on. */
    void onAssigned(ManagedAddress address, long nowNs);

    /** It was found to be somebody else's while it was probed, and is gone. */
    void onDuplicate(ManagedAddress address, long nowNs);
}
