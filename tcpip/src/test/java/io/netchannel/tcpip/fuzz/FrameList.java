package io.netchannel.tcpip.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Frames in a fuzzer's input, and what is to be done with each: { control(8) | length(16) | frame } …
 */
public final class FrameList {

    private static final int HEAD_BYTES = 3;
    private static final int MAX_FRAME_BYTES = 0x3FFF;

    private final ByteBuffer in;

    public FrameList(final byte[] input) {
        in = ByteBuffer.wrap(input);
    }

    public boolean hasNext() {
        return in.remaining() >= HEAD_BYTES;
    }

    /** The control byte of the next frame; {@link #frame} follows. */
    public int control() {
        return in.get() & 0xFF;
    }

    public byte[] frame() {
        final byte[] bytes = new byte[Math.min(in.getShort() & MAX_FRAME_BYTES, in.remaining())];
        in.get(bytes);
        return bytes;
    }

    /** An input of these frames, each with the same control byte. */
    public static byte[] of(final int control, final List<byte[]> frames) {
        final ByteBuffer all = ByteBuffer.allocate(1 << 16);
        for (final byte[] frame : frames) {
            all.put((byte) control).putShort((short) frame.length).put(frame);
        }
        return Arrays.copyOf(all.array(), all.position());
    }
}
