package io.netchannel.virtio.net;

/**
 * Where a frame is copied to: receive buffers of a driver, an impaired link, buffers of a pool.
 *
 * <p>Use: {@link #begin}; if it answers {@link #READY}, {@link #write} until all announced bytes are there; {@link
 * #end}.
 *
 * <p>Threading: one thread.
 */
public interface FrameTarget {

    /** Room for the frame is reserved. */
    int READY = 0;
    /** No room now; nothing was reserved. */
    int NO_ROOM = 1;
    /** No room for a frame of this length, ever. */
    int TOO_LONG = 2;
    /** Nobody is there to take frames. */
    int CLOSED = 3;

    /**
     * @param header of this frame; its number of buffers is for the target to fill in
     * @return {@link #READY}, {@link #NO_ROOM}, {@link #TOO_LONG} or {@link #CLOSED}
     */
    int begin(int frameBytes, VirtioNetHeader header);

    void write(long sourceAddress, int lengthBytes);

    void end();
}
