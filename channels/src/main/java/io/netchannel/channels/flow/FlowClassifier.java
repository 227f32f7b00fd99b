package io.netchannel.channels.flow;

import io.netchannel.channels.DropCounters;
import io.netchannel.channels.DropReason;
import io.netchannel.channels.OwnedLongs;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;

/**
 * Decides what becomes of a received frame, once and for all: validates its headers as strictly as any layer above
 * would, writes what they say into the packet's metadata, and finds the loop that it is for.
 *
 * <p>Metadata that is set, unless the packet is dropped: VLAN tag and its flag, network offset and length; for IP also
 * {@link PacketLayout#FLAG_CLASSIFIED}, protocol and transport offset; for TCP and UDP also payload offset, flow hash
 * and, if the flow has an entry that is not closing, flow id. The network length excludes link padding.
 *
 * <p>Order of steering: an exact flow of the loop that the hash belongs to; one of any other loop; a listener, whose set of loops
 * is spread by the same hash; nobody. So a flow stays with its loop, whoever begins or ceases to listen meanwhile.
 *
 * <p>Not checked: link addresses (a device filters them, and stacks check) and whether the local address is ours (an
 * exact flow or listener matches; stacks check the rest).
 *
 * <p>Threading: one thread, the one that polls the driver; the counters may be read by any.
 */
public final class FlowClassifier {

    private static final int SERVICE_VLAN_SHIFT = 12;

    private final PacketMemory packets;
    private final RssHash rssHash;
    private final RssIndirection indirection;
    private final ListenerTable listeners;
    private final FlowTable[] tables;
    private final FlowTableReader[] flows;
    private final long allLoops;
    private final FlowFilter filter;
    private final DropCounters drops;
    private final FrameParser frame;
    private final OwnedLongs verdicts = new OwnedLongs(Verdict.COUNT);

    private int loop;
    private int flowId;

    /**
     * @param perLoop the exact flows of each loop, as many as the indirection has loops
     * @param drops of this thread
     */
    public FlowClassifier(final PacketMemory packets, final RssHash rssHash, final RssIndirection indirection,
            final ListenerTable listeners, final FlowTable[] perLoop, final FlowFilter filter,
            final DropCounters drops) {
        if (perLoop.length != indirection.loops()) {
            throw new IllegalArgumentException("perLoop.length=" + perLoop.length + " is not loops="
                    + indirection.loops());
        }
        this.packets = packets;
        this.rssHash = rssHash;
        this.indirection = indirection;
        this.listeners = listeners;
        this.tables = perLoop.clone();
        this.flows = new FlowTableReader[perLoop.length];
        for (int i = 0; i < perLoop.length; i++) {
            flows[i] = perLoop[i].newReader();
        }
        this.allLoops = -1L >>> RssIndirection.MAX_LOOPS - perLoop.length;
        this.filter = filter;
        this.drops = drops;
        this.frame = new FrameParser(packets);
    }

    /**
     * @param packet head handle at the Ethernet header; flags, GSO and checksum metadata as the driver found them
     * @return one of {@link Verdict}; the packet still belongs to the caller
     */
    public int classify(final long packet) {
        final int index = PacketHandle.index(packet);
        loop = 0;
        flowId = FlowTable.NONE;
        final int verdict = verdict(index, frame.parse(packet));
        verdicts.add(verdict, 1);
        if (verdict == Verdict.DROP) {
            drops.count(frame.dropReason);
        }
        return verdict;
    }

    private int verdict(final int index, final int parsed) {
        if (parsed == FrameParser.BAD) {
            return Verdict.DROP;
        }
        if (!isGsoPlausible(index, parsed)) {
            return drop(DropReason.BAD_GSO);
        }
        writeMetadata(index);
        if (parsed == FrameParser.TRANSPORT) {
            return steer(index);
        }
        if (frame.key.vlanId() >>> SERVICE_VLAN_SHIFT != 0) {
            return drop(DropReason.UNKNOWN_SERVICE_VLAN);
        }
        return switch (parsed) {
            case FrameParser.CONTROL -> Verdict.CONTROL_BROADCAST;
            case FrameParser.FRAGMENT -> Verdict.CONTROL_FRAGMENT;
            default -> Verdict.CONTROL_UNKNOWN;
        };
    }

