package io.netchannel.tcpip.dns;

import io.netchannel.channels.OwnedLongs;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.sched.Timer;
import io.netchannel.tcpip.NetStack;
import io.netchannel.tcpip.ip.DestinationOrder;
import io.netchannel.tcpip.tcp.TcpStack;
import io.netchannel.tcpip.udp.UdpStack;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * A stub resolver on one stack (RFC 1034, 1035, 1123 6.1, 2308, 5452, 6761 6.3, 6891, 7766).
 *
 * <p>A name is looked for in the hosts file, the cache, then at the servers. Equal questions under way are asked once.
 * Nothing is validated by DNSSEC.
 *
 * <p>Threading: confined to the thread of its stack; {@link #count} may be read by any.
 */
public final class Resolver implements AutoCloseable {

    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");
    private static final IpAddress LOOPBACK6 = IpAddress.parse("::1");

    private final NetStack stack;
    private final RandomGenerator random;
    private final OrderedMemory memory;
    private final HostsFile hosts;
    private final UnaryOperator<List<IpAddress>> order;
    private final OwnedLongs counts = new OwnedLongs(DnsCounter.values().length);
    private final Map<DnsQuestion, Lookup> lookups = new HashMap<>();
    private final Queue<Request> ready = new ArrayDeque<>();
    private final Timer timer = new ResolverTimer();
    private ResolverConfig config;
    private DnsCache cache;
    private int requests;
    private int nextServer;
    private boolean closed;

    /**
     * A resolver that sorts addresses for use from its stack's interface (RFC 6724).
     *
     * @param random of identifications; a cryptographic source, except in simulations
     */
    public Resolver(final NetStack stack, final ResolverConfig config, final HostsFile hosts,
            final RandomGenerator random) {
        this(stack, config, hosts, addresses -> DestinationOrder.sort(addresses, stack.network()), random);
    }

    /**
     * @param order sorts addresses for use (RFC 6724); identity keeps that of the answers, IPv6 first
     * @param random of identifications; a cryptographic source, except in simulations
     */
    public Resolver(final NetStack stack, final ResolverConfig config, final HostsFile hosts,
            final UnaryOperator<List<IpAddress>> order, final RandomGenerator random) {
        this.stack = stack;
        this.config = config;
        this.hosts = hosts;
        this.order = order;
        this.random = random;
        this.memory = stack.ip().pool().packets().memory();
        this.cache = new DnsCache(config.cacheEntries());
    }

    /** From the next question on, other servers; what other servers have said is forgotten. */
    public void configure(final ResolverConfig next) {
        config = next;
        cache = new DnsCache(next.cacheEntries());
    }

    public ResolverConfig config() {
        return config;
    }

    public long count(final DnsCounter counter) {
        return counts.read(counter.ordinal());
    }

    /**
     * Looks for a name's addresses. The text of an address is its own answer.
     *
     * @param name with a trailing dot it is not searched for
     */
    public DnsRequest resolve(final String name, final AddressFamily family, final DnsCallback callback) {
        increment(DnsCounter.REQUESTS);
        final String normal = HostNames.normalize(name);
        final IpAddress literal = HostsFile.addressOrNull(name);
        final Request request = new Request(this, name, family,
                normal == null ? List.of() : config.candidates(normal), callback);
        requests++;
        if (closed) {
            request.complete(List.of(), DnsFailure.CLOSED);
        } else if (requests > config.maxRequests()) {
            request.complete(List.of(), DnsFailure.TOO_MANY_REQUESTS);
        } else if (literal != null) {
            request.complete(HostsFile.ofFamily(List.of(literal), family), DnsFailure.NO_ADDRESS);
        } else if (normal == null) {
            request.complete(List.of(), DnsFailure.BAD_NAME);
        } else {
            begin(request, normal, family);
        }
        return request;
    }

    private void begin(final Request request, final String normal, final AddressFamily family) {
        final String name = normal.endsWith(".") ? normal.substring(0, normal.length() - 1) : normal;
        final List<IpAddress> known = hosts.addresses(name, family);
        if (!known.isEmpty()) {
            request.complete(known, null);
        } else if (HostNames.isLocalhost(name)) {
            request.complete(HostsFile.ofFamily(List.of(LOOPBACK6, LOOPBACK), family), null);
        } else if (config.servers().isEmpty()) {
            request.complete(List.of(), DnsFailure.SERVERS_FAILED);
        } else {
            request.next(stack.nowNs());
        }
    }

    /** Fails what is under way. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (final Lookup lookup : List.copyOf(lookups.values())) {
            lookup.abandon();
            for (final Request request : List.copyOf(lookup.waiting())) {
                if (!request.isOver()) {
                    request.complete(List.of(), DnsFailure.CLOSED);
                }
            }
        }
        lookups.clear();
        callReady();
        stack.timers().cancel(timer);
    }

    // -- for requests

    void ask(final Request request, final DnsQuestion question, final long nowNs) {
        final DnsAnswer known = cache.get(question, nowNs);
        if (known != null) {
            increment(known instanceof DnsAnswer.None ? DnsCounter.NEGATIVE_CACHE_HITS : DnsCounter.CACHE_HITS);
            request.onAnswer(known, null, nowNs);
            return;
        }
        final Lookup underWay = lookups.get(question);
        if (underWay != null) {
            increment(DnsCounter.COALESCED);
            underWay.waiting().add(request);
            request.joined(underWay);
            return;
        }
        final Lookup lookup = new Lookup(this, question, config.rotate() ? nextServer++ & Integer.MAX_VALUE : 0);
        lookups.put(question, lookup);
        lookup.waiting().add(request);
        request.joined(lookup);
        lookup.next(nowNs);
        reschedule();
    }

    void deliver(final Request request) {
        ready.add(request);
        reschedule();
    }

    List<IpAddress> order(final List<IpAddress> addresses) {
        return order.apply(List.copyOf(addresses));
    }

    void cancelled(final Request request, final List<Lookup> joined) {
        if (!ready.contains(request)) {
            requests--;
        }
        for (final Lookup lookup : List.copyOf(joined)) {
            lookup.waiting().remove(request);
            if (lookup.waiting().isEmpty() && !lookup.isFinished()) {
                lookup.abandon();
                lookups.remove(lookup.question());
            }
        }
    }

    // -- for lookups

    void onLookupFinished(final Lookup lookup, final DnsAnswer answer, final DnsFailure failure, final long nowNs) {
        lookups.remove(lookup.question());
        if (answer != null) {
            cache.put(lookup.question(), answer, nowNs);
        }
        for (final Request request : List.copyOf(lookup.waiting())) {
            request.onAnswer(answer, failure, nowNs);
        }
    }

    void increment(final DnsCounter counter) {
        counts.add(counter.ordinal(), 1);
    }

    UdpStack udp() {
        return stack.udp();
    }

    TcpStack tcp() {
        return stack.tcp();
    }

    RandomGenerator random() {
        return random;
    }

    OrderedMemory memory() {
        return memory;
    }

    long nowNs() {
        return stack.nowNs();
    }

    // -- time

    void reschedule() {
        long deadlineNs = ready.isEmpty() ? Long.MAX_VALUE : stack.nowNs();
        for (final Lookup lookup : lookups.values()) {
            deadlineNs = Math.min(deadlineNs, lookup.deadlineNs());
        }
        if (deadlineNs == Long.MAX_VALUE) {
            stack.timers().cancel(timer);
        } else {
            stack.timers().schedule(timer, deadlineNs);
        }
    }

    private void callReady() {
        for (Request request = ready.poll(); request != null; request = ready.poll()) {
            requests--;
            try {
                request.call();
            } catch (final RuntimeException failure) {
                increment(DnsCounter.CALLBACK_FAILURES);
                final Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
            }
        }
    }

    private final class ResolverTimer extends Timer {

        @Override
        protected void expire(final long nowNs) {
            for (final Lookup lookup : new ArrayList<>(lookups.values())) {
                if (!lookup.isFinished() && nowNs >= lookup.deadlineNs()) {
                    lookup.onTimeout(nowNs);
                }
            }
            callReady();
            if (!closed) {
                reschedule();
            }
        }
    }
}
