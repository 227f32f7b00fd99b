package io.netchannel.tcpip.dns;

import io.netchannel.tcpip.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** One call of {@link Resolver#resolve}: candidates one after the other, both families of each together. */
final class Request implements DnsRequest {

    private final Resolver resolver;
    private final String name;
    private final AddressFamily family;
    private final List<String> candidates;
    private final DnsCallback callback;
    private final List<IpAddress> found = new ArrayList<>();
    private final List<Lookup> lookups = new ArrayList<>();
    private int candidate = -1;
    private int unanswered;
    private boolean anyNameExists;
    private DnsFailure serverFailure;
    private DnsFailure failure;
    private boolean over;

    Request(final Resolver resolver, final String name, final AddressFamily family, final List<String> candidates,
            final DnsCallback callback) {
        this.resolver = resolver;
        this.name = name;
        this.family = family;
        this.candidates = candidates;
        this.callback = callback;
    }

    /** Ends with what is known without asking. */
    void complete(final List<IpAddress> addresses, final DnsFailure why) {
        found.addAll(addresses);
        failure = why;
        resolver.deliver(this);
    }

    /** Asks for the first candidate, or the next. */
    void next(final long nowNs) {
        candidate++;
        final String candidateName = candidates.get(candidate);
        unanswered = family == AddressFamily.ANY ? 2 : 1;
        // RFC 6724, 10.3: the newer family's first, where nothing else decides.
        if (family != AddressFamily.IPV4) {
            resolver.ask(this, new DnsQuestion(candidateName, true), nowNs);
        }
        if (family != AddressFamily.IPV6) {
            resolver.ask(this, new DnsQuestion(candidateName, false), nowNs);
        }
    }

    void joined(final Lookup lookup) {
        lookups.add(lookup);
    }

    /** @param answer null if there is none, because of {@code why} */
    void onAnswer(final DnsAnswer answer, final DnsFailure why, final long nowNs) {
        if (over) {
            return;
        }
        switch (answer) {
            case final DnsAnswer.Addresses some -> add(some.addresses());
            case final DnsAnswer.None none -> anyNameExists |= none.nameExists();
            case null, default -> serverFailure = why;
        }
        if (--unanswered > 0) {
            return;
        }
        lookups.clear();
        if (found.isEmpty() && serverFailure == null && candidate + 1 < candidates.size()) {
            next(nowNs);
            return;
        }
        failure = serverFailure != null
                ? serverFailure
                : anyNameExists ? DnsFailure.NO_ADDRESS : DnsFailure.NO_SUCH_NAME;
        resolver.deliver(this);
    }

    /** IPv6 first, whichever answer came first. */
    private void add(final List<IpAddress> addresses) {
        final boolean ipv4 = addresses.getFirst().isIpv4();
        found.addAll(ipv4 ? found.size() : 0, addresses);
    }

    void call() {
        if (over) {
            return;
        }
        over = true;
        if (found.isEmpty()) {
            callback.onFailed(name, failure);
        } else {
            callback.onResolved(name, resolver.order(found));
        }
    }

    boolean isOver() {
        return over;
    }

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            resolver.cancelled(this, lookups);
        }
    }
}
