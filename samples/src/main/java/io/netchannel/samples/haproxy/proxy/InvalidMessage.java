package io.netchannel.samples.haproxy.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetSocketAddress;

/**
 * The last request or response of a proxy that could not be read, for {@code show errors}.
 *
 * @param event its number among all of the process, from 0
 * @param frontend null: unknown yet, which is so of a backend of a request
 * @param server null: none was chosen
 * @param bytes as they came, from the message's beginning where that is still there
 * @param position of the byte that was refused
 */
public record InvalidMessage(long event, long wallMs, Frontend frontend, Backend backend, Server server,
        InetSocketAddress source, byte[] bytes, int position) {

    static void ofRequest(final HttpStream stream, final byte[] bytes, final int position) {
        stream.session.frontend.invalidRequest(of(stream, bytes, position));
    }

    static void ofResponse(final HttpStream stream, final byte[] bytes, final int position) {
        stream.backend().invalidResponse(of(stream, bytes, position));
    }

    private static InvalidMessage of(final HttpStream stream, final byte[] bytes, final int position) {
        return new InvalidMessage(stream.session.frontend.owner().nextInvalidMessage(), stream.loop.clock().wallMs(),
                stream.session.frontend, stream.backend(), stream.server(), stream.session.peer, bytes, position);
    }

    /** What is left of a body where it can't be read on. */
    static byte[] rest(final ByteBuf input) {
        return input == null ? new byte[0] : ByteBufUtil.getBytes(input);
    }
}
