package io.netchannel.tcpip.ip;

/** A bounded first-in, first-out queue of packets. Confined to one thread. */
final class LocalQueue {

    private final long[] packets;
    private int head;
    private int size;

    /** @param capacity a power of two */
    LocalQueue(final int capacity) {
        packets = new long[capacity];
    }

    boolean isFull() {
        return size == packets.length;
    }

    int size() {
        return size;
    }

    void add(final long packet) {
        packets[head + size & packets.length - 1] = packet;
        size++;
    }

    long remove() {
        final long packet = packets[head];
        head = head + 1 & packets.length - 1;
        size--;
        return packet;
    }
}
