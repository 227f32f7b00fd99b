package io.netchannel.tcpip.dns;

/** What a resolver counts. */
public enum DnsCounter {
    REQUESTS, CACHE_HITS, NEGATIVE_CACHE_HITS,
    /** Requests that joined a lookup under way. */
    COALESCED, OUT_UDP_QUERIES, OUT_TCP_QUERIES, IN_ANSWERS, IN_TRUNCATED,
    /** Not a well-formed message. */
    IN_ERRORS,
    /** Answers with another identification or question: late, or an attempt to spoof. */
    IN_MISMATCHED,
    /** Answers by which a server says that it can't or won't. */
    IN_SERVER_FAILURES, TIMEOUTS,
    /** A callback threw. */
    CALLBACK_FAILURES
}
