package io.netchannel.tcpip;

import io.netchannel.channels.PacketSink;
import io.netchannel.channels.TxPort;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.LoopActivity;
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
 * <p>Standing in: with a {@link LoopActivity} that lends, somebody else may run the stack while the loop's thread is in an application:
 * {@link #beginStandIn}, any number of turns, {@link #endStandIn}. TCP, ARP, ICMP and the stack's own timers go on; no application is
 * called, and what is for one waits: data in its flow, connections with their listener, datagrams and events here. Applications reach
 * what belongs to the interface by {@link #network()}, {@link #addresses()}… in each callback anew: that is where it is reclaimed.
 *
 * <p>Threading: confined to the loop's thread, or to whoever has the stack by its {@link LoopActivity}; {@link #counters()} may be read by any.
 */
public final class NetStack implements PacketSink, Poller {

    /** A device need not tell that it has sent something; so a full link is looked at again. */
    private static final long LINK_FULL_RETRY_NS = 1_000_000;

    private final PacketPool pool;
    private final CapturePoint port;
    private final Counters counters = new Counters();
    private final TimerWheel timers;
    private final NeighborCache neighbors;
    private final IpLayer ip;
    private final IpInput ipInput;
    private final Reassembler reassembler;
    private final IcmpErrorSender icmpErrors;
    private final UdpStack udp;
    private final TcpStack tcp;
    private final TransportInput transports;
    private final FrameInput frames;
    private final PacketSink localSink = new LocalSink();
    private final InterfaceChanges changes;
    /** Null where another stack of the station configures, as the next. */
    private final Autoconfiguration autoconfiguration;
    private final Memberships memberships;
    private final LoopActivity activity;
    /** Of applications; the stack's own, if nobody stands in. */
    private final TimerWheel applicationTimers;
    private final WaitingForLoop waiting;
    private InterfaceEvents owner = InterfaceEvents.IGNORE;
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
        this.activity = config.activity();
        this.waiting = new WaitingForLoop(pool, counters);
        this.port = new CapturePoint(port, pool.packets(), answers);
        final FlowSteering ownSteering = steering.withVlanId(network.vlanId());
        this.nowNs = startNs;
        this.timers = new TimerWheel(startNs);
        this.applicationTimers = activity != null && activity.lends() ? new TimerWheel(startNs) : timers;
        final LocalAddresses addresses = new LocalAddresses(network.allAddresses(),
                network.autoconf().conflictDetection() == ConflictDetection.FULL
                        ? AddressState.TENTATIVE
                        : AddressState.PREFERRED);
        final EthernetPort ethernet = new EthernetPort(pool, this.port, counters, network.mac().value(),
                network.vlanId());
        final LinkEvents linkEvents = new LinkEvents(ethernet);
        this.neighbors = new NeighborCache(config.neighbors().boundedBy(pool.capacity()), timers, linkEvents, pool,
                counters, random);
        final Arp arp = new Arp(ethernet, addresses, neighbors, counters, answers);
        final Ndp ndp = new Ndp(ethernet, addresses, neighbors, counters, answers);
        this.ip = new IpLayer(network, ethernet, addresses, neighbors, timers, counters, random);
        this.ipInput = new IpInput(pool.packets(), addresses, counters);
        this.icmpErrors = new IcmpErrorSender(ip, counters, answers, random.nextLong(), startNs);
        this.reassembler = new Reassembler(pool, timers, counters, new FragmentReports());
        this.udp = new UdpStack(ip, icmpErrors, ownSteering, listeners, counters, random, config.verifyChecksums(),
                startNs);
        this.tcp = new TcpStack(config.tcp(), ip, timers, ownSteering, listeners, random, activity);
        udp.activity(activity);
        this.changes = new InterfaceChanges(ip.network(), neighbors);
        this.memberships = answers ? new Memberships(ethernet, addresses, timers, counters, random) : null;
        this.autoconfiguration = answers
                ? new Autoconfiguration(network, ip.network(), changes, ethernet, neighbors, arp, ndp, memberships,
                        timers, counters, random)
                : null;
        this.transports = new TransportInput(tcp, udp,
                new IcmpInput(ip, ndp, addresses, tcp, udp, counters, answers, memberships), icmpErrors, memberships,
                waiting, counters);
        this.frames = new FrameInput(ethernet, this.port, counters, arp, ipInput, reassembler,
                new ReassembledSteering(pool.packets(), ownSteering, counters), transports);
        frames.beginTurn(startNs);
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
        reclaim();
        return ip;
    }

    /** Addresses, routes, groups and MTU, which may change while the stack runs. */
    public NetInterface network() {
        reclaim();
        return ip.network();
    }

    /** For a DHCP client, while it runs: see {@link IpInput#acceptDhcpToAnyAddress}. */
    public void acceptDhcpToAnyAddress(final boolean on) {
        reclaim();
        ipInput.acceptDhcpToAnyAddress(on);
    }

    /** Who is told of changes of addresses, routes, routers and name servers. */
    public void events(final InterfaceEvents told) {
        owner = told;
        changes.owner(waiting.inOrder(told));
    }

    /** Applies an event of another stack of this station; see {@link InterfaceEvents}. */
    public void apply(final InterfaceEvent event) {
        reclaim();
        changes.apply(event);
    }

    /** Our addresses as they come and go; null where another stack of the station configures. */
    public AddressManager addresses() {
        reclaim();
        return autoconfiguration == null ? null : autoconfiguration.addresses();
    }

    /** Source-specific multicast; null where another stack of the station reports. */
    public Memberships memberships() {
        reclaim();
        return memberships;
    }

    public Reassembler reassembler() {
        return reassembler;
    }

    public NeighborCache neighbors() {
        reclaim();
        return neighbors;
    }

    public Counters counters() {
        return counters;
    }

    /** Advanced by this stack, on its loop's thread only; for what else happens there. */
    public TimerWheel timers() {
        return applicationTimers;
    }

    /** Listeners, flows and UDP sockets, for display. */
    public List<SocketEntry> sockets() {
        reclaim();
        final List<SocketEntry> entries = new ArrayList<>();
        tcp.describe(entries::add);
        udp.describe(entries::add);
        return entries;
    }

    /** Where captures see this stack's frames. */
    public CapturePoint captures() {
        reclaim();
        return port;
    }

    /** The time of this turn. */
    public long nowNs() {
        return nowNs;
    }

    // -- the turn

    /** From here on it is {@code turnNs}, or later, if somebody has stood in since; before the packets of the turn. */
    public void beginTurn(final long turnNs) {
        nowNs = Math.max(nowNs, turnNs);
        port.beginTurn(nowNs);
        frames.beginTurn(nowNs);
        udp.beginTurn(nowNs);
        tcp.beginTurn(nowNs);
    }

    private void reclaim() {
        if (activity != null) {
            activity.reclaim();
        }
    }

    /**
     * From a callback that has called the stack, and is about to do what may take long: somebody may stand in until its next call. It
     * must hold no address to write to.
     */
    public void lendAgain() {
        if (activity != null) {
            activity.lendAgain();
        }
    }

    /** From here on no application is called. By whoever has taken the stack. */
    public void beginStandIn() {
        waiting.standIn(true);
        udp.standIn(true);
        tcp.beginStandIn();
    }

    /** The loop goes on. Before the stack is given back. */
    public void endStandIn() {
        waiting.standIn(false);
        udp.standIn(false);
        tcp.endStandIn();
    }

    /** What has waited for the loop, unless it still has to. @return how many */
    private int passOn() {
        if (waiting.isStoodIn()) {
            return 0;
        }
        int passed = 0;
        for (InterfaceEvent event = waiting.nextEvent(); event != null; event = waiting.nextEvent()) {
            owner.onEvent(event);
            passed++;
        }
        for (Long packet = waiting.nextPacket(); packet != null; packet = waiting.nextPacket()) {
            udp.input(ipInput.reread(packet), nowNs);
            pool.releasePacket(packet);
            passed++;
        }
        return passed;
    }

    /** A poller to be polled before the driver: calls {@link #beginTurn}, and passes on what has waited before anything newer comes. */
    public Poller turnStart() {
        return turnNs -> {
            beginTurn(turnNs);
            return passOn();
        };
    }

    @Override
    public void accept(final long packet) {
        frames.accept(packet);
    }

    @Override
    public void endOfBurst() {
        frames.endOfBurst();
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
        int work = passOn() + timers.advance(nowNs) + ip.deliverLocal(localSink);
        if (applicationTimers != timers && !waiting.isStoodIn()) {
            work += applicationTimers.advance(nowNs);
        }
        work += tcp.emit(nowNs);
        port.flush();
        return work;
    }

    /**
     * Not while there is something that can be done. What waits for a full link is tried again at {@link
     * #nextDeadlineNs}.
     */
    @Override
    public boolean arm() {
        return closed || !ip.hasLocal() && !waiting.isDue() && (!tcp.hasWork() || port.space() == 0);
    }

    @Override
    public long nextDeadlineNs() {
        if (closed) {
            return NO_DEADLINE;
        }
        if (!started || !arm()) {
            return nowNs;
        }
        // While somebody stands in, the application may be at its own, on the loop's thread.
        final long theirsNs = waiting.isStoodIn() ? NO_DEADLINE : applicationTimers.nextDeadlineNs();
        final long deadlineNs = Math.min(timers.nextDeadlineNs(), theirsNs);
        return tcp.hasWork() ? Math.min(deadlineNs, nowNs + LINK_FULL_RETRY_NS) : deadlineNs;
    }

    /** Closes all sockets and gives every buffer back that isn't on its way; packets are dropped from here on. */
    public void close() {
        reclaim();
        if (closed) {
            return;
        }
        tcp.close();
        udp.close();
        if (autoconfiguration != null) {
            autoconfiguration.close();
            memberships.close();
        }
        waiting.close();
        reassembler.close();
        ip.close();
        neighbors.close();
        port.flush();
        frames.close();
        closed = true;
    }

    /** Takes packets that we sent to ourselves. */
    private final class LocalSink implements PacketSink {

        @Override
        public void accept(final long packet) {
            final IpDatagram datagram = ipInput.accept(packet, false, true);
            if (datagram == null || !transports.deliver(datagram, nowNs)) {
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
