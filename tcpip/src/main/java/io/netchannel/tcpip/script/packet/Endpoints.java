package io.netchannel.tcpip.script.packet;

import io.netchannel.tcpip.wire.IpAddress;

/** Where a packet comes from and goes to. */
public record Endpoints(IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {

    public boolean isIpv6() {
        return !source.isIpv4();
    }

    public Endpoints reversed() {
        return new Endpoints(destination, destinationPort, source, sourcePort);
    }

    /** With other ports where these are not 0. */
    public Endpoints withPorts(final int newSource, final int newDestination) {
        return new Endpoints(source, newSource == 0 ? sourcePort : newSource, destination,
                newDestination == 0 ? destinationPort : newDestination);
    }
}
