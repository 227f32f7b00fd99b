package io.netchannel.tcpip.multicast;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.link.EthernetPort;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.wire.EthernetLayout;
import io.netchannel.tcpip.wire.IgmpLayout;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.MacAddress;
import io.netchannel.tcpip.wire.NetworkOrder;

/** What is said by IGMP. Threading: confined to the thread of its stack. */
final class IgmpMessages implements GroupMessages {

    /** Every host takes a packet of this size (RFC 791, 3.1). */
    private static final int MAX_BYTES = 576;
    private static final int HEADER_BYTES = Ipv4Layout.HEADER_BYTES + IgmpLayout.ROUTER_ALERT_BYTES;
    /** Internetwork control (RFC 3376, 4). */
    private static final int TRAFFIC_CLASS = 0xC0;

    private final LocalAddresses addresses;
    private final Counters counters;
    private final ReportPacket report;
    private final OrderedMemory memory;

    IgmpMessages(final EthernetPort port, final LocalAddresses addresses, final Counters counters) {
        this.addresses = addresses;
        this.counters = counters;
        this.report = new ReportPacket(port, MAX_BYTES);
        this.memory = report.memory();
    }

    @Override
    public boolean isReported(final long high, final long low) {
        return (int) low != IgmpLayout.ALL_SYSTEMS;
    }

    @Override
    public void addRecord(final int type, final long high, final long low, final AddressSet sources) {
        final int bytes = IgmpLayout.RECORD_BYTES + sources.count() * IgmpLayout.SOURCE_BYTES;
        if (report.isOpen() && report.freeBytes() < bytes) {
            sendReport();
        }
        if (!report.isOpen() && !open(IgmpLayout.VERSION_3_ROUTERS, IgmpLayout.REPORT_BYTES)) {
            return;
        }
        // What doesn't fit into any packet is left out (RFC 3376, 4.2.16): buffers may be small.
        final int count = Math.min(sources.count(),
                (report.freeBytes() - IgmpLayout.RECORD_BYTES) / IgmpLayout.SOURCE_BYTES);
        final long record = report.append(IgmpLayout.RECORD_BYTES + count * IgmpLayout.SOURCE_BYTES);
        IgmpLayout.putRecord(memory, record, type, count, (int) low);
        for (int i = 0; i < count; i++) {
            NetworkOrder.putInt(memory, record + IgmpLayout.RECORD_BYTES + (long) i * IgmpLayout.SOURCE_BYTES,
                    (int) sources.low(i));
        }
    }

    private boolean open(final int group, final int messageBytes) {
        return report.open(MacAddress.ofIpv4Multicast(group), EthernetLayout.TYPE_IPV4, HEADER_BYTES + messageBytes);
    }

    @Override
    public void sendReport() {
        if (report.isOpen()) {
            IgmpLayout.putReport(memory, report.networkAddress() + HEADER_BYTES, report.records());
            finish(IgmpLayout.VERSION_3_ROUTERS);
            counters.increment(Counter.IGMP_OUT_REPORTS);
        }
    }

    @Override
    public void sendOldReport(final GroupVersion version, final long high, final long low) {
        if (sendOld(version == GroupVersion.REPORT_ONLY
                ? IgmpLayout.VERSION_1_REPORT
                : IgmpLayout.VERSION_2_REPORT, (int) low, (int) low)) {
            counters.increment(Counter.IGMP_OUT_REPORTS);
        }
    }

    @Override
    public void sendLeave(final long high, final long low) {
        if (sendOld(IgmpLayout.LEAVE, IgmpLayout.ALL_ROUTERS, (int) low)) {
            counters.increment(Counter.IGMP_OUT_LEAVES);
        }
    }

    private boolean sendOld(final int type, final int destination, final int group) {
        sendReport();
        if (!open(destination, IgmpLayout.OLD_MESSAGE_BYTES)) {
            return false;
        }
        IgmpLayout.putOld(memory, report.networkAddress() + HEADER_BYTES, type, group);
        finish(destination);
        return true;
    }

    private void finish(final int destination) {
        final long ip = report.networkAddress();
        final int messageBytes = report.networkBytes() - HEADER_BYTES;
        final long igmp = ip + HEADER_BYTES;
        NetworkOrder.putShort(memory, igmp + IgmpLayout.CHECKSUM_OFFSET,
                InternetChecksum.checksum(InternetChecksum.sum(memory, igmp, messageBytes, 0)));
        // RFC 3376, 4.2.13: 0.0.0.0 while there is no address yet.
        final int source = addresses.sourceFor(0, IpAddress.lowOfIpv4(destination));
        Ipv4Layout.put(memory, ip, TRAFFIC_CLASS, report.networkBytes(), 0, Ipv4Layout.DONT_FRAGMENT, 1,
                IpProtocol.IGMP, source == LocalAddresses.NONE ? 0 : (int) addresses.low(source), destination);
        addRouterAlert(ip);
        report.send();
    }

    /** RFC 3376, 4: every message has it. The header grows by a word. */
    private void addRouterAlert(final long ip) {
        NetworkOrder.putInt(memory, ip + Ipv4Layout.HEADER_BYTES, IgmpLayout.ROUTER_ALERT_OPTION);
        NetworkOrder.putShort(memory, ip, (4 << 4 | HEADER_BYTES / 4) << 8 | TRAFFIC_CLASS);
        NetworkOrder.putShort(memory, ip + Ipv4Layout.CHECKSUM_OFFSET, 0);
        NetworkOrder.putShort(memory, ip + Ipv4Layout.CHECKSUM_OFFSET,
                InternetChecksum.checksum(InternetChecksum.sum(memory, ip, HEADER_BYTES, 0)));
    }
}
