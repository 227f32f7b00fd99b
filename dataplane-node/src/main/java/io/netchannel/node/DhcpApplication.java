package io.netchannel.node;

import io.netchannel.tcpip.dhcp.DhcpConfig;
import io.netchannel.tcpip.dhcp.DhcpCounter;
import io.netchannel.tcpip.dhcp.DhcpEndpoint;
import io.netchannel.tcpip.dhcp.DhcpEvents;
import io.netchannel.tcpip.dhcp.DhcpInterface;
import io.netchannel.tcpip.dhcp.DhcpLease;
import io.netchannel.tcpip.link.ConflictDetection;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Configures a node by DHCP: the first loop asks, every loop applies the lease to its stack. Deploy it before what needs
 * the address.
 *
 * <p>Threading: {@link #lease} and {@link #listen} any; listeners are called on their loop.
 */
public final class DhcpApplication implements Application {

    private final String hostName;
    private final ConflictDetection detection;
    private final RandomGenerator random;
    // Written by loop 0; others only read its counters.
    private volatile DhcpEndpoint endpoint;
    // Guarded by this.
    private final Map<LoopContext, DhcpInterface> interfaces = new HashMap<>();
    private final Map<LoopContext, List<Consumer<DhcpLease>>> listeners = new HashMap<>();
    private DhcpLease lease;

    /** @param hostName told to the server; null for none */
    public DhcpApplication(final String hostName) {
        this(hostName, ConflictDetection.FULL, new SecureRandom());
    }

    /**
     * @param detection of the leased address: {@code FULL} asks the link before it is used, some five seconds
     * @param random of transactions and delays; another than a cryptographic source makes simulations repeatable
     */
    public DhcpApplication(final String hostName, final ConflictDetection detection, final RandomGenerator random) {
        this.hostName = hostName;
        this.detection = detection;
        this.random = random;
    }

    @Override
    public String name() {
        return "dhcp";
    }

    @Override
    public Map<String, Long> counters() {
        final DhcpEndpoint client = endpoint;
        final Map<String, Long> counters = new HashMap<>();
        for (final DhcpCounter counter : DhcpCounter.values()) {
            counters.put(NodeCounters.name("Dhcp", counter), client == null ? 0 : client.client().count(counter));
        }
        return counters;
    }

    /** What the node has, or null. */
    public synchronized DhcpLease lease() {
        return lease;
    }

    /** Calls {@code listener} on the loop with the lease there is, and with each later one; null when it is lost. */
    public synchronized void listen(final LoopContext loop, final Consumer<DhcpLease> listener) {
        listeners.computeIfAbsent(loop, _ -> new ArrayList<>()).add(listener);
        final DhcpLease now = lease;
        if (now != null) {
            loop.execute(() -> listener.accept(now));
        }
    }

    @Override
    public void start(final LoopContext loop) {
        final DhcpInterface own = new DhcpInterface(loop.stack().network());
        final DhcpLease now;
        synchronized (this) {
            interfaces.put(loop, own);
            now = lease;
        }
        if (now != null) {
            own.apply(now);
            tellNameServers(loop, now);
        }
        if (loop.index() == 0) {
            final DhcpConfig config = DhcpConfig.of(loop.stack().network().mac()).withHostName(hostName)
                    .withConflictDetection(detection);
            final DhcpEndpoint client = new DhcpEndpoint(loop.stack(), config, new Events(loop), random);
            endpoint = client;
            loop.onInterfaceEvent(client::onEvent);
            client.start();
        }
    }

    @Override
    public void stop(final LoopContext loop) {
        if (loop.index() == 0) {
            endpoint.close();
        }
        synchronized (this) {
            interfaces.remove(loop);
            listeners.remove(loop);
        }
    }

    private synchronized void spread(final LoopContext from, final DhcpLease next) {
        lease = next;
        interfaces.forEach((loop, own) -> {
            final List<Consumer<DhcpLease>> told = List.copyOf(listeners.getOrDefault(loop, List.of()));
            if (loop == from) {
                change(loop, own, next, told);
            } else {
                loop.execute(() -> change(loop, own, next, told));
            }
        });
    }

    private static void change(final LoopContext loop, final DhcpInterface own, final DhcpLease next,
            final List<Consumer<DhcpLease>> told) {
        if (next == null) {
            own.remove();
            loop.leasedNameServers(List.of(), List.of());
        } else {
            own.apply(next);
            tellNameServers(loop, next);
        }
        told.forEach(listener -> listener.accept(next));
    }

    /** RFC 3397, 2: a search list goes before the domain's name. */
    private static void tellNameServers(final LoopContext loop, final DhcpLease given) {
        final List<String> domains = given.searchDomains().isEmpty() && given.domainName() != null
                ? List.of(given.domainName())
                : given.searchDomains();
        loop.leasedNameServers(given.dnsServers(), domains);
    }

    private final class Events implements DhcpEvents {

        private final LoopContext loop;

        Events(final LoopContext loop) {
            this.loop = loop;
        }

        @Override
        public void onLease(final DhcpLease given) {
            spread(loop, given);
        }

        @Override
        public void onLost(final DhcpLease lost, final LossReason reason) {
            spread(loop, null);
        }
    }
}
