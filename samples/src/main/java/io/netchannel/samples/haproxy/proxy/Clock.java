package io.netchannel.samples.haproxy.proxy;

/** Time as the proxy sees it; tests set it. */
public interface Clock {

    /** Only grows; its origin means nothing. */
    long nowMs();

    /** Milliseconds since 1970. */
    long wallMs();
}
