package io.netchannel.tcpip.multicast;

/** A router's question; one object per family, used again for each. */
final class GroupQuery {

    final AddressSet sources = new AddressSet();
    GroupVersion version;
    /** This and {@link #low} are 0 for a general query, of either family. */
    long high;
    long low;
    long maxResponseNs;
    /** 0 where the message doesn't say. */
    int robustness;
    long intervalNs;

    boolean isGeneral() {
        return (high | low) == 0;
    }
}
