package io.netchannel.tcpip.multicast;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.ip.IpDatagram;
import io.netchannel.tcpip.wire.IgmpLayout;
import io.netchannel.tcpip.wire.IpAddress;

/** Received IGMP: queries, and other hosts' reports. Threading: confined to the thread of its stack. */
final class IgmpInput {

    private static final long TENTH_NS = 100_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;

    private final OrderedMemory memory;
    private final GroupReporter reporter;
    private final Counters counters;
    private final GroupQuery query = new GroupQuery();

    IgmpInput(final OrderedMemory memory, final GroupReporter reporter, final Counters counters) {
        this.memory = memory;
        this.reporter = reporter;
        this.counters = counters;
    }

    /** Leaves the packet to the caller. */
    void input(final IpDatagram datagram, final long nowNs) {
        final int lengthBytes = datagram.transportBytes();
        if (lengthBytes < IgmpLayout.OLD_MESSAGE_BYTES || datagram.contiguousBytes() < lengthBytes) {
            counters.increment(Counter.IGMP_IN_ERRORS);
            return;
        }
        if (!datagram.verifyPlainChecksum()) {
            counters.increment(Counter.IGMP_IN_CSUM_ERRORS);
            return;
        }
        final long igmp = datagram.transportAddress();
        final long group = IpAddress.lowOfIpv4(IgmpLayout.group(memory, igmp));
        switch (IgmpLayout.type(memory, igmp)) {
            case IgmpLayout.QUERY -> {
                if (read(igmp, lengthBytes)) {
                    counters.increment(Counter.IGMP_IN_QUERIES);
                    reporter.onQuery(query, nowNs);
                } else {
                    counters.increment(Counter.IGMP_IN_ERRORS);
                }
            }
            case IgmpLayout.VERSION_1_REPORT, IgmpLayout.VERSION_2_REPORT -> {
                counters.increment(Counter.IGMP_IN_REPORTS);
                reporter.onOldReport(0, group);
            }
            case IgmpLayout.LEAVE, IgmpLayout.VERSION_3_REPORT -> counters.increment(Counter.IGMP_IN_REPORTS);
            default -> counters.increment(Counter.IGMP_IN_UNKNOWN);
        }
    }

    /** @return whether it is a query of a version that there is (RFC 3376, 7.1) */
    private boolean read(final long igmp, final int lengthBytes) {
        final int code = IgmpLayout.maxResponseCode(memory, igmp);
        final int group = IgmpLayout.group(memory, igmp);
        if (group != 0 && !IpAddress.isMulticast(0, IpAddress.lowOfIpv4(group))) {
            return false;
        }
        query.high = 0;
        query.low = group == 0 ? 0 : IpAddress.lowOfIpv4(group);
        query.sources.clear();
        query.robustness = 0;
        query.intervalNs = 0;
        if (lengthBytes == IgmpLayout.OLD_MESSAGE_BYTES) {
            query.version = code == 0 ? GroupVersion.REPORT_ONLY : GroupVersion.REPORT_AND_LEAVE;
            query.maxResponseNs = code == 0 ? GroupReporter.QUERY_RESPONSE_INTERVAL_NS : code * TENTH_NS;
            return true;
        }
        if (lengthBytes < IgmpLayout.QUERY_BYTES) {
            return false;
        }
        final int sources = IgmpLayout.sourceCount(memory, igmp);
        if (lengthBytes < IgmpLayout.QUERY_BYTES + sources * IgmpLayout.SOURCE_BYTES || group == 0 && sources > 0) {
            return false;
        }
        query.version = GroupVersion.SOURCE_FILTERING;
        query.maxResponseNs = IgmpLayout.decode(code) * TENTH_NS;
        query.robustness = IgmpLayout.robustness(memory, igmp);
        query.intervalNs = IgmpLayout.decode(IgmpLayout.queryIntervalCode(memory, igmp)) * SECOND_NS;
        // A question for more sources than we would remember is answered for all.
        for (int i = 0; i < sources && sources <= GroupReporter.MAX_SOURCES; i++) {
            query.sources.add(0, IpAddress.lowOfIpv4(IgmpLayout.source(memory, igmp, i)));
        }
        return true;
    }
}
