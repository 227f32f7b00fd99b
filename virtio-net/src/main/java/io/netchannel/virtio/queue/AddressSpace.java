package io.netchannel.virtio.queue;

/**
 * What the addresses in descriptors mean: the boundary at which a device stops believing its driver.
 *
 * <p>Threading: immutable.
 */
public interface AddressSpace {

    /** Returned for a range that is not wholly inside. */
    long INVALID = -1L;

    /** Device address of a host address, as the driver writes it into a descriptor. */
    long toDevice(long hostAddress);

    /**
     * Host address of a device address.
     *
     * @param lengthBytes unsigned 32-bit length of the descriptor
     * @return {@link #INVALID} if any byte of the range lies outside; overflow of the sum included
     */
    long toHost(long deviceAddress, long lengthBytes);
}
