package io.netchannel.tcpip.ip;

/** Who tells senders of fragments what is wrong with them: ICMP. Called on the stack's thread. */
public interface FragmentErrors {

    /** The rest did not come in time; {@code firstFragment} is the one at offset 0, and stays with the caller. */
    void onReassemblyTimeout(long firstFragment, long nowNs);

    /**
     * A fragment that IPv6 wants reported (RFC 8200, 4.5).
     *
     * @param pointer offset of the field that is wrong, from the IPv6 header
     */
    void onBadFragment(IpDatagram fragment, int code, int pointer, long nowNs);
}
