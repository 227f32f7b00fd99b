package io.netchannel.node.fiber;

import io.netchannel.tcpip.tcp.TcpFlow;

/**
 * A socket's writing: from the memory of whoever writes, into the flow's send buffer, as it has room. The writer is woken once, when
 * all is there.
 *
 * <p>Threading: as {@link Operation}.
 */
final class SocketOutput extends Operation {

    private final FiberSocket socket;

    // -- what is to be written: by its array, or by its address
    private byte[] array;
    private long source;
    private int lengthBytes;
    private int doneBytes;

    // -- of the loop
    private boolean shut;

    SocketOutput(final FiberSocket socket, final SocketLoop loop) {
        super(loop);
        this.socket = socket;
    }

    /** Before it is performed. */
    void from(final byte[] bytes, final int offset, final int length) {
        array = bytes;
        source = offset;
        lengthBytes = length;
        doneBytes = 0;
    }

    void from(final long address, final int length) {
        array = null;
        source = address;
        lengthBytes = length;
        doneBytes = 0;
    }

    /** After that. @return bytes written */
    int take() {
        array = null;
        return doneBytes;
    }

    @Override
    void begin() {
        if (shut) {
            end(Outcome.CLOSED);
        } else if (socket.outcomeOfEnd() != null) {
            // There is nobody to write to, however the connection ended.
            end(socket.isOpen() ? Outcome.FAILED : Outcome.CLOSED);
        } else {
            goOn();
        }
    }

    /** There is room. */
    void goOn() {
        if (!isUnderWay()) {
            return;
        }
        final TcpFlow flow = socket.flow();
        final int left = lengthBytes - doneBytes;
        doneBytes += array == null
                ? flow.write(source + doneBytes, left)
                : flow.write(array, (int) source + doneBytes, left);
        if (doneBytes == lengthBytes) {
            end(Outcome.DONE);
        }
    }

    void shut() {
        shut = true;
        end(Outcome.CLOSED);
    }
}
