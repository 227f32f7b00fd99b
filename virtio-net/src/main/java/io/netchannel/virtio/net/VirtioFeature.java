package io.netchannel.virtio.net;

import java.util.ArrayList;
import java.util.List;

/**
 * Feature bits that are spoken here (VirtIO 1.3, 5.1.3 for 0–63 of the network device, 6 for the reserved ones), each
 * with what it depends on (5.1.3.1).
 */
public enum VirtioFeature {

    /** Device completes partial checksums of the driver. */
    CSUM(0),
    /** Driver accepts partial checksums. */
    GUEST_CSUM(1),
    /** Device states its MTU. */
    MTU(3),
    /** Device states its MAC address. */
    MAC(5),
    /** Driver accepts TCP super-frames over IPv4. */
    GUEST_TSO4(7, GUEST_CSUM),
    /** Driver accepts TCP super-frames over IPv6. */
    GUEST_TSO6(8, GUEST_CSUM),
    /** Driver accepts super-frames with ECN. */
    GUEST_ECN(9, GUEST_TSO4, GUEST_TSO6),
    /** Device takes TCP super-frames over IPv4. */
    HOST_TSO4(11, CSUM),
    /** Device takes TCP super-frames over IPv6. */
    HOST_TSO6(12, CSUM),
    /** Device takes super-frames with ECN. */
    HOST_ECN(13, HOST_TSO4, HOST_TSO6),
    /** A received frame may be spread over several chains. */
    MRG_RXBUF(15),
    /** Config space has the link status. */
    STATUS(16),
    /** There is a control queue. */
    CTRL_VQ(17),
    /** Receive modes can be set. */
    CTRL_RX(18, CTRL_VQ),
    /** Several queue pairs, with automatic receive steering. */
    MQ(22, CTRL_VQ),
    /** The MAC address can be set by command. */
    CTRL_MAC_ADDR(23, CTRL_VQ),
    /** A descriptor may point at a table of descriptors. */
    INDIRECT_DESC(28),
    /** Each side names the index at which it wants to be told. */
    EVENT_IDX(29),
    /** VirtIO 1.0 or later; a legacy driver doesn't acknowledge it and is not served. */
    VERSION_1(32),
    /** Packed virtqueues. */
    RING_PACKED(34),
    /** Driver accepts UDP super-frames over IPv4. */
    GUEST_USO4(54, GUEST_CSUM),
    /** Driver accepts UDP super-frames over IPv6. */
    GUEST_USO6(55, GUEST_CSUM),
    /** Device takes UDP super-frames, over IPv4 and IPv6. */
    HOST_USO(56, CSUM);

    private static final long GUEST_USO = of(GUEST_USO4, GUEST_USO6);
    private static final long SUPER_FRAMES = of(GUEST_TSO4, GUEST_TSO6, GUEST_USO4, GUEST_USO6);

    private final int bit;
    private final VirtioFeature[] needsOneOf;

    VirtioFeature(final int bit, final VirtioFeature... needsOneOf) {
        this.bit = bit;
        this.needsOneOf = needsOneOf;
    }

    public int bit() {
        return bit;
    }

    public long mask() {
        return 1L << bit;
    }

    public boolean in(final long features) {
        return (features & mask()) != 0;
    }

    /** @return bits of all of them */
    public static long of(final VirtioFeature... features) {
        long mask = 0;
        for (final VirtioFeature feature : features) {
            mask |= feature.mask();
        }
        return mask;
    }

    /**
     * What the driver's side may leave to the device, named as what the other side would accept: HOST_TSO4 as
     * GUEST_TSO4, and so on. So one check of a header serves both directions.
     */
    public static long acceptedFromDriver(final long features) {
        long accepted = 0;
        accepted |= CSUM.in(features) ? GUEST_CSUM.mask() : 0;
        accepted |= HOST_TSO4.in(features) ? GUEST_TSO4.mask() : 0;
        accepted |= HOST_TSO6.in(features) ? GUEST_TSO6.mask() : 0;
        accepted |= HOST_ECN.in(features) ? GUEST_ECN.mask() : 0;
        accepted |= HOST_USO.in(features) ? GUEST_USO : 0;
        return accepted;
    }

    /** Whether a driver with these features accepts super-frames of some kind. */
    public static boolean acceptsSuperFrames(final long features) {
        return (features & SUPER_FRAMES) != 0;
    }

    /** @return the features without those that let a driver accept super-frames */
    public static long withoutSuperFrames(final long features) {
        return features & ~SUPER_FRAMES;
    }

    /**
     * Whether UDP super-frames are accepted over both IPv4 and IPv6. One gso_type stands for both, so a header alone
     * can't tell which it is; who accepts one only is given datagrams. Linux's TUN has the same rule.
     */
    public static boolean acceptsUso(final long features) {
        return (features & GUEST_USO) == GUEST_USO;
    }

    /** Every feature that has a name here. */
    public static long all() {
        return of(values());
    }

    private boolean satisfiedBy(final long features) {
        if (needsOneOf.length == 0) {
            return true;
        }
        for (final VirtioFeature needed : needsOneOf) {
            if (needed.in(features)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes away what lacks something that it depends on, until nothing does: what a driver does with what a device
     * offers.
     */
    public static long withoutUnsatisfied(final long features) {
        long remaining = features;
        // Everything depends on lower bits only, and the constants stand in the order of their bits: one pass is
        // enough.
        for (final VirtioFeature feature : values()) {
            if (feature.in(remaining) && !feature.satisfiedBy(remaining)) {
                remaining &= ~feature.mask();
            }
        }
        return remaining;
    }

    /**
     * What is wrong with a driver's choice, from the device's side.
     *
     * @return null if nothing is; else one line that names the bits
     */
    public static String fault(final long offered, final long chosen) {
        if ((chosen & ~offered) != 0) {
            return "features not offered: " + toString(chosen & ~offered);
        }
        if (!VERSION_1.in(chosen)) {
            return "VERSION_1 not acknowledged";
        }
        for (final VirtioFeature feature : values()) {
            if (feature.in(chosen) && !feature.satisfiedBy(chosen)) {
                return feature + " without " + String.join(" or ", names(feature.needsOneOf));
            }
        }
        return null;
    }

    private static List<String> names(final VirtioFeature[] features) {
        final List<String> names = new ArrayList<>();
        for (final VirtioFeature feature : features) {
            names.add(feature.name());
        }
        return names;
    }

    /** Names of the bits that are set; numbers for those without a name. */
    public static String toString(final long features) {
        final List<String> names = new ArrayList<>();
        long unnamed = features;
        for (final VirtioFeature feature : values()) {
            if (feature.in(features)) {
                names.add(feature.name());
                unnamed &= ~feature.mask();
            }
        }
        for (int bit = 0; unnamed != 0; bit++, unnamed >>>= 1) {
            if ((unnamed & 1) != 0) {
                names.add("bit" + bit);
            }
        }
        return String.join(" ", names);
    }
}
