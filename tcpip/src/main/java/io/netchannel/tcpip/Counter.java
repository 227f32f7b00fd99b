package io.netchannel.tcpip;

/**
 * What a stack counts. Where Linux counts the same thing (/proc/net/snmp, snmp6, netstat) the name is Linux's.
 *
 * <p>Everything that is dropped is counted under the reason: there is no drop without a constant here.
 */
public enum Counter {

    LINK_IN_FRAMES("Link.InFrames"),
    /** Unicast to another station, or our own frame come back. */
    LINK_IN_OTHER_HOST("Link.InOtherHost"), LINK_IN_OTHER_VLAN("Link.InOtherVlan"), LINK_IN_TOO_SHORT(
            "Link.InTooShort"),
    /** The stack is closed. */
    LINK_IN_CLOSED("Link.InClosed"),
    /** Neither ARP nor IP. */
    LINK_IN_UNKNOWN_TYPE("Link.InUnknownType"),
    /** A control frame that the full transmit queue didn't take. */
    LINK_OUT_FULL("Link.OutFull"),
    /** The packet pool had no buffer for something to send. */
    LINK_OUT_NO_BUFFER("Link.OutNoBuffer"), LINK_OUT_FRAMES("Link.OutFrames"),

    ARP_IN_REQUESTS("Arp.InRequests"), ARP_IN_REPLIES("Arp.InReplies"), ARP_IN_ERRORS("Arp.InErrors"),
    /** Somebody else claims one of our addresses (RFC 5227, 2.4). */
    ARP_CONFLICTS("Arp.Conflicts"), ARP_OUT_REQUESTS("Arp.OutRequests"), ARP_OUT_REPLIES("Arp.OutReplies"),

    NDP_IN_SOLICITS("Icmp6.InNeighborSolicits"), NDP_IN_ADVERTISEMENTS(
            "Icmp6.InNeighborAdvertisements"), NDP_IN_ROUTER_MESSAGES("Icmp6.InRouterMessages"), NDP_IN_ERRORS(
                    "Ndp.InErrors"), NDP_CONFLICTS("Ndp.Conflicts"), NDP_OUT_SOLICITS(
                            "Icmp6.OutNeighborSolicits"), NDP_OUT_ADVERTISEMENTS("Icmp6.OutNeighborAdvertisements"),

    NDP_IN_ROUTER_ADVERTISEMENTS("Icmp6.InRouterAdvertisements"), NDP_OUT_ROUTER_SOLICITS("Icmp6.OutRouterSolicits"),
    /** An option of a router advertisement that makes no sense. */
    NDP_BAD_ADVERTISED_OPTIONS("Ndp.BadAdvertisedOptions"),
    /** Routers, routes, prefixes or names beyond the limit of what is remembered. */
    NDP_ADVERTISED_TOO_MUCH("Ndp.AdvertisedTooMuch"),
    /** Our own probe for duplicates (RFC 7527). */
    NDP_LOOPED_BACK_PROBES("Ndp.LoopedBackProbes"),
    /** Addresses that somebody else turned out to have. */
    ARP_DUPLICATES("Arp.Duplicates"), NDP_DUPLICATES("Ndp.Duplicates"),

    IGMP_IN_QUERIES("Igmp.InQueries"), IGMP_IN_REPORTS("Igmp.InReports"), IGMP_IN_ERRORS(
            "Igmp.InErrors"), IGMP_IN_CSUM_ERRORS("Igmp.InCsumErrors"), IGMP_IN_UNKNOWN(
                    "Igmp.InUnknownTypes"), IGMP_OUT_REPORTS("Igmp.OutReports"), IGMP_OUT_LEAVES("Igmp.OutLeaves"),

    MLD_IN_QUERIES("Icmp6.InGroupMembQueries"), MLD_IN_REPORTS("Icmp6.InGroupMembResponses"), MLD_IN_ERRORS(
            "Mld.InErrors"), MLD_OUT_REPORTS("Icmp6.OutGroupMembResponses"), MLD_OUT_DONES(
                    "Icmp6.OutGroupMembReductions"), MLD_OUT_VERSION_2_REPORTS("Icmp6.OutMLDv2Reports"),

