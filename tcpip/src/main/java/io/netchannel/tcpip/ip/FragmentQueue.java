package io.netchannel.tcpip.ip;

import io.netchannel.kernel.sched.Timer;

/**
 * A datagram whose fragments are being collected. Used again for another when it is done.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class FragmentQueue extends Timer {

    static final int UNKNOWN = -1;

    private final Reassembler owner;
    boolean ipv6;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int identification;
    /** Of IPv4, where it is part of the name; else 0. */
    int protocol;
    /** First node, in order of offsets. */
    int head;
    int buffers;
    int receivedBytes;
    /** Of the payload, or {@link #UNKNOWN} until the last fragment has come. */
    int totalBytes;
    /** Bit n: a fragment with ECN field n has come. */
    int ecnSeen;
    /** Fragments overlapped: nothing is kept, and what still comes is dropped (RFC 5722, 4). */
    boolean poisoned;
    /** Neighbours in the list by age, or in that of free ones. */
    FragmentQueue older;
    FragmentQueue newer;

    FragmentQueue(final Reassembler owner) {
        this.owner = owner;
    }

    void reset(final IpDatagram fragment, final int id, final int fragmentProtocol) {
        ipv6 = fragment.ipv6;
        sourceHigh = fragment.sourceHigh;
        sourceLow = fragment.sourceLow;
        destinationHigh = fragment.destinationHigh;
        destinationLow = fragment.destinationLow;
        identification = id;
        protocol = fragmentProtocol;
        head = Reassembler.NO_NODE;
        buffers = 0;
        receivedBytes = 0;
        totalBytes = UNKNOWN;
        ecnSeen = 0;
        poisoned = false;
    }

    /** RFC 791, 3.2: source, destination, protocol, identification. RFC 8200, 4.5: the same without the protocol. */
    boolean isOf(final IpDatagram fragment, final int id, final int fragmentProtocol) {
        return identification == id && protocol == fragmentProtocol && sourceLow == fragment.sourceLow
                && destinationLow == fragment.destinationLow && sourceHigh == fragment.sourceHigh
                && destinationHigh == fragment.destinationHigh && ipv6 == fragment.ipv6;
    }

    boolean isComplete() {
        return receivedBytes == totalBytes;
    }

    @Override
    protected void expire(final long nowNs) {
        owner.onTimeout(this, nowNs);
    }
}
