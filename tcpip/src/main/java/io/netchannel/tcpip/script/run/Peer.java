package io.netchannel.tcpip.script.run;

import io.netchannel.tcpip.script.packet.Endpoints;
import io.netchannel.tcpip.script.packet.PacketBuilder;
import io.netchannel.tcpip.wire.IpAddress;
import java.nio.ByteBuffer;

/**
 * The far end of the link: says that every address but the stack's own is its own, so that packets for the gateway, or
 * for whoever a script names, find their way.
 */
final class Peer {

    static final long STACK_MAC = 0x0200_0000_0001L;

    private static final long PEER_MAC = 0x0200_0000_0002L;
    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_ARP = 0x0806;
    private static final int TYPE_IPV6 = 0x86DD;
    private static final int LINK_HEADER_BYTES = 14;
    private static final int ARP_REQUEST = 1;
    private static final int ARP_REPLY = 2;
    private static final int SOLICITATION = 135;
    private static final int ADVERTISEMENT = 136;
    /** Solicited and override (RFC 4861, 4.4). */
    private static final int ADVERTISEMENT_FLAGS = 0x6000_0000;
    private static final int TARGET_LINK_ADDRESS = 2;

    private Peer() {
    }

    /** @param packet of IP */
    static byte[] frame(final byte[] packet) {
        return ethernet(packet[0] >>> 4 == 6 ? TYPE_IPV6 : TYPE_IPV4, packet);
    }

    private static byte[] ethernet(final int type, final byte[] payload) {
        final ByteBuffer frame = ByteBuffer.allocate(LINK_HEADER_BYTES + payload.length);
        putMac(frame, STACK_MAC);
        putMac(frame, PEER_MAC);
        return frame.putShort((short) type).put(payload).array();
    }

    private static void putMac(final ByteBuffer buffer, final long mac) {
        buffer.putShort((short) (mac >>> 32)).putInt((int) mac);
    }

    /** @return the answer to a question for a link address, as a frame; null if {@code frame} asks for none */
    static byte[] answer(final byte[] frame) {
        final ByteBuffer bytes = ByteBuffer.wrap(frame);
        final int type = bytes.getShort(12) & 0xFFFF;
        if (type == TYPE_ARP) {
            return arp(bytes);
        }
        final boolean solicits = type == TYPE_IPV6 && frame.length >= LINK_HEADER_BYTES + 64 && frame[20] == 58
                && (frame[54] & 0xFF) == SOLICITATION;
        return solicits ? neighbor(bytes) : null;
    }

    private static byte[] arp(final ByteBuffer request) {
        final int sender = request.getInt(28);
        final int target = request.getInt(38);
        // Who asks for its own address only announces it (RFC 5227, 3).
        if (request.getShort(20) != ARP_REQUEST || sender == target) {
            return null;
        }
        final ByteBuffer reply = ByteBuffer.allocate(28);
        reply.putShort((short) 1).putShort((short) TYPE_IPV4).putShort((short) 0x0604).putShort((short) ARP_REPLY);
        putMac(reply, PEER_MAC);
        reply.putInt(target);
        putMac(reply, STACK_MAC);
        return ethernet(TYPE_ARP, reply.putInt(sender).array());
    }

    private static byte[] neighbor(final ByteBuffer solicitation) {
        final IpAddress asker = new IpAddress(solicitation.getLong(22), solicitation.getLong(30));
        final IpAddress target = new IpAddress(solicitation.getLong(62), solicitation.getLong(70));
        final ByteBuffer message = ByteBuffer.allocate(32);
        message.put((byte) ADVERTISEMENT).put((byte) 0).putShort((short) 0).putInt(ADVERTISEMENT_FLAGS)
                .put(target.toBytes()).put((byte) TARGET_LINK_ADDRESS).put((byte) 1);
        putMac(message, PEER_MAC);
        return ethernet(TYPE_IPV6, PacketBuilder.icmpv6(new Endpoints(target, 0, asker, 0), message.array()));
    }
}
