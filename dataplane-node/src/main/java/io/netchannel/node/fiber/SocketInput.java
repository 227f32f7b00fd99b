package io.netchannel.node.fiber;

import io.netchannel.cpu.HostMemory;

/**
 * A socket's reading: into the memory of whoever reads, directly from the packet. While nobody reads, data waits in the flow.
 *
 * <p>Threading: as {@link Operation}.
 */
final class SocketInput extends Operation {

    static final int END = -1;

    private final FiberSocket socket;

    // -- what is wanted: by its array, or by its address
    private byte[] array;
    private long target;
    private int wantedBytes;
    private int doneBytes;

    // -- of the loop
    // Of a fiber that was woken and has not come yet: what arrives until then still is for it.
    private boolean collecting;
    // The flow has been told to wait.
    private boolean paused;
    private boolean finished;

    SocketInput(final FiberSocket socket, final SocketLoop loop) {
        super(loop);
        this.socket = socket;
    }

    /** Before it is performed. */
    void into(final byte[] destination, final int offset, final int lengthBytes) {
        array = destination;
        target = offset;
        wantedBytes = lengthBytes;
        doneBytes = 0;
    }

    void into(final long address, final int lengthBytes) {
        array = null;
        target = address;
        wantedBytes = lengthBytes;
        doneBytes = 0;
    }

    /** After that. @return bytes read, or {@link #END} if there were none */
    int take() {
        collecting = false;
        array = null;
        return doneBytes == 0 ? END : doneBytes;
    }

    @Override
    void begin() {
        if (finished) {
            end(Outcome.DONE);
        } else if (socket.outcomeOfEnd() != null) {
            end(socket.outcomeOfEnd());
        } else if (paused) {
            paused = false;
            socket.flow().receiveNow();
        }
    }

    /** @return bytes taken; with less than all the flow waits */
    int receive(final long address, final int lengthBytes) {
        if (finished) {
            // Shut down: as after a socket's, nobody reads, and the peer isn't stopped.
            return lengthBytes;
        }
        final int count = isUnderWay() || collecting ? Math.min(lengthBytes, wantedBytes - doneBytes) : 0;
        if (count > 0) {
            copy(address, count);
            doneBytes += count;
            collecting = isLocal();
            end(Outcome.DONE);
        }
        paused = count < lengthBytes;
        return count;
    }

    private void copy(final long address, final int count) {
        if (array == null) {
            HostMemory.INSTANCE.copy(address, target + doneBytes, count);
        } else {
            HostMemory.INSTANCE.copyToArray(address, array, (int) target + doneBytes, count);
        }
    }

    /** Nothing more is read: the peer has finished, or the reader doesn't want it. */
    void finish() {
        finished = true;
        end(Outcome.DONE);
    }
}
