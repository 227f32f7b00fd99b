package io.netchannel.tcpip.udp;

import io.netchannel.tcpip.ip.IpLayer;
import io.netchannel.tcpip.ip.PathMtuDiscovery;

/** What a {@link UdpSocket} may be told about its datagrams. Confined to the thread of its stack. */
final class UdpOptions {

    int trafficClass;
    int hopLimit = IpLayer.DEFAULT_HOPS;
    /** RFC 1112, 6.1. */
    int multicastHops = 1;
    boolean multicastLoopback = true;
    /** Groups that others of this stack have joined are received too: Linux's IP_MULTICAST_ALL, as there by default. */
    boolean allGroups = true;
    boolean broadcast = true;
    boolean coalescing;
    PathMtuDiscovery pathMtuDiscovery = PathMtuDiscovery.WANT;
}
