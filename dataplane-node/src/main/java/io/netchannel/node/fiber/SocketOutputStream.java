package io.netchannel.node.fiber;

import java.io.IOException;
import java.io.OutputStream;

/** {@link FiberSocket}'s writing, as a stream; there is nothing to flush. */
final class SocketOutputStream extends OutputStream {

    private final FiberSocket socket;

    SocketOutputStream(final FiberSocket socket) {
        this.socket = socket;
    }

    @Override
    public void write(final int value) throws IOException {
        socket.write(new byte[]{(byte) value}, 0, 1);
    }

    @Override
    public void write(final byte[] from, final int offset, final int lengthBytes) throws IOException {
        socket.write(from, offset, lengthBytes);
    }

    @Override
    public void close() {
        socket.close();
    }
}
