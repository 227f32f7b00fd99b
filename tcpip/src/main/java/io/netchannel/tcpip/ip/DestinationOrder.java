package io.netchannel.tcpip.ip;

import io.netchannel.tcpip.link.AddressPolicy;
import io.netchannel.tcpip.link.AddressState;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * In which order to try the addresses of a name (RFC 6724, 6), as far as one interface has the rules: there are neither home
 * addresses (4) nor tunnels (7).
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class DestinationOrder {

    private DestinationOrder() {
    }

    private record Candidate(IpAddress address, int source, int scope, int sourceScope, boolean deprecated,
            boolean labelMatches, int precedence, int commonBits) {
    }

    /** A new list, the best first; addresses between which no rule decides keep their order. Allocates. */
    public static List<IpAddress> sort(final List<IpAddress> destinations, final NetInterface network) {
        final List<Candidate> sorted = new ArrayList<>();
        for (final IpAddress destination : destinations) {
            final Candidate candidate = candidate(destination, network);
            // Rule 9 is no order among addresses of both families, which a library's sort may refuse.
            int at = sorted.size();
            while (at > 0 && isBetter(candidate, sorted.get(at - 1))) {
                at--;
            }
            sorted.add(at, candidate);
        }
        return sorted.stream().map(Candidate::address).toList();
    }

    private static Candidate candidate(final IpAddress destination, final NetInterface network) {
        final LocalAddresses addresses = network.addresses();
        final long high = destination.high();
        final long low = destination.low();
        final boolean reachable = addresses.isLocal(high, low) || IpAddress.isMulticast(high, low)
                || addresses.isOnLink(high, low) || network.routes().find(high, low) != null;
        final int source = reachable ? addresses.sourceFor(high, low) : LocalAddresses.NONE;
        final int scope = AddressPolicy.scope(high, low);
        final int precedence = AddressPolicy.precedence(high, low);
        if (source == LocalAddresses.NONE) {
            return new Candidate(destination, source, scope, 0, false, false, precedence, 0);
        }
        final long sourceHigh = addresses.high(source);
        final long sourceLow = addresses.low(source);
        final int commonBits = AddressPolicy.commonPrefixBits(high, low, sourceHigh, sourceLow);
        return new Candidate(destination, source, scope, AddressPolicy.scope(sourceHigh, sourceLow), addresses.state(
                source) == AddressState.DEPRECATED,
                AddressPolicy.label(high, low) == AddressPolicy.label(sourceHigh, sourceLow), precedence,
                // RFC 6724, 5, rule 8: bits behind the source's prefix say nothing.
                Math.min(commonBits, addresses.prefix(source).lengthBits() + (destination.isIpv4() ? 96 : 0)));
    }

    private static boolean isBetter(final Candidate a, final Candidate b) {
        // Rule 1: avoid unusable destinations.
        if ((a.source == LocalAddresses.NONE) != (b.source == LocalAddresses.NONE)) {
            return b.source == LocalAddresses.NONE;
        }
        // Rule 2: prefer matching scope.
        final boolean scopeMatches = a.scope == a.sourceScope;
        if (scopeMatches != (b.scope == b.sourceScope)) {
            return scopeMatches;
        }
        // Rule 3: avoid deprecated addresses.
        if (a.deprecated != b.deprecated) {
            return b.deprecated;
        }
        // Rule 5: prefer matching label.
        if (a.labelMatches != b.labelMatches) {
            return a.labelMatches;
        }
        // Rule 6: prefer higher precedence.
        if (a.precedence != b.precedence) {
            return a.precedence > b.precedence;
        }
        // Rule 8: prefer smaller scope.
        if (a.scope != b.scope) {
            return a.scope < b.scope;
        }
        // Rule 9: use the longest matching prefix. Rule 10: otherwise leave the order as it is.
        return a.address.isIpv4() == b.address.isIpv4() && a.commonBits > b.commonBits;
    }
}
