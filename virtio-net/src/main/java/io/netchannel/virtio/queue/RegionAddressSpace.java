package io.netchannel.virtio.queue;

import io.netchannel.kernel.memory.Region;

/**
 * Addresses of one region, moved: a device address is the offset from the region's first byte plus a constant. So an
 * address of the one kind that is taken for the other falls outside and is noticed, and no host address is given away.
 *
 * <p>Threading: immutable.
 */
public final class RegionAddressSpace implements AddressSpace {

    /** Where the region begins for devices unless said otherwise; no process has memory there on the modelled CPUs. */
    public static final long DEFAULT_FIRST_DEVICE_ADDRESS = 0x1000_0000_0000_0000L;

    private final long hostBase;
    private final long deviceBase;
    private final long sizeBytes;

    public RegionAddressSpace(final Region region) {
        this(region.address(), region.sizeBytes(), DEFAULT_FIRST_DEVICE_ADDRESS);
    }

    /**
     * @param hostBase first byte
     * @param deviceBase device address of it
     * @throws IllegalArgumentException if the device addresses don't fit into 63 bits
     */
    public RegionAddressSpace(final long hostBase, final long sizeBytes, final long deviceBase) {
        if (sizeBytes < 1 || deviceBase < 0 || deviceBase > Long.MAX_VALUE - sizeBytes) {
            throw new IllegalArgumentException("deviceBase=" + Long.toHexString(deviceBase) + " + sizeBytes="
                    + sizeBytes + " > MAX=" + Long.toHexString(Long.MAX_VALUE));
        }
        this.hostBase = hostBase;
        this.deviceBase = deviceBase;
        this.sizeBytes = sizeBytes;
    }

    @Override
    public long toDevice(final long hostAddress) {
        return hostAddress - hostBase + deviceBase;
    }

    @Override
    public long toHost(final long deviceAddress, final long lengthBytes) {
        // The difference may wrap around; it then is negative or larger than the region, since deviceBase + sizeBytes
        // doesn't. The length is compared with what is left, never added.
        final long offset = deviceAddress - deviceBase;
        if (offset < 0 || offset > sizeBytes || lengthBytes < 0 || lengthBytes > sizeBytes - offset) {
            return INVALID;
        }
        return hostBase + offset;
    }
}
