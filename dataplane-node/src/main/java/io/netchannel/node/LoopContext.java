package io.netchannel.node;

import io.netchannel.kernel.fiber.Fibers;
import io.netchannel.kernel.pressure.Shrinker;
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
     * Polls {@code poller} from now on: after the packets have come in, before what is due goes out, so that what it writes leaves in
     * the same turn. A turn goes on to the next poller until their slice is used up, and the next turn from there; so one that is
     * among others with much to do isn't polled in each. The loop's sleep ends when the descriptor of any of them is readable.
     */
    void addPoller(Poller poller);

    /**
     * The same, of a poller whose calls may take as long as {@code budgetNs}, if the node has budgets ({@link
     * NodeConfig#budgetNs()}) and that is more.
     */
    void addPoller(Poller poller, long budgetNs);

    /**
     * Virtual threads on this loop, which go on at the same place in the turn; for blocking code: package {@code io.netchannel.node.fiber}.
     * Interrupted when the applications have stopped, before what is connected is reset. Once called on the loop's thread, any thread.
     */
    Fibers fibers();

    /** This loop's free packet buffers, to be registered where memory is given back under pressure. */
    Shrinker freeBuffers();

    /** This loop's send buffers, which become smaller, to be registered likewise. */
    Shrinker sendBuffers();

    /** Runs a task on the loop's thread, soon. Any thread. */
    void execute(Runnable task);

    /** The same, of a task that may take as long as {@code budgetNs}, as with {@link #addPoller(Poller, long)}. Any thread. */
    void execute(Runnable task, long budgetNs);
}
