package io.netchannel.virtio.queue;

/**
 * A chain of buffers, device-readable ones first, as both sides build and see it (VirtIO 1.3, 2.6.4.2). Reused; holds
 * host addresses.
 *
 * <p>Threading: confined to the thread of its queue.
 */
public final class DescriptorChain {

    private final long[] addresses;
    private final int[] lengths;
    private int readable;
    private int count;

    public DescriptorChain(final int capacity) {
        addresses = new long[capacity];
        lengths = new int[capacity];
    }

    public DescriptorChain clear() {
        readable = 0;
        count = 0;
        return this;
    }

    /** @return false if the chain is full, or a writable buffer has been added before */
    public boolean addReadable(final long address, final int lengthBytes) {
        if (readable != count || !add(address, lengthBytes)) {
            return false;
        }
        readable = count;
        return true;
    }

    /** @return false if the chain is full */
    public boolean addWritable(final long address, final int lengthBytes) {
        return add(address, lengthBytes);
    }

    private boolean add(final long address, final int lengthBytes) {
        if (count == addresses.length) {
            return false;
        }
        addresses[count] = address;
        lengths[count] = lengthBytes;
        count++;
        return true;
    }

    public int capacity() {
        return addresses.length;
    }

    public int count() {
        return count;
    }

    /** Buffers 0 to {@code readableCount()-1} are device-readable, the rest device-writable. */
    public int readableCount() {
        return readable;
    }

    public long address(final int position) {
        return addresses[position];
    }

    public int lengthBytes(final int position) {
        return lengths[position];
    }

    public int readableBytes() {
        return sum(0, readable);
    }

    public int writableBytes() {
        return sum(readable, count);
    }

    private int sum(final int from, final int to) {
        int total = 0;
        for (int i = from; i < to; i++) {
            total += lengths[i];
        }
        return total;
    }
}
