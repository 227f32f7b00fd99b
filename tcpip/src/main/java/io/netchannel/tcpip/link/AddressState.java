package io.netchannel.tcpip.link;

/** What an address of ours may be used for (RFC 4862, 2). */
public enum AddressState {
    /** Being probed for duplicates: packets to it are not ours yet, and none are sent from it. */
    TENTATIVE,
    /** For everything. */
    PREFERRED,
    /** Its preferred lifetime is over: received at, but chosen as a source only if there is no other. */
    DEPRECATED;

    /** Whether packets to it are ours. */
    public boolean isAssigned() {
        return this != TENTATIVE;
    }
}