    NEIGHBOR_EVICTIONS("Neighbor.Evictions"), NEIGHBOR_FAILURES("Neighbor.Failures"),
    /** A packet gave way to a newer one, or met the limit on packets waiting for all neighbours. */
    NEIGHBOR_QUEUE_DROPS("Neighbor.QueueDrops"),
    /** A packet whose neighbour didn't answer. */
    NEIGHBOR_UNREACHABLE_DROPS("Neighbor.UnreachableDrops"),

    IP_IN_RECEIVES("Ip.InReceives"), IP_IN_HDR_ERRORS("Ip.InHdrErrors"),
    /** Not to an address of ours. */
    IP_IN_ADDR_ERRORS("Ip.InAddrErrors"),
    /** From a source that can't be one: multicast, broadcast, loopback, ourselves. */
    IP_IN_MARTIANS("Ip.InMartians"), IP_IN_UNKNOWN_PROTOS("Ip.InUnknownProtos"), IP_IN_DISCARDS(
            "Ip.InDiscards"), IP_IN_DELIVERS("Ip.InDelivers"),
    /** Fragments, or datagrams, that were given up: overlaps, timeouts, limits, no sense. */
    IP_REASM_FAILS("Ip.ReasmFails"), IP_OUT_REQUESTS("Ip.OutRequests"), IP_OUT_DISCARDS(
            "Ip.OutDiscards"), IP_OUT_NO_ROUTES("Ip.OutNoRoutes"),
    /** Larger than the path's MTU, and not a super-frame that the link cuts. */
    IP_FRAG_FAILS("Ip.FragFails"), IP6_IN_RECEIVES("Ip6.InReceives"), IP6_IN_HDR_ERRORS(
            "Ip6.InHdrErrors"), IP6_IN_ADDR_ERRORS("Ip6.InAddrErrors"), IP6_IN_MARTIANS(
                    "Ip6.InMartians"), IP6_IN_UNKNOWN_PROTOS("Ip6.InUnknownProtos"), IP6_IN_DISCARDS(
                            "Ip6.InDiscards"), IP6_IN_DELIVERS(
                                    "Ip6.InDelivers"), IP6_REASM_FAILS("Ip6.ReasmFails"), IP6_OUT_REQUESTS(
                                            "Ip6.OutRequests"), IP6_OUT_DISCARDS("Ip6.OutDiscards"), IP6_OUT_NO_ROUTES(
                                                    "Ip6.OutNoRoutes"), IP6_FRAG_FAILS("Ip6.FragFails"),
    /** Fragments that came, datagrams that they made, and those whose rest did not come in time. */
    IP_REASM_REQDS("Ip.ReasmReqds"), IP_REASM_OKS("Ip.ReasmOKs"), IP_REASM_TIMEOUT("Ip.ReasmTimeout"),
    /** Datagrams that were dropped because fragments overlapped; fragments that came twice. */
    IP_REASM_OVERLAPS("IpExt.ReasmOverlaps"), IP_REASM_DUPLICATES("Ip.ReasmDuplicates"),

    IP6_REASM_REQDS("Ip6.ReasmReqds"), IP6_REASM_OKS("Ip6.ReasmOKs"), IP6_REASM_TIMEOUT("Ip6.ReasmTimeout"),

    IP6_REASM_OVERLAPS("Ip6.ReasmOverlaps"), IP6_REASM_DUPLICATES("Ip6.ReasmDuplicates"),
    /** Datagrams that were cut, and the fragments that this made. */
    IP_FRAG_OKS("Ip.FragOKs"), IP_FRAG_CREATES("Ip.FragCreates"),

    IP6_FRAG_OKS("Ip6.FragOKs"), IP6_FRAG_CREATES("Ip6.FragCreates"),
    /** Packets to ourselves that the bounded local queue didn't take. */
    IP_LOCAL_QUEUE_DROPS("Ip.LocalQueueDrops"),

