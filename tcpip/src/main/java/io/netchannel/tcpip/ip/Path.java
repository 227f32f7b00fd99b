package io.netchannel.tcpip.ip;

/**
 * The way packets of one flow take: both addresses, and what the IP layer remembers between packets.
 *
 * <p>IPv4 addresses are IPv4-mapped (RFC 4291, 2.5.5.2): high 0, low 0x0000FFFF_aabbccdd.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public abstract class Path {

    /** Only the IP layer makes paths, by {@link IpOutput#pathTo}; tests may make their own. */
    protected Path() {
    }

    public abstract boolean isIpv6();

    public abstract long localHigh();

    public abstract long localLow();

    public abstract long remoteHigh();

    public abstract long remoteLow();

    /** Largest network packet, header included. */
    public abstract int mtuBytes();

    /** Largest network packet that the link and the route are set to, whatever was learned of the rest of the path. */
    public int localMtuBytes() {
        return mtuBytes();
    }

    /** Bytes of the IP header in front of the transport header: 20 or 40. */
    public final int networkHeaderBytes() {
        return isIpv6() ? 40 : 20;
    }

    /** To many at once, by multicast or broadcast. */
    public boolean isGroup() {
        return false;
    }

    /** The transport has had an answer that could only come from this neighbour (RFC 4861, 7.3.1). */
    public abstract void confirmReachable(long nowNs);
}
