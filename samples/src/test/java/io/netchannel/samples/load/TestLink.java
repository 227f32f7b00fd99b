package io.netchannel.samples.load;

import io.netchannel.cpu.HostMemory;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;

/** The other side of a conversation, as text. */
public final class TestLink implements Link, AutoCloseable {

    private final Arena arena = Arena.ofConfined();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private int room = Integer.MAX_VALUE;

    /** From now on it takes so many bytes. */
    public void room(final int bytes) {
        room = bytes;
    }

    @Override
    public int write(final long address, final int length) {
        final byte[] bytes = new byte[Math.min(room, length)];
        HostMemory.INSTANCE.copyToArray(address, bytes, 0, bytes.length);
        sent.writeBytes(bytes);
        room -= bytes.length;
        return bytes.length;
    }

    /** What was sent since the last call. */
    public String takeSent() {
        final String all = sent.toString(StandardCharsets.ISO_8859_1);
        sent.reset();
        return all;
    }

    public void give(final Conversation to, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        final long address = arena.allocate(bytes.length).address();
        HostMemory.INSTANCE.copyFromArray(bytes, 0, address, bytes.length);
        to.receive(address, bytes.length);
    }

    @Override
    public void close() {
        arena.close();
    }
}
