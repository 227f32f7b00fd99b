package io.netchannel.tcpip.dns;

/** Which addresses are wanted. */
public enum AddressFamily {
    IPV4, IPV6,
    /** Both. */
    ANY
}
