package io.netchannel.tcpip.multicast;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.ip.IpDatagram;
import io.netchannel.tcpip.wire.Icmpv6Layout;
import io.netchannel.tcpip.wire.IgmpLayout;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.MldLayout;

/** Received MLD: queries, and other hosts' reports. Threading: confined to the thread of its stack. */
final class MldInput {

    private static final long MILLISECOND_NS = 1_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;

    private final OrderedMemory memory;
    private final GroupReporter reporter;
    private final Counters counters;
    private final GroupQuery query = new GroupQuery();

    MldInput(final OrderedMemory memory, final GroupReporter reporter, final Counters counters) {
        this.memory = memory;
        this.reporter = reporter;
        this.counters = counters;
    }

    /** Handles a message of types 130 to 132 or 143 whose checksum is right, and leaves the packet to the caller. */
    void input(final IpDatagram datagram, final long nowNs) {
        final int lengthBytes = datagram.transportBytes();
        final long mld = datagram.transportAddress();
        final int type = Icmpv6Layout.type(memory, mld);
        // RFC 3810, 6.2: whatever else could come from elsewhere.
        final boolean sound = datagram.contiguousBytes() >= lengthBytes
                && Ipv6Layout.hopLimit(memory, datagram.networkAddress()) == 1
                && MldLayout.hasRouterAlert(memory, datagram.networkAddress())
                && (type == MldLayout.VERSION_2_REPORT || lengthBytes >= MldLayout.OLD_MESSAGE_BYTES);
        final boolean linkLocal = IpAddress.isIpv6LinkLocal(datagram.sourceHigh());
        switch (sound ? type : -1) {
            case MldLayout.QUERY -> {
                if (linkLocal && read(mld, lengthBytes)) {
                    counters.increment(Counter.MLD_IN_QUERIES);
                    reporter.onQuery(query, nowNs);
                } else {
                    counters.increment(Counter.MLD_IN_ERRORS);
                }
            }
            case MldLayout.VERSION_1_REPORT -> {
                // RFC 3590, 4: one from the unspecified address only tells switches.
                counters.increment(Counter.MLD_IN_REPORTS);
                if (linkLocal) {
                    reporter.onOldReport(MldLayout.groupHigh(memory, mld), MldLayout.groupLow(memory, mld));
                }
            }
            case MldLayout.DONE, MldLayout.VERSION_2_REPORT -> counters.increment(Counter.MLD_IN_REPORTS);
            default -> counters.increment(Counter.MLD_IN_ERRORS);
        }
    }

    /** @return whether it is a query of a version that there is (RFC 3810, 8.1) */
    private boolean read(final long mld, final int lengthBytes) {
        final int code = MldLayout.maxResponseCode(memory, mld);
        query.high = MldLayout.groupHigh(memory, mld);
        query.low = MldLayout.groupLow(memory, mld);
        query.sources.clear();
        query.robustness = 0;
        query.intervalNs = 0;
        if (!query.isGeneral() && query.high >>> 56 != 0xFF) {
            return false;
        }
        if (lengthBytes == MldLayout.OLD_MESSAGE_BYTES) {
            query.version = GroupVersion.REPORT_AND_LEAVE;
            query.maxResponseNs = code * MILLISECOND_NS;
            return true;
        }
        if (lengthBytes < MldLayout.QUERY_BYTES) {
            return false;
        }
        final int sources = MldLayout.sourceCount(memory, mld);
        if (lengthBytes < MldLayout.QUERY_BYTES + sources * MldLayout.SOURCE_BYTES
                || query.isGeneral() && sources > 0) {
            return false;
        }
        query.version = GroupVersion.SOURCE_FILTERING;
        query.maxResponseNs = MldLayout.decodeResponse(code) * MILLISECOND_NS;
        query.robustness = MldLayout.robustness(memory, mld);
        query.intervalNs = IgmpLayout.decode(MldLayout.queryIntervalCode(memory, mld)) * SECOND_NS;
        // A question for more sources than we would remember is answered for all.
        for (int i = 0; i < sources && sources <= GroupReporter.MAX_SOURCES; i++) {
            query.sources.add(MldLayout.sourceHigh(memory, mld, i), MldLayout.sourceLow(memory, mld, i));
        }
        return true;
    }
}
