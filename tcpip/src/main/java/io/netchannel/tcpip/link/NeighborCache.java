package io.netchannel.tcpip.link;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Link addresses of on-link IPv4 and IPv6 addresses, with the state machine of RFC 4861, 7.3 for both.
 *
 * <p>Bounded: a full cache evicts by second chance (an entry that was sent to since the hand last passed stays for one
 * more round; gateways stay); packets that wait are bounded per neighbour, oldest dropped first (RFC 4861, 7.2.2), and
 * overall.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class NeighborCache {

    private static final long HASH_MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private final NeighborConfig config;
    private final TimerWheel timers;
    private final NeighborOutput output;
    private final PacketPool pool;
    private final Counters counters;
    private final RandomGenerator random;
    private final long hashSecret;
    private final Neighbor[] entries;
    private final int[] buckets;
    private final PendingPackets pending;
    private int size;
    private int hand;
    private long ipv6BaseReachableNs;
    private long ipv6RetransmitNs;

    public NeighborCache(final NeighborConfig config, final TimerWheel timers, final NeighborOutput output,
            final PacketPool pool, final Counters counters, final RandomGenerator random) {
        this.config = config;
        this.timers = timers;
        this.output = output;
        this.pool = pool;
        this.counters = counters;
        this.random = random;
        this.hashSecret = random.nextLong();
        this.ipv6BaseReachableNs = config.baseReachableNs();
        this.ipv6RetransmitNs = config.retransmitNs();
        this.entries = new Neighbor[config.capacity()];
        this.buckets = new int[Integer.highestOneBit(Math.max(8, config.capacity())) * 2];
        Arrays.fill(buckets, -1);
        this.pending = new PendingPackets(config.maxPending());
    }

    /** @return the entry, or null */
    public Neighbor find(final long high, final long low) {
        for (int i = buckets[bucket(high, low)]; i >= 0; i = entries[i].nextInBucket) {
            if (entries[i].low == low && entries[i].high == high) {
                return entries[i];
            }
        }
        return null;
    }

    /** @return the entry, made if there was none; never null: another one is evicted for it if need be */
    public Neighbor findOrCreate(final long high, final long low) {
        final Neighbor found = find(high, low);
        if (found != null) {
            return found;
        }
        final Neighbor entry = size < entries.length ? entries[size] = new Neighbor(this, size++) : evict();
        entry.high = high;
        entry.low = low;
        entry.router = false;
        entry.used = false;
        entry.pinned = false;
        final int bucket = bucket(high, low);
        entry.nextInBucket = buckets[bucket];
        buckets[bucket] = entry.slot;
        return entry;
    }

    /** Keeps the entry from being evicted as long as there is another: a gateway. */
    public void pin(final Neighbor entry) {
        entry.pinned = true;
    }

    public int size() {
        return size;
    }

    /** What a router has advertised (RFC 4861, 6.3.4); 0 leaves a time as it is. */
    public void ipv6Times(final long baseReachableNs, final long retransmitNs) {
        ipv6BaseReachableNs = baseReachableNs == 0 ? ipv6BaseReachableNs : baseReachableNs;
        ipv6RetransmitNs = retransmitNs == 0 ? ipv6RetransmitNs : retransmitNs;
    }

    public long ipv6BaseReachableNs() {
        return ipv6BaseReachableNs;
    }

    public long ipv6RetransmitNs() {
        return ipv6RetransmitNs;
    }

    private int bucket(final long high, final long low) {
        final long mixed = ((high ^ hashSecret) * HASH_MULTIPLIER ^ low) * HASH_MULTIPLIER;
        return (int) (mixed >>> 40) & buckets.length - 1;
    }

    private Neighbor evict() {
        // Two rounds are enough: the first clears every "used", and not all entries are pinned.
        Neighbor victim = null;
        for (int i = 0; i < 2 * entries.length && victim == null; i++) {
            final Neighbor candidate = entries[hand];
            hand = hand + 1 == entries.length ? 0 : hand + 1;
            if (candidate.used || candidate.pinned) {
                candidate.used = false;
            } else {
                victim = candidate;
            }
        }
        victim = victim == null ? entries[hand] : victim;
        counters.increment(Counter.NEIGHBOR_EVICTIONS);
        dropPending(victim, Counter.NEIGHBOR_QUEUE_DROPS);
        toNone(victim);
        unlink(victim);
        victim.generation++;
        return victim;
    }

    private void unlink(final Neighbor entry) {
        final int bucket = bucket(entry.high, entry.low);
        if (buckets[bucket] == entry.slot) {
            buckets[bucket] = entry.nextInBucket;
            return;
        }
        int i = buckets[bucket];
        while (entries[i].nextInBucket != entry.slot) {
            i = entries[i].nextInBucket;
        }
        entries[i].nextInBucket = entry.nextInBucket;
    }

    // -- sending

    /** A packet is about to go to a usable neighbour. */
    public void onUse(final Neighbor entry, final long nowNs) {
        entry.used = true;
        if (entry.state == NeighborState.STALE) {
            entry.state = NeighborState.DELAY;
            timers.schedule(entry, nowNs + config.delayFirstProbeNs());
        }
    }

    /** Takes over a packet until the link address is known, and asks for it if nobody has. */
    public void enqueue(final Neighbor entry, final long packet, final long nowNs) {
        entry.used = true;
        if (makeRoom(entry)) {
            pending.add(entry, packet);
        } else {
            pool.releasePacket(packet);
        }
        // Also for a packet that found no room: the next one then finds the address known.
        if (entry.state == NeighborState.NONE) {
            entry.state = NeighborState.INCOMPLETE;
            entry.solicits = 0;
            solicit(entry, false, nowNs);
        }
    }

    /** @return false if the packets of other neighbours take all the room */
    private boolean makeRoom(final Neighbor entry) {
        if (entry.pendingCount < config.maxPendingPerNeighbor() && !pending.isFull()) {
            return true;
        }
        counters.increment(Counter.NEIGHBOR_QUEUE_DROPS);
        if (entry.pendingCount == 0) {
            return false;
        }
        pool.releasePacket(pending.remove(entry));
        return true;
    }

    /** Asks whether a neighbour about which nothing is known is there, without a packet for it. */
    public void probe(final Neighbor entry, final long nowNs) {
        if (entry.state == NeighborState.NONE) {
            entry.state = NeighborState.INCOMPLETE;
            entry.solicits = 0;
            solicit(entry, false, nowNs);
        }
    }

    private void solicit(final Neighbor entry, final boolean unicast, final long nowNs) {
        entry.solicits++;
        timers.schedule(entry, nowNs + (entry.isIpv6() ? ipv6RetransmitNs : config.retransmitNs()));
        output.solicit(entry, unicast, nowNs);
    }

    void onTimer(final Neighbor entry, final long nowNs) {
        switch (entry.state) {
            case INCOMPLETE -> {
                if (entry.solicits < config.maxMulticastSolicits()) {
                    solicit(entry, false, nowNs);
                } else {
                    fail(entry, nowNs);
                }
            }
            case REACHABLE -> {
                // Confirmations only store their time; the timer catches up when it fires.
                final long untilNs = entry.confirmedNs + entry.reachableNs;
                if (untilNs - nowNs > 0) {
                    timers.schedule(entry, untilNs);
                } else {
                    entry.state = NeighborState.STALE;
                }
            }
            case DELAY -> {
                entry.state = NeighborState.PROBE;
                entry.solicits = 0;
                entry.verifying = false;
                solicit(entry, true, nowNs);
            }
            case PROBE -> {
                if (entry.solicits < config.maxUnicastSolicits()) {
                    solicit(entry, !entry.verifying, nowNs);
                } else {
                    fail(entry, nowNs);
                }
            }
            case NONE, STALE -> {
            }
        }
    }

    private void fail(final Neighbor entry, final long nowNs) {
        counters.increment(Counter.NEIGHBOR_FAILURES);
        toNone(entry);
        output.failed(entry, nowNs);
        // What the transports do about it may send again; such packets start over and are not part of this round. They
        // may even have the entry evicted.
        final int generation = entry.generation;
        for (int n = entry.pendingCount; n > 0 && entry.pendingCount > 0 && entry.generation == generation; n--) {
            counters.increment(Counter.NEIGHBOR_UNREACHABLE_DROPS);
            output.unreachable(entry, pending.remove(entry), nowNs);
        }
    }

    private void toNone(final Neighbor entry) {
        timers.cancel(entry);
        entry.state = NeighborState.NONE;
        entry.verifying = false;
    }

    // -- learning

    /** A transport or a solicited answer says that packets reach the neighbour (RFC 4861, 7.3.1). */
    public void confirm(final Neighbor entry, final long nowNs) {
        if (entry.state == NeighborState.REACHABLE) {
            entry.confirmedNs = nowNs;
        } else if (entry.state.isUsable()) {
            entry.confirmedNs = nowNs;
            entry.state = NeighborState.REACHABLE;
            entry.verifying = false;
            final long baseNs = entry.isIpv6() ? ipv6BaseReachableNs : config.baseReachableNs();
            entry.reachableNs = baseNs / 2 + (long) (random.nextDouble() * baseNs);
            timers.schedule(entry, nowNs + entry.reachableNs);
            output.reachable(entry);
        }
    }

    /**
     * ARP from {@code mac} for its own address (RFC 826, "merge").
     *
     * <p>RFC 826 takes over every change. Anybody can send one, so a change that we did not ask for is only a reason to
     * ask everybody again; whoever answers that is believed.
     *
     * @param answer a reply that was sent to us
     */
    public void onArp(final Neighbor entry, final long mac, final boolean answer, final long nowNs) {
        final boolean usable = entry.state.isUsable();
        if (usable && mac != entry.mac && !(answer && entry.state == NeighborState.PROBE)) {
            verify(entry, nowNs);
            return;
        }
        if (answer && entry.state != NeighborState.NONE) {
            setMac(entry, mac);
            confirm(entry, nowNs);
            flush(entry, nowNs);
        } else if (!usable) {
            setMac(entry, mac);
            flush(entry, nowNs);
        }
    }

    private void verify(final Neighbor entry, final long nowNs) {
        if (entry.state != NeighborState.PROBE) {
            entry.state = NeighborState.PROBE;
            entry.verifying = true;
            entry.solicits = 0;
            solicit(entry, false, nowNs);
        }
    }

    /** The sender of a solicitation gave its link address (RFC 4861, 7.2.3). */
    public void onSolicitationSource(final Neighbor entry, final long mac, final long nowNs) {
        if (!entry.state.isUsable() || entry.mac != mac) {
            setMac(entry, mac);
            flush(entry, nowNs);
        }
    }

    /**
     * An advertisement for a known entry (RFC 4861, 7.2.5).
     *
     * @param mac link address, or negative if the message had none
     */
    public void onAdvertisement(final Neighbor entry, final long mac, final boolean solicited, final boolean override,
            final boolean router, final long nowNs) {
        if (!entry.state.isUsable()) {
            if (entry.state == NeighborState.INCOMPLETE && mac >= 0) {
                entry.router = router;
                setMac(entry, mac);
                if (solicited) {
                    confirm(entry, nowNs);
                }
                flush(entry, nowNs);
            }
            return;
        }
        final boolean differs = mac >= 0 && mac != entry.mac;
        if (differs && !override) {
            if (entry.state == NeighborState.REACHABLE) {
                toStale(entry);
            }
            return;
        }
        if (differs) {
            setMac(entry, mac);
        }
        if (solicited) {
            confirm(entry, nowNs);
        }
        entry.router = router;
    }

    private void setMac(final Neighbor entry, final long mac) {
        entry.mac = mac;
        toStale(entry);
    }

    private void toStale(final Neighbor entry) {
        timers.cancel(entry);
        entry.state = NeighborState.STALE;
        entry.verifying = false;
    }

    private void flush(final Neighbor entry, final long nowNs) {
        while (entry.pendingCount > 0) {
            onUse(entry, nowNs);
            output.transmitResolved(entry, pending.remove(entry));
        }
    }

    private void dropPending(final Neighbor entry, final Counter reason) {
        while (entry.pendingCount > 0) {
            counters.increment(reason);
            pool.releasePacket(pending.remove(entry));
        }
    }

    /** Releases what waits and stops all timers. */
    public void close() {
        for (int i = 0; i < size; i++) {
            dropPending(entries[i], Counter.NEIGHBOR_QUEUE_DROPS);
            toNone(entries[i]);
        }
    }

    /** First-in, first-out lists of packets, one for each entry, out of one bounded array. */
    private static final class PendingPackets {

        private final long[] packets;
        private final int[] next;
        private int free;

        PendingPackets(final int capacity) {
            packets = new long[capacity];
            next = new int[capacity];
            for (int i = 0; i < capacity; i++) {
                packets[i] = PacketHandle.NONE;
                next[i] = i + 1 < capacity ? i + 1 : Neighbor.NO_PENDING;
            }
        }

        boolean isFull() {
            return free == Neighbor.NO_PENDING;
        }

        void add(final Neighbor entry, final long packet) {
            final int node = free;
            free = next[node];
            packets[node] = packet;
            next[node] = Neighbor.NO_PENDING;
            if (entry.pendingTail == Neighbor.NO_PENDING) {
                entry.pendingHead = node;
            } else {
                next[entry.pendingTail] = node;
            }
            entry.pendingTail = node;
            entry.pendingCount++;
        }

        long remove(final Neighbor entry) {
            final int node = entry.pendingHead;
            final long packet = packets[node];
            entry.pendingHead = next[node];
            if (entry.pendingHead == Neighbor.NO_PENDING) {
                entry.pendingTail = Neighbor.NO_PENDING;
            }
            entry.pendingCount--;
            packets[node] = PacketHandle.NONE;
            next[node] = free;
            free = node;
            return packet;
        }
    }
}
