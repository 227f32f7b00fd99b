package io.netchannel.tcpip;

import io.netchannel.channels.PacketSink;
import io.netchannel.channels.TxPort;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.autoconf.AddressManager;
import io.netchannel.tcpip.autoconf.Autoconfiguration;
import io.netchannel.tcpip.autoconf.InterfaceChanges;
import io.netchannel.tcpip.autoconf.InterfaceEvent;
import io.netchannel.tcpip.autoconf.InterfaceEvents;
import io.netchannel.tcpip.capture.CapturePoint;
import io.netchannel.tcpip.icmp.IcmpErrorSender;
import io.netchannel.tcpip.icmp.IcmpInput;
import io.netchannel.tcpip.ip.FragmentErrors;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.ip.IpDatagram;
import io.netchannel.tcpip.ip.IpInput;
import io.netchannel.tcpip.ip.IpLayer;
import io.netchannel.tcpip.ip.NetInterface;
import io.netchannel.tcpip.ip.Reassembler;
import io.netchannel.tcpip.link.AddressState;
import io.netchannel.tcpip.link.Arp;
import io.netchannel.tcpip.link.ConflictDetection;
import io.netchannel.tcpip.link.EthernetPort;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.link.Ndp;
import io.netchannel.tcpip.link.NeighborCache;
import io.netchannel.tcpip.link.NeighborSolicitor;
import io.netchannel.tcpip.multicast.Memberships;
import io.netchannel.tcpip.tcp.TcpStack;
import io.netchannel.tcpip.udp.UdpStack;
import io.netchannel.tcpip.wire.EthernetLayout;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The whole TCP/IP stack of one loop.
 *
 * <p>It has no clock. A loop's turn is: {@link #beginTurn} with the turn's time, then {@link #accept} for each received
 * packet and {@link #endOfBurst}, then {@link #poll}, which runs timers, sends and flushes once. A loop of pollers gets
 * this order by adding {@link #turnStart()} first, the driver next, and the stack last.
 *
 * <p>Threading: confined to the loop's thread; {@link #counters()} may be read by any.
 */
public final class NetStack implements PacketSink, Poller {

    /** A device need not tell that it has sent something; so a full link is looked at again. */
    private static final long LINK_FULL_RETRY_NS = 1_000_000;

    private final PacketPool pool;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final CapturePoint port;
    private final Counters counters = new Counters();
    private final TimerWheel timers;
    private final long mac;
    private final int vlanId;
    private final NeighborCache neighbors;
    private final Arp arp;
    private final IpLayer ip;
    private final IpInput ipInput;
    private final Reassembler reassembler;
    private final ReassembledSteering reassembledSteering;
    private final IcmpInput icmp;
    private final IcmpErrorSender icmpErrors;
    private final UdpStack udp;
    private final TcpStack tcp;
    private final PacketSink localSink = new LocalSink();
    private final InterfaceChanges changes;
    /** Null where another stack of the station configures, as the next. */
    private final Autoconfiguration autoconfiguration;
    private final Memberships memberships;
    private long nowNs;
    private boolean started;
    private boolean closed;

    /**
     * @param pool of the loop's thread; buffers that other pools own go home through it
     * @param port where frames are sent
     * @param random a cryptographic source, except in simulations
     * @param startNs the present
     */
    public NetStack(final NetStackConfig config, final PacketPool pool, final TxPort port, final FlowSteering steering,
            final ListenerRegistry listeners, final RandomGenerator random, final long startNs) {
        final InterfaceConfig network = config.network();
        final boolean answers = config.answersRequests();
        this.pool = pool;
        this.packets = pool.packets();
        this.memory = packets.memory();
        this.port = new CapturePoint(port, packets, answers);
        this.mac = network.mac().value();
        this.vlanId = network.vlanId();
        this.nowNs = startNs;
        this.timers = new TimerWheel(startNs);
        final LocalAddresses addresses = new LocalAddresses(network.allAddresses(),
                network.autoconf().conflictDetection() == ConflictDetection.FULL
                        ? AddressState.TENTATIVE
                        : AddressState.PREFERRED);
        final EthernetPort ethernet = new EthernetPort(pool, this.port, counters, mac, vlanId);
        final LinkEvents linkEvents = new LinkEvents(ethernet);
        this.neighbors = new NeighborCache(config.neighbors().boundedBy(pool.capacity()), timers, linkEvents, pool,
                counters, random);
        this.arp = new Arp(ethernet, addresses, neighbors, counters, answers);
        final Ndp ndp = new Ndp(ethernet, addresses, neighbors, counters, answers);
        this.ip = new IpLayer(network, ethernet, addresses, neighbors, timers, counters, random);
        this.ipInput = new IpInput(packets, addresses, counters);
        this.icmpErrors = new IcmpErrorSender(ip, counters, answers, random.nextLong(), startNs);
        this.reassembler = new Reassembler(pool, timers, counters, new FragmentReports());
        this.reassembledSteering = new ReassembledSteering(packets, steering.withVlanId(vlanId), counters);
        this.udp = new UdpStack(ip, icmpErrors, steering.withVlanId(vlanId), listeners, counters, random,
                config.verifyChecksums(),
                startNs);
        this.tcp = new TcpStack(config.tcp(), ip, timers, steering.withVlanId(vlanId), listeners, random);
        this.changes = new InterfaceChanges(ip.network(), neighbors);
        this.memberships = answers ? new Memberships(ethernet, addresses, timers, counters, random) : null;
        this.autoconfiguration = answers
                ? new Autoconfiguration(network, ip.network(), changes, ethernet, neighbors, arp, ndp, memberships,
                        timers, counters, random)
                : null;
        this.icmp = new IcmpInput(ip, ndp, addresses, tcp, udp, counters, answers, memberships);
        linkEvents.connect(new NeighborSolicitor(arp, ndp), ip, tcp, udp);
        linkEvents.connect(autoconfiguration);
        ip.network().groupListener(answers ? memberships : changes);
    }

    public TcpStack tcp() {
        return tcp;
    }

    public UdpStack udp() {
        return udp;
    }

    public IpLayer ip() {
        return ip;
    }

    /** Addresses, routes, groups and MTU, which may change while the stack runs. */
    public NetInterface network() {
        return ip.network();
    }

    /** For a DHCP client, while it runs: see {@link IpInput#acceptDhcpToAnyAddress}. */
    public void acceptDhcpToAnyAddress(final boolean on) {
        ipInput.acceptDhcpToAnyAddress(on);
    }

    /** Who is told of changes of addresses, routes, routers and name servers. */
    public void events(final InterfaceEvents owner) {
        changes.owner(owner);
    }

    /** Applies an event of another stack of this station; see {@link InterfaceEvents}. */
    public void apply(final InterfaceEvent event) {
        changes.apply(event);
    }

    /** Our addresses as they come and go; null where another stack of the station configures. */
    public AddressManager addresses() {
        return autoconfiguration == null ? null : autoconfiguration.addresses();
    }

    /** Source-specific multicast; null where another stack of the station reports. */
    public Memberships memberships() {
        return memberships;
    }

    public Reassembler reassembler() {
        return reassembler;
    }

    public NeighborCache neighbors() {
        return neighbors;
    }

    public Counters counters() {
        return counters;
    }

    /** Advanced by this stack; for what else happens on its loop. */
    public TimerWheel timers() {
        return timers;
    }

    /** Listeners, flows and UDP sockets, for display. */
    public List<SocketEntry> sockets() {
        final List<SocketEntry> entries = new ArrayList<>();
        tcp.describe(entries::add);
        udp.describe(entries::add);
        return entries;
    }

    /** Where captures see this stack's frames. */
    public CapturePoint captures() {
        return port;
    }

    /** The time of this turn. */
    public long nowNs() {
        return nowNs;
    }

    // -- the turn

    /** From here on it is {@code turnNs}; before the packets of the turn. */
    public void beginTurn(final long turnNs) {
        nowNs = turnNs;
        port.beginTurn(turnNs);
        udp.beginTurn(turnNs);
        tcp.beginTurn(turnNs);
    }

    /** A poller that only calls {@link #beginTurn}, to be polled before the driver. */
    public Poller turnStart() {
        return turnNs -> {
            beginTurn(turnNs);
            return 0;
        };
    }

    @Override
    public void accept(final long packet) {
        counters.increment(Counter.LINK_IN_FRAMES);
        if (port.isActive()) {
            port.received(packet);
        }
        final int headBytes = PacketHandle.lengthBytes(packet);
        boolean kept = false;
        if (closed) {
            counters.increment(Counter.LINK_IN_CLOSED);
        } else if (headBytes < EthernetLayout.HEADER_BYTES) {
            counters.increment(Counter.LINK_IN_TOO_SHORT);
        } else {
            kept = input(packet, headBytes);
        }
        if (!kept) {
            pool.releasePacket(packet);
        }
    }

    /** @return whether the packet was kept */
    private boolean input(final long packet, final int headBytes) {
        final long frame = packets.address(packet);
        final long destination = EthernetLayout.destination(memory, frame);
        final boolean toGroup = MacAddress.isMulticast(destination);
        if (!toGroup && destination != mac || EthernetLayout.source(memory, frame) == mac) {
            counters.increment(Counter.LINK_IN_OTHER_HOST);
            return false;
        }
        final int index = PacketHandle.index(packet);
        final int networkOffset = packets.networkOffset(index);
        if (!isOurVlan(index, networkOffset)) {
            counters.increment(Counter.LINK_IN_OTHER_VLAN);
            return false;
        }
        final int type = networkOffset > headBytes
                ? 0
                : networkOffset == EthernetLayout.HEADER_BYTES
                        ? EthernetLayout.type(memory, frame)
                        : EthernetLayout.taggedType(memory, frame);
        switch (type) {
            case EthernetLayout.TYPE_IPV4, EthernetLayout.TYPE_IPV6 -> {
                final IpDatagram datagram = ipInput.accept(packet, toGroup, false);
                return datagram != null && (datagram.isFragment()
                        ? reassemble(datagram, toGroup)
                        : deliver(datagram));
            }
            case EthernetLayout.TYPE_ARP -> arp.input(frame + networkOffset, headBytes - networkOffset, nowNs);
            default -> counters.increment(Counter.LINK_IN_UNKNOWN_TYPE);
        }
        return false;
    }

    /** @return true: the packet is kept, or part of what is */
    private boolean reassemble(final IpDatagram fragment, final boolean toGroup) {
        final long whole = reassembler.input(fragment, nowNs);
        if (whole == PacketHandle.NONE) {
            return true;
        }
        final IpDatagram datagram = reassembledSteering.isOurs(whole)
                ? ipInput.acceptReassembled(whole, toGroup)
                : null;
        if (datagram == null || !deliver(datagram)) {
            pool.releasePacket(whole);
        }
        return true;
    }

    /** One tag or none, as configured; a tag of VLAN 0 only carries a priority (IEEE 802.1Q, 9.6). */
    private boolean isOurVlan(final int index, final int networkOffset) {
        final boolean tagged = (packets.flags(index) & PacketLayout.FLAG_VLAN) != 0;
        if (networkOffset != EthernetLayout.HEADER_BYTES + (tagged ? EthernetLayout.TAG_BYTES : 0)) {
            return false;
        }
        final int id = tagged ? packets.vlanTag(index) & 0xFFF : 0;
        return id == Math.max(0, vlanId);
    }

    /** @return whether the packet was kept */
    private boolean deliver(final IpDatagram datagram) {
        final boolean ipv6 = datagram.isIpv6();
        boolean kept = false;
        switch (datagram.protocol()) {
            case IpProtocol.TCP -> {
                tcp.input(datagram.packet(), nowNs);
                kept = true;
            }
            case IpProtocol.UDP -> udp.input(datagram, nowNs);
            case IpProtocol.ICMP -> icmp.inputIpv4(datagram, nowNs);
            case IpProtocol.IGMP -> {
                if (memberships != null) {
                    memberships.inputIgmp(datagram, nowNs);
                }
            }
            case IpProtocol.ICMPV6 -> icmp.inputIpv6(datagram, nowNs);
            default -> {
                counters.increment(ipv6 ? Counter.IP6_IN_UNKNOWN_PROTOS : Counter.IP_IN_UNKNOWN_PROTOS);
                icmpErrors.protocolUnreachable(datagram, nowNs);
                return false;
            }
        }
        counters.increment(ipv6 ? Counter.IP6_IN_DELIVERS : Counter.IP_IN_DELIVERS);
        return kept;
    }

    @Override
    public void endOfBurst() {
        // Answers go out with the turn's flush.
    }

    @Override
    public int poll(final long turnNs) {
        if (closed) {
            return 0;
        }
        beginTurn(turnNs);
        if (!started) {
            started = true;
            if (autoconfiguration != null) {
                autoconfiguration.start(turnNs);
                memberships.start(turnNs);
            }
        }
        final int work = timers.advance(turnNs) + ip.deliverLocal(localSink) + tcp.emit(turnNs);
        port.flush();
        return work;
    }

    /**
     * Not while there is something that can be done. What waits for a full link is tried again at {@link
     * #nextDeadlineNs}.
     */
    @Override
    public boolean arm() {
        return closed || !ip.hasLocal() && (!tcp.hasWork() || port.space() == 0);
    }

    @Override
    public long nextDeadlineNs() {
        if (closed) {
            return NO_DEADLINE;
        }
        if (!started || !arm()) {
            return nowNs;
        }
        final long deadlineNs = timers.nextDeadlineNs();
        return tcp.hasWork() ? Math.min(deadlineNs, nowNs + LINK_FULL_RETRY_NS) : deadlineNs;
    }

    /** Closes all sockets and gives every buffer back that isn't on its way; packets are dropped from here on. */
    public void close() {
        if (closed) {
            return;
        }
        tcp.close();
        udp.close();
        if (autoconfiguration != null) {
            autoconfiguration.close();
            memberships.close();
        }
        reassembler.close();
        ip.close();
        neighbors.close();
        port.flush();
        closed = true;
    }

    /** Takes packets that we sent to ourselves. */
    private final class LocalSink implements PacketSink {

        @Override
        public void accept(final long packet) {
            final IpDatagram datagram = ipInput.accept(packet, false, true);
            if (datagram == null || !deliver(datagram)) {
                pool.releasePacket(packet);
            }
        }

        @Override
        public void endOfBurst() {
            // The turn goes on.
        }
    }

    private final class FragmentReports implements FragmentErrors {

        @Override
        public void onReassemblyTimeout(final long firstFragment, final long timeNs) {
            icmpErrors.reassemblyTimeExceeded(ipInput.reread(firstFragment), timeNs);
        }

        @Override
        public void onBadFragment(final IpDatagram fragment, final int code, final int pointer, final long timeNs) {
            icmpErrors.parameterProblem(fragment, code, pointer, timeNs);
        }
    }
}
