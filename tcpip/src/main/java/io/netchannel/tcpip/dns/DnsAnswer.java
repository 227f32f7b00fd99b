package io.netchannel.tcpip.dns;

import io.netchannel.tcpip.wire.IpAddress;
import java.util.List;

/** What an answer says of its question. */
sealed interface DnsAnswer {

    /** @param ttlSeconds the least of the chain's */
    record Addresses(List<IpAddress> addresses, long ttlSeconds) implements DnsAnswer {
    }

    /** The name is another's alias, of which the answer says nothing. */
    record Alias(String target, long ttlSeconds) implements DnsAnswer {
    }

    /**
     * No address.
     *
     * @param nameExists false for NXDOMAIN
     * @param ttlSeconds how long that holds (RFC 2308, 5); 0 if the answer does not say
     */
    record None(boolean nameExists, long ttlSeconds) implements DnsAnswer {
    }

    /** What did not fit is to be had by TCP. */
    record Truncated() implements DnsAnswer {
    }

    /** The server can't or won't. */
    record ServerFailure(int rcode) implements DnsAnswer {
    }

    /** The answer to something else. */
    record Mismatched() implements DnsAnswer {
    }

    record Malformed() implements DnsAnswer {
    }
}
