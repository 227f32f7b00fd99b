package io.netchannel.tcpip.ip;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.wire.Icmpv6Layout;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6FragmentLayout;
import io.netchannel.tcpip.wire.Ipv6Layout;

/**
 * Puts fragments together (RFC 791, 3.2; RFC 8200, 4.5).
 *
 * <p>Fragments of a datagram are kept where they were received, in order of their offsets. As none overlap, the datagram
 * is complete when the bytes that have come are as many as the last fragment promised: no list of holes (RFC 815) is
 * needed. A fragment that overlaps another drops the whole datagram, and what still comes of it (RFC 5722, 4; Linux does
 * so for IPv4 too). An exact duplicate is dropped alone. A fragment that is all of its datagram is not mixed with others
 * (RFC 6946).
 *
 * <p>Bounded in datagrams, in datagrams of one source, and in buffers; the oldest gives way. Lookups are walks over at
 * most {@link #MAX_DATAGRAMS}.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class Reassembler {

    public static final int MAX_DATAGRAMS = 64;
    public static final int MAX_DATAGRAMS_PER_SOURCE = 16;
    /** Enough for 64 KiB over links of 576 bytes. */
    public static final int MAX_BUFFERS_PER_DATAGRAM = 128;
    public static final int MAX_BUFFERS = 1024;

    /** As Linux: ipfrag_time; RFC 1122, 3.3.2 would have 60 to 120 seconds. */
    public static final long IPV4_TIMEOUT_NS = 30_000_000_000L;
    /** RFC 8200, 4.5. */
    public static final long IPV6_TIMEOUT_NS = 60_000_000_000L;

    static final int NO_NODE = -1;

    private static final int MAX_NETWORK_BYTES = 65535;
    private static final int ECN_MASK = 3;
    private static final int NOT_ECT_SEEN = 1;
    private static final int ECT_SEEN = 1 << 1 | 1 << 2;
    private static final int CE_SEEN = 1 << 3;

    private final PacketPool pool;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final TimerWheel timers;
    private final Counters counters;
    private final FragmentErrors errors;
    private final FragmentJoiner joiner;
    private final int maxBuffers;
    private int buffers;
    private int datagrams;
    private FragmentQueue oldest;
    private FragmentQueue newest;
    private FragmentQueue free;

    // Nodes: fragments that are kept, one entry of each array.
    final long[] fragments;
    /** Offset of the payload in the frame. */
    final int[] dataOffset;
    final int[] start;
    final int[] end;
    final int[] next;
    private int freeNode;

    /** At most a quarter of the pool's buffers are kept, whoever they belong to. */
    public Reassembler(final PacketPool pool, final TimerWheel timers, final Counters counters,
            final FragmentErrors errors) {
        this.pool = pool;
        this.packets = pool.packets();
        this.memory = packets.memory();
        this.timers = timers;
        this.counters = counters;
        this.errors = errors;
        this.joiner = new FragmentJoiner(pool, this);
        this.maxBuffers = Math.clamp(pool.capacity() / 4, 1, MAX_BUFFERS);
        this.fragments = new long[maxBuffers];
        this.dataOffset = new int[maxBuffers];
        this.start = new int[maxBuffers];
        this.end = new int[maxBuffers];
        this.next = new int[maxBuffers];
        for (int i = 0; i < maxBuffers; i++) {
            next[i] = i + 1 < maxBuffers ? i + 1 : NO_NODE;
        }
        for (int i = 0; i < MAX_DATAGRAMS; i++) {
            final FragmentQueue queue = new FragmentQueue(this);
            queue.newer = free;
            free = queue;
        }
    }

    /** Datagrams that are being collected. */
    public int datagrams() {
        return datagrams;
    }

    /** Buffers that are kept. */
    public int buffers() {
        return buffers;
    }

    /** Most that {@link #buffers} can be. */
    public int maxBuffers() {
        return maxBuffers;
    }

    /**
     * Takes over the packet of a fragment.
     *
     * @return the datagram, if that was the last that was missing: headers as if it had never been cut, and in the head;
     *         to be classified anew. Else {@link PacketHandle#NONE}
     */
    public long input(final IpDatagram fragment, final long nowNs) {
        counters.increment(fragment.ipv6 ? Counter.IP6_REASM_REQDS : Counter.IP_REASM_REQDS);
        return fragment.ipv6 ? inputIpv6(fragment, nowNs) : inputIpv4(fragment, nowNs);
    }

    private long inputIpv4(final IpDatagram fragment, final long nowNs) {
        final long ip = fragment.networkAddress();
        final int field = Ipv4Layout.fragmentField(memory, ip);
        final int offset = (field & Ipv4Layout.FRAGMENT_OFFSET_MASK) * 8;
        final boolean more = (field & Ipv4Layout.MORE_FRAGMENTS) != 0;
        final int lengthBytes = fragment.transportBytes();
        final int headerBytes = fragment.transportOffset - fragment.networkOffset;
        if (lengthBytes == 0 || more && (lengthBytes & 7) != 0
                || headerBytes + offset + lengthBytes > MAX_NETWORK_BYTES) {
            return refuse(fragment);
        }
        return collect(fragment, Ipv4Layout.identification(memory, ip), fragment.protocol, fragment.transportOffset,
                offset, offset + lengthBytes, more, Ipv4Layout.trafficClass(memory, ip), nowNs);
    }

    private long inputIpv6(final IpDatagram fragment, final long nowNs) {
        final int lengthBytes = fragment.transportBytes() - Ipv6FragmentLayout.BYTES;
        if (lengthBytes < 0 || fragment.contiguousBytes() < Ipv6FragmentLayout.BYTES) {
            return refuse(fragment);
        }
        final long header = fragment.transportAddress();
        final int offset = Ipv6FragmentLayout.offsetBytes(memory, header);
        final boolean more = Ipv6FragmentLayout.moreFragments(memory, header);
        final int headerOffset = fragment.transportOffset - fragment.networkOffset;
        if (more && (lengthBytes & 7) != 0) {
            errors.onBadFragment(fragment, Icmpv6Layout.ERRONEOUS_HEADER, Ipv6Layout.PAYLOAD_LENGTH_OFFSET, nowNs);
            return refuse(fragment);
        }
        if (headerOffset + offset + lengthBytes > MAX_NETWORK_BYTES) {
            errors.onBadFragment(fragment, Icmpv6Layout.ERRONEOUS_HEADER, headerOffset
                    + Ipv6FragmentLayout.OFFSET_OFFSET, nowNs);
            return refuse(fragment);
        }
        if (offset == 0 && !hasWholeHeaderChain(fragment, header, lengthBytes)) {
            // RFC 8200, 4.5: what can't be told from the first fragment could not be filtered on the way.
            errors.onBadFragment(fragment, Icmpv6Layout.INCOMPLETE_HEADER_CHAIN, 0, nowNs);
            return refuse(fragment);
        }
        if (offset == 0 && !more) {
            // RFC 6946, 4: an atomic fragment, whatever else has the same identification.
            counters.increment(Counter.IP6_REASM_OKS);
            return joiner.withoutFragmentHeader(fragment.packet, fragment.networkOffset, fragment.transportOffset,
                    lengthBytes);
        }
        if (lengthBytes == 0) {
            return refuse(fragment);
        }
        return collect(fragment, Ipv6FragmentLayout.identification(memory, header), 0, fragment.transportOffset
                + Ipv6FragmentLayout.BYTES, offset, offset + lengthBytes, more,
                Ipv6Layout.trafficClass(memory,
                        fragment.networkAddress()),
                nowNs);
    }

    private boolean hasWholeHeaderChain(final IpDatagram fragment, final long header, final int lengthBytes) {
        final int available = Math.min(lengthBytes, fragment.contiguousBytes() - Ipv6FragmentLayout.BYTES);
        final long chain = header + Ipv6FragmentLayout.BYTES;
        int protocol = Ipv6FragmentLayout.nextHeader(memory, header);
        int at = 0;
        while (protocol == IpProtocol.DESTINATION_OPTIONS || protocol == IpProtocol.ROUTING
                || protocol == IpProtocol.HOP_BY_HOP) {
            if (at + 8 > available) {
                return false;
            }
            final long extension = chain + at;
            protocol = memory.getByte(extension) & 0xFF;
            at += 8 + (memory.getByte(extension + 1) & 0xFF) * 8;
        }
        final int least = switch (protocol) {
            case IpProtocol.TCP -> 20;
            case IpProtocol.UDP, IpProtocol.ICMPV6 -> 8;
            case IpProtocol.NO_NEXT_HEADER -> 0;
            default -> 1;
        };
        return at + least <= available;
    }

    private long refuse(final IpDatagram fragment) {
        counters.increment(fragment.ipv6 ? Counter.IP6_REASM_FAILS : Counter.IP_REASM_FAILS);
        pool.releasePacket(fragment.packet);
        return PacketHandle.NONE;
    }

    private long collect(final IpDatagram fragment, final int identification, final int protocol, final int data,
            final int from, final int to, final boolean more, final int trafficClass, final long nowNs) {
        FragmentQueue queue = find(fragment, identification, protocol);
        if (queue == null) {
            queue = open(fragment, identification, protocol, nowNs);
        } else if (queue.poisoned) {
            return refuse(fragment);
        }
        final int count = 1 + packets.sliceCount(PacketHandle.index(fragment.packet));
        // A fragment behind the end, or a second end: as bad as an overlap.
        final boolean beyond = queue.totalBytes != FragmentQueue.UNKNOWN
                && (to > queue.totalBytes || !more && to != queue.totalBytes);
        final int before = beyond ? NO_NODE : lastNodeBefore(queue, from);
        final int after = before == NO_NODE ? queue.head : next[before];
        if (!beyond && after != NO_NODE && start[after] == from && end[after] == to
                && (more || queue.totalBytes == to)) {
            counters.increment(fragment.ipv6 ? Counter.IP6_REASM_DUPLICATES : Counter.IP_REASM_DUPLICATES);
            pool.releasePacket(fragment.packet);
            return PacketHandle.NONE;
        }
        if (beyond || before != NO_NODE && end[before] > from || after != NO_NODE && (start[after] < to || !more)) {
            counters.increment(fragment.ipv6 ? Counter.IP6_REASM_OVERLAPS : Counter.IP_REASM_OVERLAPS);
            releaseFragments(queue);
            queue.poisoned = true;
            return refuse(fragment);
        }
        if (!makeRoom(queue, count)) {
            close(queue);
            return refuse(fragment);
        }
        insert(queue, before, fragment.packet, data, from, to);
        queue.buffers += count;
        buffers += count;
        queue.receivedBytes += to - from;
        queue.ecnSeen |= 1 << (trafficClass & ECN_MASK);
        if (!more) {
            queue.totalBytes = to;
        }
        return queue.isComplete() ? complete(queue) : PacketHandle.NONE;
    }

    // -- fragments of a datagram

    /** The last node that begins before {@code from}. */
    private int lastNodeBefore(final FragmentQueue queue, final int from) {
        int before = NO_NODE;
        for (int node = queue.head; node != NO_NODE && start[node] < from; node = next[node]) {
            before = node;
        }
        return before;
    }

    private void insert(final FragmentQueue queue, final int before, final long packet, final int data, final int from,
            final int to) {
        final int node = freeNode;
        freeNode = next[node];
        fragments[node] = packet;
        dataOffset[node] = data;
        start[node] = from;
        end[node] = to;
        if (before == NO_NODE) {
            next[node] = queue.head;
            queue.head = node;
        } else {
            next[node] = next[before];
            next[before] = node;
        }
    }

    /** Drops older datagrams until there is room. @return false if there is none even so */
    private boolean makeRoom(final FragmentQueue queue, final int count) {
        if (queue.buffers + count > Math.min(MAX_BUFFERS_PER_DATAGRAM, maxBuffers)) {
            return false;
        }
        while (buffers + count > maxBuffers) {
            evict(oldest == queue ? queue.newer : oldest);
        }
        return true;
    }

    private void releaseFragments(final FragmentQueue queue) {
        int node = queue.head;
        while (node != NO_NODE) {
            pool.releasePacket(fragments[node]);
            node = freeNode(node);
        }
        forget(queue);
    }

    private int freeNode(final int node) {
        final int following = next[node];
        next[node] = freeNode;
        freeNode = node;
        return following;
    }

    private void forget(final FragmentQueue queue) {
        buffers -= queue.buffers;
        queue.buffers = 0;
        queue.head = NO_NODE;
    }

    private long complete(final FragmentQueue queue) {
        final boolean mixed = (queue.ecnSeen & NOT_ECT_SEEN) != 0 && queue.ecnSeen != NOT_ECT_SEEN;
        final boolean congested = (queue.ecnSeen & CE_SEEN) != 0 && (queue.ecnSeen & ECT_SEEN) != 0;
        // RFC 3168, 5.3: a mixture of not-ECT with others is dropped; CE of one fragment is that of the datagram.
        final long whole = mixed ? PacketHandle.NONE : joiner.join(queue, congested);
        if (whole == PacketHandle.NONE) {
            counters.increment(queue.ipv6 ? Counter.IP6_REASM_FAILS : Counter.IP_REASM_FAILS);
            close(queue);
            return PacketHandle.NONE;
        }
        counters.increment(queue.ipv6 ? Counter.IP6_REASM_OKS : Counter.IP_REASM_OKS);
        // The joiner has taken the fragments; the nodes are left.
        int node = queue.head;
        while (node != NO_NODE) {
            node = freeNode(node);
        }
        forget(queue);
        close(queue);
        return whole;
    }

    // -- datagrams

    private FragmentQueue find(final IpDatagram fragment, final int identification, final int protocol) {
        FragmentQueue queue = newest;
        while (queue != null && !queue.isOf(fragment, identification, protocol)) {
            queue = queue.older;
        }
        return queue;
    }

    private FragmentQueue open(final IpDatagram fragment, final int identification, final int protocol,
            final long nowNs) {
        int ofSource = 0;
        FragmentQueue oldestOfSource = null;
        for (FragmentQueue other = newest; other != null; other = other.older) {
            if (other.sourceLow == fragment.sourceLow && other.sourceHigh == fragment.sourceHigh) {
                ofSource++;
                oldestOfSource = other;
            }
        }
        if (ofSource >= MAX_DATAGRAMS_PER_SOURCE) {
            evict(oldestOfSource);
        } else if (free == null) {
            evict(oldest);
        }
        final FragmentQueue queue = free;
        free = queue.newer;
        queue.reset(fragment, identification, protocol);
        queue.newer = null;
        queue.older = newest;
        if (newest == null) {
            oldest = queue;
        } else {
            newest.newer = queue;
        }
        newest = queue;
        datagrams++;
        timers.schedule(queue, nowNs + (fragment.ipv6 ? IPV6_TIMEOUT_NS : IPV4_TIMEOUT_NS));
        return queue;
    }

    private void evict(final FragmentQueue queue) {
        counters.increment(queue.ipv6 ? Counter.IP6_REASM_FAILS : Counter.IP_REASM_FAILS);
        close(queue);
    }

    void onTimeout(final FragmentQueue queue, final long nowNs) {
        if (!queue.poisoned) {
            counters.increment(queue.ipv6 ? Counter.IP6_REASM_TIMEOUT : Counter.IP_REASM_TIMEOUT);
            counters.increment(queue.ipv6 ? Counter.IP6_REASM_FAILS : Counter.IP_REASM_FAILS);
            // RFC 792; RFC 8200, 4.5: only who has the first fragment can say whose datagram it was.
            if (queue.head != NO_NODE && start[queue.head] == 0) {
                errors.onReassemblyTimeout(fragments[queue.head], nowNs);
            }
        }
        close(queue);
    }

    private void close(final FragmentQueue queue) {
        releaseFragments(queue);
        timers.cancel(queue);
        if (queue.older == null) {
            oldest = queue.newer;
        } else {
            queue.older.newer = queue.newer;
        }
        if (queue.newer == null) {
            newest = queue.older;
        } else {
            queue.newer.older = queue.older;
        }
        queue.older = null;
        queue.newer = free;
        free = queue;
        datagrams--;
    }

    /** Releases all fragments. */
    public void close() {
        while (oldest != null) {
            evict(oldest);
        }
    }
}
