package io.netchannel.tcpip.ip;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.kernel.memory.PacketPool;

/**
 * What a transport needs of the IP layer below it.
 *
 * <p>A transport allocates a head buffer from {@link #pool()}, writes its header at {@link #TRANSPORT_OFFSET} (so that the
 * lower layers' headers fit before it), adds payload as slices or behind the header, sets the checksum and GSO metadata of
 * the head (offsets relative to the transport header; the IP layer moves them), and hands the packet over.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public interface IpOutput {

    /** Offset in a head buffer at which a transport header begins. */
    int TRANSPORT_OFFSET = 192;

    /** What became of a packet. */
    enum Result {
        /** Queued to the link; or waiting for the neighbour's link address, within a bound. */
        SENT,
        /** The link is full; the caller still owns the packet and tries again when {@link #space} says so. */
        LINK_FULL,
        /** Dropped and counted: no neighbour, no route; the packet has been released. */
        DROPPED
    }

    PacketPool pool();

    LinkCapabilities capabilities();

    /** Frames that the link takes now. */
    int space();

    /**
     * A path, or null if there is no route or no local address of that family.
     *
     * @param localHigh and {@code localLow}: the local address, or both 0 to let the IP layer choose
     */
    Path pathTo(long localHigh, long localLow, long remoteHigh, long remoteLow);

    /**
     * Sends a transport packet.
     *
     * @param packet head handle whose offset is {@link #TRANSPORT_OFFSET}
     * @param protocol IPv4 protocol or IPv6 next header
     * @param trafficClass the DS field, ECN bits included
     */
    Result send(long packet, Path path, int protocol, int trafficClass, long nowNs);
}
