package io.netchannel.channels;

/**
 * What a link takes over from a stack.
 *
 * @param mtuBytes largest network packet on the wire
 * @param transmitChecksum transport checksums may be left to the device
 * @param tsoIpv4 TCP over IPv4 may be handed over as super-frames
 * @param tsoIpv6 TCP over IPv6 may be handed over as super-frames
 * @param maxGsoBytes largest super-frame's network packet; at most 65,535
 * @param maxSlices slices that a frame may have behind its head
 * @param uso UDP datagrams of equal size to one destination may be handed over as super-frames
 */
public record LinkCapabilities(int mtuBytes, boolean transmitChecksum, boolean tsoIpv4, boolean tsoIpv6,
        int maxGsoBytes, int maxSlices, boolean uso) {

    /** Of a link without USO. */
    public LinkCapabilities(final int mtuBytes, final boolean transmitChecksum, final boolean tsoIpv4,
            final boolean tsoIpv6, final int maxGsoBytes, final int maxSlices) {
        this(mtuBytes, transmitChecksum, tsoIpv4, tsoIpv6, maxGsoBytes, maxSlices, false);
    }
}
