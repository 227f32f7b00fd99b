package io.netchannel.tcpip.dns;

/** A name that is being resolved. Confined to the stack's thread. */
public interface DnsRequest {

    /** The callback will not be called any more. Does nothing afterwards. */
    void cancel();
}
