package io.netchannel.tcpip.icmp;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.ip.IpLayer;
import io.netchannel.tcpip.ip.IpOutput;
import io.netchannel.tcpip.ip.Path;
import io.netchannel.tcpip.wire.Icmpv4Layout;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.NetworkOrder;

/** What all messages that we send have in common. */
final class IcmpMessages {

    private IcmpMessages() {
    }

    /** Fills in the checksum, over the pseudo header too for IPv6, of a message whose field is 0. */
    static void fillChecksum(final PacketMemory packets, final long packet, final Path path) {
        final int lengthBytes = packets.frameBytes(packet);
        final int pseudo = path.isIpv6()
                ? InternetChecksum.pseudoHeader(path.localHigh(), path.localLow(),
                        path.remoteHigh(), path.remoteLow(), IpProtocol.ICMPV6, lengthBytes)
                : 0;
        final int sum = InternetChecksum.transportSum(packets, packet, 0, lengthBytes, pseudo);
        NetworkOrder.putShort(packets.memory(), packets.address(packet) + Icmpv4Layout.CHECKSUM_OFFSET,
                InternetChecksum.checksum(sum));
    }

    /** Sends, or drops and counts: nobody sends a message again. @return whether it was sent */
    static boolean send(final IpLayer ip, final long packet, final Path path, final Counters counters,
            final long nowNs) {
        final int protocol = path.isIpv6() ? IpProtocol.ICMPV6 : IpProtocol.ICMP;
        final IpOutput.Result result = ip.send(packet, path, protocol, 0, nowNs);
        if (result == IpOutput.Result.SENT) {
            return true;
        }
        if (result == IpOutput.Result.LINK_FULL) {
            counters.increment(Counter.LINK_OUT_FULL);
            ip.pool().releasePacket(packet);
        }
        counters.increment(path.isIpv6() ? Counter.ICMP6_OUT_ERRORS : Counter.ICMP_OUT_ERRORS);
        return false;
    }
}