    // The type comes from the device: the stacks would cut payload by it, so it must agree with the headers.
    private boolean isGsoPlausible(final int index, final int parsed) {
        final int type = packets.gsoType(index);
        if (type == PacketLayout.GSO_NONE) {
            return true;
        }
        if (parsed != FrameParser.TRANSPORT || packets.gsoSizeBytes(index) == 0) {
            return false;
        }
        return switch (type) {
            case PacketLayout.GSO_TCPV4 -> frame.protocol == FlowKey.TCP && frame.key.isIpv4();
            case PacketLayout.GSO_TCPV6 -> frame.protocol == FlowKey.TCP && !frame.key.isIpv4();
            case PacketLayout.GSO_UDP_L4 -> frame.protocol == FlowKey.UDP;
            default -> false;
        };
    }

    private void writeMetadata(final int index) {
        final int cleared = packets.flags(index) & ~(PacketLayout.FLAG_CLASSIFIED | PacketLayout.FLAG_VLAN);
        packets.flags(index, cleared | (frame.ip ? PacketLayout.FLAG_CLASSIFIED : 0)
                | (frame.tagged ? PacketLayout.FLAG_VLAN : 0));
        packets.protocol(index, frame.protocol);
        packets.offsets(index, frame.networkOffset, frame.transportOffset, frame.payloadOffset);
        packets.networkLengthBytes(index, frame.networkBytes);
        packets.vlanTag(index, frame.vlanTag);
        packets.flowHash(index, 0);
        packets.flowId(index, FlowTable.NONE);
    }

    private int steer(final int index) {
        final FlowKey key = frame.key;
        final int hash = rssHash.hash(key);
        packets.flowHash(index, hash);
        final int home = indirection.loopOf(hash);
        if (flows[home].find(key, hash)) {
            return toFlow(index, home);
        }
        for (int other = 0; other < flows.length; other++) {
            if (other != home && flows[other].hasAway() && flows[other].find(key, hash)) {
                return toFlow(index, other);
            }
        }
        final ListenerTable.Listener listener = listeners.find(key);
        final long loops = listener == null ? 0 : listener.loops() & allLoops;
        return loops == 0 ? toNobody(key) : toListener(indirection.loopOf(hash, loops));
    }

    private int toListener(final int chosen) {
        if (!filter.permits(frame.key)) {
            return drop(DropReason.FILTERED);
        }
        loop = chosen;
        return Verdict.DELIVER;
    }

    private int toFlow(final int index, final int owner) {
        final FlowTableReader flow = flows[owner];
        // Read before the filter is asked: if the rules change meanwhile, the answer is kept under a stale generation.
        // Both only grow, so their sum is never the same again.
        final int generation = filter.generation() + tables[owner].generation();
        int known = flow.verdict(generation);
        if (known == FlowTableReader.STALE) {
            final boolean permitted = filter.permits(frame.key);
            flow.setVerdict(permitted, generation);
            known = permitted ? FlowTableReader.PERMITTED : FlowTableReader.DENIED;
        }
        if (known == FlowTableReader.DENIED) {
            return drop(DropReason.FILTERED);
        }
        loop = owner;
        flowId = flow.flowId();
        packets.flowId(index, flowId);
        return Verdict.DELIVER;
    }

    private int toNobody(final FlowKey key) {
        if (!filter.permits(key)) {
            return drop(DropReason.FILTERED);
        }
        if (key.vlanId() >>> SERVICE_VLAN_SHIFT != 0) {
            // A stack would answer with the customer's tag only, into another customer's VLAN.
            return drop(DropReason.UNKNOWN_SERVICE_VLAN);
        }
        return Verdict.CONTROL_UNKNOWN;
    }

    private int drop(final DropReason reason) {
        frame.dropReason = reason;
        return Verdict.DROP;
    }

    /** The loop that the last packet is for; after {@link Verdict#CONTROL_UNKNOWN}, 0. */
    public int loop() {
        return loop;
    }

    /** The flow of the last packet, or {@link FlowTable#NONE}. */
    public int flowId() {
        return flowId;
    }

    /** Why the last packet was dropped; only after {@link Verdict#DROP}. */
    public DropReason dropReason() {
        return frame.dropReason;
    }

    /** The flow of the last packet that was TCP or UDP; its contents change with the next packet. */
    public FlowKey key() {
        return frame.key;
    }

    // -- counters, any thread

    /** Packets that got this verdict, a constant of {@link Verdict}. */
    public long count(final int verdict) {
        return verdicts.read(verdict);
    }

    /** Packets classified: the sum of all verdicts. */
    public long offered() {
        long total = 0;
        for (int i = 0; i < Verdict.COUNT; i++) {
            total += verdicts.read(i);
        }
        return total;
    }
}
