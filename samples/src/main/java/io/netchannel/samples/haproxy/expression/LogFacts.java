package io.netchannel.samples.haproxy.expression;

import java.net.InetSocketAddress;

/** What a log-format's variables show of a stream (configuration manual, 8.2.4). Times in milliseconds, -1 if it didn't come so far. */
public interface LogFacts {

    /** {@code %t %T %Ts %tr…}: when the session was accepted, milliseconds since 1970. */
    long acceptMs();

    /** When the request's first byte came, milliseconds since 1970. */
    long requestMs();

    /** {@code %Th %Ti %TR %Tq %Tw %Tc %Tr %Td %Ta %Tt %Tu}, by that name without the percent sign. */
    long timer(String name);

    /** {@code %ts}: four chars of the termination state, as httplog has it; two for tcplog. */
    String terminationState(boolean http);

    /** {@code %ST} */
    int status();

    /** {@code %B} */
    long bytesToClient();

    /** {@code %U} */
    long bytesFromClient();

    /** {@code %ac %fc %bc %sc %sq %bq %rc}, by that name without the percent sign. */
    long count(String name);

    /** {@code %rc} was a redispatch: printed with a plus. */
    boolean redispatched();

    /** {@code %bi %bp}: where the proxy connected from; null before. */
    InetSocketAddress backendSource();

    /** {@code %si %sp}: null before. */
    InetSocketAddress serverAddress();

    /** {@code %hr}, {@code %hs} fields, in the order of their capture; an absent one is null. */
    String[] captured(SampleContext.Direction direction);

    /** {@code %CC}, {@code %CS}: captured cookie, or null. */
    String capturedCookie(SampleContext.Direction direction);

    /** {@code %r}: the request line, or null while it is not known. */
    String requestLine();

    /** {@code %ID}, or null. */
    String uniqueId();

    /** {@code %rt} */
    long requestCounter();

    /** {@code %lc} */
    long logCounter();

    /** {@code option logasap}: it is logged while totals still grow; they get a plus. */
    default boolean beforeEnd() {
        return false;
    }

    /** Whether no request came before on the client's connection. */
    default boolean firstRequest() {
        return requestCounter() <= 1;
    }
}