    ICMP_IN_MSGS("Icmp.InMsgs"), ICMP_IN_ERRORS("Icmp.InErrors"), ICMP_IN_CSUM_ERRORS(
            "Icmp.InCsumErrors"), ICMP_IN_DEST_UNREACHS("Icmp.InDestUnreachs"), ICMP_IN_TIME_EXCDS(
                    "Icmp.InTimeExcds"), ICMP_IN_PARM_PROBS("Icmp.InParmProbs"), ICMP_IN_ECHOS(
                            "Icmp.InEchos"), ICMP_IN_ECHO_REPS("Icmp.InEchoReps"), ICMP_OUT_MSGS(
                                    "Icmp.OutMsgs"), ICMP_OUT_ERRORS("Icmp.OutErrors"), ICMP_OUT_DEST_UNREACHS(
                                            "Icmp.OutDestUnreachs"), ICMP_OUT_ECHO_REPS(
                                                    "Icmp.OutEchoReps"), ICMP_OUT_RATE_LIMIT(
                                                            "Icmp.OutRateLimitGlobal"), ICMP6_IN_MSGS(
                                                                    "Icmp6.InMsgs"), ICMP6_IN_ERRORS(
                                                                            "Icmp6.InErrors"), ICMP6_IN_CSUM_ERRORS(
                                                                                    "Icmp6.InCsumErrors"), ICMP6_IN_DEST_UNREACHS(
                                                                                            "Icmp6.InDestUnreachs"), ICMP6_IN_PKT_TOO_BIGS(
                                                                                                    "Icmp6.InPktTooBigs"), ICMP6_IN_TIME_EXCDS(
                                                                                                            "Icmp6.InTimeExcds"), ICMP6_IN_PARM_PROBLEMS(
                                                                                                                    "Icmp6.InParmProblems"), ICMP6_IN_ECHOS(
                                                                                                                            "Icmp6.InEchos"), ICMP6_IN_ECHO_REPLIES(
                                                                                                                                    "Icmp6.InEchoReplies"), ICMP6_OUT_MSGS(
                                                                                                                                            "Icmp6.OutMsgs"), ICMP6_OUT_ERRORS(
                                                                                                                                                    "Icmp6.OutErrors"), ICMP6_OUT_DEST_UNREACHS(
                                                                                                                                                            "Icmp6.OutDestUnreachs"), ICMP6_OUT_ECHO_REPLIES(
                                                                                                                                                                    "Icmp6.OutEchoReplies"), ICMP6_OUT_RATE_LIMIT(
                                                                                                                                                                            "Icmp6.OutRateLimitGlobal"),

    ICMP_OUT_TIME_EXCDS("Icmp.OutTimeExcds"), ICMP6_OUT_TIME_EXCDS("Icmp6.OutTimeExcds"),

    ICMP6_OUT_PARM_PROBLEMS("Icmp6.OutParmProblems"),
    /** Errors that one host would have got too many of. */
    ICMP_OUT_RATE_LIMIT_HOST("Icmp.OutRateLimitHost"), ICMP6_OUT_RATE_LIMIT_HOST("Icmp6.OutRateLimitHost"),
    /** Redirects that came, and those that were not believed. */
    ICMP_IN_REDIRECTS("Icmp.InRedirects"), ICMP6_IN_REDIRECTS("Icmp6.InRedirects"),

    ICMP_REDIRECTS_IGNORED("Icmp.RedirectsIgnored"), ICMP6_REDIRECTS_IGNORED("Icmp6.RedirectsIgnored"),

    UDP_IN_DATAGRAMS("Udp.InDatagrams"), UDP_NO_PORTS("Udp.NoPorts"), UDP_IN_ERRORS("Udp.InErrors"), UDP_IN_CSUM_ERRORS(
            "Udp.InCsumErrors"), UDP_OUT_DATAGRAMS("Udp.OutDatagrams"),
    /** No buffer, no route, or a full link. */
    UDP_SNDBUF_ERRORS("Udp.SndbufErrors"),
    /** Refused because it is larger than the MTU, and may not be cut; or than any datagram. */
    UDP_OUT_TOO_LONG("Udp.OutTooLong"),
    /** To a group or to all, and nobody here wants it. */
    UDP_IGNORED_MULTI("Udp.IgnoredMulti"),
    /** Came while the application blocked its loop, and there was no room for more to wait. */
    UDP_RCVBUF_ERRORS("Udp.RcvbufErrors");

    private final String snmpName;

    Counter(final String snmpName) {
        this.snmpName = snmpName;
    }

    /** Group, dot, name. */
    public String snmpName() {
        return snmpName;
    }
}
