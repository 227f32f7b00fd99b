package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.expression.Addresses;
import io.netchannel.samples.haproxy.proxy.ServerTraffic.ProxyOption;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The PROXY protocol's header at the head of a connection to a server: whom we speak for. Encoded by Netty's codec. */
final class ProxyHeaderWriter {

    private static final int TLV_ALPN = 0x01;

    private ProxyHeaderWriter() {
    }

    /** At the head of a new connection to a server, if its line asks for it. */
    static void write(final ServerConnection connection, final Stream stream) {
        final Server server = connection.server();
        if (server == null || connection.isHeaderSent()) {
            return;
        }
        switch (server.proxyHeader()) {
            case V1 -> {
                connection.setPrivate();
                writeV1(connection.out(), stream);
            }
            case V2 -> {
                connection.setPrivate();
                writeV2(connection.out(), stream, server.settings().get(ServerTraffic.PROXY_HEADER_OPTIONS));
            }
            default -> {
                // The server wants none.
            }
        }
    }

    /** Whether the header says something of a request, so that another needs a connection of its own. */
    static boolean isOfOneRequest(final Server server) {
        return server.proxyHeader() == ServerTraffic.ProxyHeader.V2
                && server.settings().get(ServerTraffic.PROXY_HEADER_OPTIONS).contains(ProxyOption.UNIQUE_ID);
    }

    /** Of both ends; a client of a UNIX socket has none. */
    private static boolean isKnown(final Stream stream) {
        return isKnown(stream.source()) && isKnown(stream.destination());
    }

    private static boolean isKnown(final InetSocketAddress address) {
        return address != null && address.getAddress() != null;
    }

    private static void writeV1(final ByteBuf out, final Stream stream) {
        if (isKnown(stream)) {
            encode(message(HAProxyProtocolVersion.V1, stream, List.of()), out);
        } else {
            // Section 2.1; the codec can't encode a line without addresses.
            ByteBufUtil.writeAscii(out, "PROXY UNKNOWN\r\n");
        }
    }

    private static void writeV2(final ByteBuf out, final Stream stream, final Set<ProxyOption> options) {
        final int start = out.writerIndex();
        if (!isKnown(stream)) {
            encode(new HAProxyMessage(HAProxyProtocolVersion.V2, HAProxyCommand.LOCAL, HAProxyProxiedProtocol.UNKNOWN,
                    null, null, 0, 0), out);
            return;
        }
        final HAProxyMessage message = message(HAProxyProtocolVersion.V2, stream, extensions(stream, options));
        encode(message, out);
        if (options.contains(ProxyOption.CRC32C)) {
            // It is the first extension, behind two addresses with their ports.
            final int addressBytes = message.proxiedProtocol() == HAProxyProxiedProtocol.TCP4 ? 4 : 16;
            final int checksumAt = ProxyHeaderReader.V2_HEAD_BYTES + 2 * (addressBytes + Short.BYTES)
                    + ProxyHeaderReader.TLV_HEAD_BYTES;
            out.setInt(start + checksumAt, ProxyHeaderReader.checksum(out.slice(start, out.writerIndex() - start),
                    checksumAt));
        }
    }

    /** Both addresses are of one family: an IPv4 one beside an IPv6 one is mapped, as haproxy does. */
    private static HAProxyMessage message(final HAProxyProtocolVersion version, final Stream stream,
            final List<HAProxyTLV> extensions) {
        InetAddress source = stream.source().getAddress();
        InetAddress destination = stream.destination().getAddress();
        final boolean v4 = source.getAddress().length == 4 && destination.getAddress().length == 4;
        if (!v4) {
            source = Addresses.toV6(source);
            destination = Addresses.toV6(destination);
        }
        return new HAProxyMessage(version, HAProxyCommand.PROXY, v4
                ? HAProxyProxiedProtocol.TCP4
                : HAProxyProxiedProtocol.TCP6, Addresses.text(source), Addresses.text(destination),
                stream.source()
                        .getPort(),
                stream.destination().getPort(), extensions);
    }

    private static List<HAProxyTLV> extensions(final Stream stream, final Set<ProxyOption> options) {
        final List<HAProxyTLV> extensions = new ArrayList<>();
        if (options.contains(ProxyOption.CRC32C)) {
            extensions.add(new HAProxyTLV((byte) ProxyHeaderReader.TLV_CRC32C, Unpooled.wrappedBuffer(
                    new byte[Integer.BYTES])));
        }
        final SslHandler tls = stream.session.client.channel().pipeline().get(SslHandler.class);
        if (tls != null && tls.applicationProtocol() != null) {
            extensions.add(text(TLV_ALPN, tls.applicationProtocol()));
        }
        final String authority = stream.session.proxyAuthority == null
                ? stream.tlsServerName()
                : stream.session.proxyAuthority;
        if (options.contains(ProxyOption.AUTHORITY) && authority != null) {
            extensions.add(text(ProxyHeaderReader.TLV_AUTHORITY, authority));
        }
        if (options.contains(ProxyOption.UNIQUE_ID) && stream.uniqueId() != null) {
            extensions.add(text(ProxyHeaderReader.TLV_UNIQUE_ID, stream.uniqueId()));
        }
        if (options.contains(ProxyOption.SSL)) {
            extensions.add(ProxyHeaderTls.extension(stream.frontTls(), options));
        }
        return extensions;
    }

    static HAProxyTLV text(final int type, final String value) {
        return new HAProxyTLV((byte) type, Unpooled.copiedBuffer(value, StandardCharsets.ISO_8859_1));
    }

    private static void encode(final HAProxyMessage message, final ByteBuf out) {
        final EmbeddedChannel encoder = new EmbeddedChannel(HAProxyMessageEncoder.INSTANCE);
        try {
            encoder.writeOutbound(message);
            final ByteBuf bytes = encoder.readOutbound();
            out.writeBytes(bytes);
            bytes.release();
        } finally {
            encoder.finishAndReleaseAll();
        }
    }
}
