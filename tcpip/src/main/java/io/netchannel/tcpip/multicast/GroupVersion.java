package io.netchannel.tcpip.multicast;

/** What the oldest querier on the link understands. */
enum GroupVersion {
    /** IGMP version 1: reports, of which one per group suffices. */
    REPORT_ONLY,
    /** IGMP version 2, MLD version 1: leaving is told too. */
    REPORT_AND_LEAVE,
    /** IGMP version 3, MLD version 2: every host tells its sources. */
    SOURCE_FILTERING
}
