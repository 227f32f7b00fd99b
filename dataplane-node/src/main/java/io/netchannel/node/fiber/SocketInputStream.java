package io.netchannel.node.fiber;

import java.io.IOException;
import java.io.InputStream;

/** {@link FiberSocket}'s reading, as a stream. */
final class SocketInputStream extends InputStream {

    private static final int BYTE_MASK = 0xFF;

    private final FiberSocket socket;
    private byte[] single;

    SocketInputStream(final FiberSocket socket) {
        this.socket = socket;
    }

    @Override
    public int read() throws IOException {
        if (single == null) {
            single = new byte[1];
        }
        return socket.read(single, 0, 1) < 0 ? -1 : single[0] & BYTE_MASK;
    }

    @Override
    public int read(final byte[] into, final int offset, final int lengthBytes) throws IOException {
        return socket.read(into, offset, lengthBytes);
    }

    @Override
    public int available() throws IOException {
        return socket.availableBytes();
    }

    @Override
    public void close() {
        socket.close();
    }
}
