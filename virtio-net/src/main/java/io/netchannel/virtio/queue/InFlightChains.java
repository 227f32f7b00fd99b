package io.netchannel.virtio.queue;

import java.util.Arrays;

/**
 * What a driver remembers of the chains that it has added and not got back, by id. On the heap, out of the device's
 * reach.
 *
 * <p>Threading: the driver's thread.
 */
final class InFlightChains {

    private static final long NOT_IN_FLIGHT = -1;

    private final int maxChain;
    private final long[] cookies;
    private final int[] writableBytes;
    private final long[] sequences;
    private int reclaimed;

    InFlightChains(final int size, final int maxChain) {
        this.maxChain = maxChain;
        cookies = new long[size];
        writableBytes = new int[size];
        sequences = new long[size];
        Arrays.fill(cookies, NOT_IN_FLIGHT);
    }

    /** Guards against errors of this side, before anything is written. */
    void requireValid(final DescriptorChain chain, final long cookie) {
        if (chain.count() == 0 || chain.count() > maxChain || cookie < 0) {
            throw new IllegalArgumentException(
                    "count=" + chain.count() + " is not within 1.." + maxChain + ", or cookie=" + cookie + " < 0");
        }
        for (int i = 0; i < chain.count(); i++) {
            requireValid(chain.lengthBytes(i), cookie);
        }
    }

    void requireValid(final int lengthBytes, final long cookie) {
        if (lengthBytes <= 0 || cookie < 0) {
            throw new IllegalArgumentException("lengthBytes=" + lengthBytes + " <= 0, or cookie=" + cookie + " < 0");
        }
    }

    /** @param sequence number of chains added before */
    void open(final int id, final long cookie, final int chainWritableBytes, final long sequence) {
        cookies[id] = cookie;
        writableBytes[id] = chainWritableBytes;
        sequences[id] = sequence;
    }

    /**
     * Checks what the device claims to have used.
     *
     * @param id any
     * @param lengthBytes unsigned
     * @param published number of chains that the device has been shown; it can't have used a later one
     * @return null if it is true to the rules
     */
    QueueViolation check(final int id, final int lengthBytes, final long published) {
        if (id < 0 || id >= cookies.length || cookies[id] == NOT_IN_FLIGHT || sequences[id] >= published) {
            return QueueViolation.BAD_INDEX;
        }
        return Integer.compareUnsigned(lengthBytes, writableBytes[id]) > 0 ? QueueViolation.BAD_USED_LENGTH : null;
    }

    /** @return the cookie */
    long close(final int id) {
        final long cookie = cookies[id];
        cookies[id] = NOT_IN_FLIGHT;
        return cookie;
    }

    /** @return the cookie of any chain in flight, which no longer is, or {@link DriverQueue#NONE} */
    long closeAny() {
        while (reclaimed < cookies.length) {
            final long cookie = close(reclaimed++);
            if (cookie != NOT_IN_FLIGHT) {
                return cookie;
            }
        }
        return DriverQueue.NONE;
    }
}
