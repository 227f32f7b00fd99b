package io.netchannel.samples.haproxy.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Lines to standard output or error. Such a descriptor can block, so a thread of its own writes them; what its queue can't hold
 * is dropped.
 */
final class DescriptorSender implements LineSender {

    private static final int QUEUE_LINES = 1024;
    private static final int LAST_LINES_MS = 1_000;
    private static final String END = new String("");

    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(QUEUE_LINES);
    private final Thread writer;
    private volatile boolean closed;

    /** @param fd 1 or 2 */
    DescriptorSender(final int fd) {
        final FileOutputStream out = new FileOutputStream(fd == 1 ? FileDescriptor.out : FileDescriptor.err);
        writer = Thread.ofPlatform().daemon().name("log-fd" + fd).start(() -> write(out));
    }

    // Compared by identity: END is no line that anyone can send.
    @SuppressWarnings("PMD.CompareObjectsWithEquals")
    private void write(final FileOutputStream out) {
        try {
            for (String line = lines.take(); line != END; line = lines.take()) {
                out.write(line.getBytes(StandardCharsets.ISO_8859_1));
                if (closed && lines.isEmpty()) {
                    // The queue had no room for the end.
                    return;
                }
            }
        } catch (final IOException e) {
            // Nobody reads it any more; lines pile up and are dropped.
            return;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean send(final String line) {
        return lines.offer(line);
    }

    @Override
    public void close() {
        closed = true;
        lines.offer(END);
    }

    @Override
    public void awaitWritten() {
        try {
            writer.join(LAST_LINES_MS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
