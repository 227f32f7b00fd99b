package io.netchannel.tcpip.multicast;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.link.EthernetPort;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.wire.EthernetLayout;
import io.netchannel.tcpip.wire.Icmpv6Layout;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.MacAddress;
import io.netchannel.tcpip.wire.MldLayout;
import io.netchannel.tcpip.wire.NetworkOrder;

/** What is said by MLD. Threading: confined to the thread of its stack. */
final class MldMessages implements GroupMessages {

    private static final int HEADER_BYTES = Ipv6Layout.HEADER_BYTES + MldLayout.ROUTER_ALERT_HEADER_BYTES;
    private static final int SCOPE_LINK_LOCAL = 2;

    private final LocalAddresses addresses;
    private final Counters counters;
    private final ReportPacket report;
    private final OrderedMemory memory;

    MldMessages(final EthernetPort port, final LocalAddresses addresses, final Counters counters) {
        this.addresses = addresses;
        this.counters = counters;
        this.report = new ReportPacket(port, Ipv6Layout.MIN_MTU_BYTES);
        this.memory = report.memory();
    }

    /** RFC 3810, 6: neither all nodes nor scopes 0 and 1. */
    @Override
    public boolean isReported(final long high, final long low) {
        return (high >>> 48 & 0xF) >= SCOPE_LINK_LOCAL
                && !(high == IpAddress.LINK_MULTICAST_HIGH && low == MldLayout.ALL_NODES_LOW);
    }

    @Override
    public void addRecord(final int type, final long high, final long low, final AddressSet sources) {
        final int bytes = MldLayout.RECORD_BYTES + sources.count() * MldLayout.SOURCE_BYTES;
        if (report.isOpen() && report.freeBytes() < bytes) {
            sendReport();
        }
        if (!report.isOpen() && !open(MldLayout.VERSION_2_ROUTERS_LOW, MldLayout.REPORT_BYTES)) {
            return;
        }
        // What doesn't fit into any packet is left out (RFC 3376, 4.2.16): buffers may be small.
        final int count = Math.min(sources.count(),
                (report.freeBytes() - MldLayout.RECORD_BYTES) / MldLayout.SOURCE_BYTES);
        final long record = report.append(MldLayout.RECORD_BYTES + count * MldLayout.SOURCE_BYTES);
        MldLayout.putRecord(memory, record, type, count, high, low);
        for (int i = 0; i < count; i++) {
            final long at = record + MldLayout.RECORD_BYTES + (long) i * MldLayout.SOURCE_BYTES;
            NetworkOrder.putLong(memory, at, sources.high(i));
            NetworkOrder.putLong(memory, at + 8, sources.low(i));
        }
    }

    private boolean open(final long groupLow, final int messageBytes) {
        return report.open(MacAddress.ofIpv6Multicast(groupLow), EthernetLayout.TYPE_IPV6, HEADER_BYTES
                + messageBytes);
    }

    @Override
    public void sendReport() {
        if (report.isOpen()) {
            MldLayout.putReport(memory, report.networkAddress() + HEADER_BYTES, report.records());
            finish(IpAddress.LINK_MULTICAST_HIGH, MldLayout.VERSION_2_ROUTERS_LOW);
            counters.increment(Counter.MLD_OUT_VERSION_2_REPORTS);
        }
    }

    @Override
    public void sendOldReport(final GroupVersion version, final long high, final long low) {
        if (sendOld(MldLayout.VERSION_1_REPORT, high, low, high, low)) {
            counters.increment(Counter.MLD_OUT_REPORTS);
        }
    }

    @Override
    public void sendLeave(final long high, final long low) {
        if (sendOld(MldLayout.DONE, IpAddress.LINK_MULTICAST_HIGH, MldLayout.ALL_ROUTERS_LOW, high, low)) {
            counters.increment(Counter.MLD_OUT_DONES);
        }
    }

    private boolean sendOld(final int type, final long destinationHigh, final long destinationLow,
            final long groupHigh, final long groupLow) {
        sendReport();
        if (!open(destinationLow, MldLayout.OLD_MESSAGE_BYTES)) {
            return false;
        }
        MldLayout.putOld(memory, report.networkAddress() + HEADER_BYTES, type, groupHigh, groupLow);
        finish(destinationHigh, destinationLow);
        return true;
    }

    private void finish(final long destinationHigh, final long destinationLow) {
        final long ip = report.networkAddress();
        final int messageBytes = report.networkBytes() - HEADER_BYTES;
        final long mld = ip + HEADER_BYTES;
        // RFC 3810, 5.2.13: a link-local address, or none at all while there is no valid one.
        final int best = addresses.sourceFor(destinationHigh, destinationLow);
        final boolean linkLocal = best != LocalAddresses.NONE && IpAddress.isIpv6LinkLocal(addresses.high(best));
        final long sourceHigh = linkLocal ? addresses.high(best) : 0;
        final long sourceLow = linkLocal ? addresses.low(best) : 0;
        Ipv6Layout.put(memory, ip, 0, 0, report.networkBytes() - Ipv6Layout.HEADER_BYTES, IpProtocol.HOP_BY_HOP, 1,
                sourceHigh, sourceLow, destinationHigh, destinationLow);
        NetworkOrder.putLong(memory, ip + Ipv6Layout.HEADER_BYTES,
                (long) IpProtocol.ICMPV6 << 56 | MldLayout.ROUTER_ALERT_HEADER);
        final int pseudo = InternetChecksum.pseudoHeader(sourceHigh, sourceLow, destinationHigh, destinationLow,
                IpProtocol.ICMPV6, messageBytes);
        NetworkOrder.putShort(memory, mld + Icmpv6Layout.CHECKSUM_OFFSET,
                InternetChecksum.checksum(InternetChecksum.sum(memory, mld, messageBytes, pseudo)));
        report.send();
    }
}
