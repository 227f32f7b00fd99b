package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Address;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.Inet4Address;
import java.nio.charset.StandardCharsets;

/** A client of SOCKS 4 (the protocol's memo of 1992, CONNECT): a server that is reached through another. */
public final class Socks4 {

    public static final int REPLY_BYTES = 8;
    private static final int VERSION = 4;
    private static final int CONNECT = 1;
    private static final int GRANTED = 90;
    /** As haproxy names itself. */
    private static final byte[] USER = "HAProxy\0".getBytes(StandardCharsets.US_ASCII);

    private Socks4() {
    }

    /** @return what is sent first; null: {@code to} has no IPv4 address, which is all that SOCKS 4 knows */
    public static ByteBuf request(final Address to) {
        if (!(to instanceof final Address.Ip ip) || !(ip.ip() instanceof Inet4Address)) {
            return null;
        }
        final ByteBuf request = Unpooled.buffer();
        request.writeByte(VERSION).writeByte(CONNECT).writeShort(ip.port()).writeBytes(ip.ip().getAddress());
        return request.writeBytes(USER);
    }

    /** Takes the reply, of which all is there. @return whether the connection is through */
    public static boolean isGranted(final ByteBuf in) {
        final ByteBuf reply = in.readSlice(REPLY_BYTES);
        return reply.getByte(reply.readerIndex() + 1) == GRANTED;
    }
}
