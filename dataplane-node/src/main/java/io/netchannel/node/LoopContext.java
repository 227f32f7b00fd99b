package io.netchannel.node;

import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.NetStack;
import io.netchannel.tcpip.autoconf.InterfaceEvents;
import io.netchannel.tcpip.dns.Resolver;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.List;

/**
 * One loop, as an application on it sees it.
 *
 * <p>Threading: all but {@link #execute} only on the loop's thread.
 */
public interface LoopContext {

    /** Of the node. */
    NodeConfig config();

    /** 0 to {@link #loopCount()} - 1. */
    int index();

    int loopCount();

    /** TCP, UDP and the interface of this loop. */
    NetStack stack();

    /**
     * Names to addresses: the node's hosts file, then the name servers of its configuration, of DHCP and of routers. Callbacks
     * come on this loop.
     */
    Resolver resolver();

    /** What a lease says about name servers; both lists empty when it is lost. */
    void leasedNameServers(List<IpAddress> servers, List<String> searchDomains);

    TimerWheel timers();

    /** The time of this turn. */
    long nowNs();

    /**
     * Tells {@code listener} on this loop of each change of the interface, when it has taken effect on this loop's stack:
     * addresses, conflicts, routers, MTU, name servers.
     */
    void onInterfaceEvent(InterfaceEvents listener);

    /**
     * Polls {@code poller} in each turn from now on: after the packets have come in, before what is due goes out. So what it writes
     * leaves in the same turn.
     */
    void addPoller(Poller poller);

    /** Runs a task on the loop's thread, soon. Any thread. */
    void execute(Runnable task);
}
