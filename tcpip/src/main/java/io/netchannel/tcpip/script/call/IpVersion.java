package io.netchannel.tcpip.script.call;

/** Which family a script's sockets and packets have; the names are packetdrill's. */
public enum IpVersion {

    IPV4("ipv4"),
    /** Sockets of IPv6 with IPv4-mapped addresses; IPv4 on the wire. */
    IPV4_MAPPED_IPV6("ipv4-mapped-ipv6"), IPV6("ipv6");

    private final String text;

    IpVersion(final String text) {
        this.text = text;
    }

    /** @return the version of this name, or null */
    public static IpVersion of(final String text) {
        for (final IpVersion version : values()) {
            if (version.text.equals(text)) {
                return version;
            }
        }
        return null;
    }

    public boolean isIpv6OnWire() {
        return this == IPV6;
    }

    @Override
    public String toString() {
        return text;
    }
}
