package io.netchannel.node;

import io.netchannel.kernel.sched.IdleStrategy;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.tcpip.capture.CaptureBuffer;
import io.netchannel.tcpip.capture.CaptureFilter;
import io.netchannel.tcpip.capture.PcapngWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A capture of a running node: a buffer at each loop's stack, and a thread that writes what comes out of them. A loop never
 * waits for it; what the writer is too slow for is left out and counted, at the end of the file too.
 *
 * <p>Threading: any.
 */
public final class NodeCapture implements AutoCloseable {

    /** For each loop: some milliseconds of a fast link. */
    private static final int BUFFER_BYTES = 1 << 23;
    private static final int DRAIN_LIMIT = 256;

    private final DataplaneNode node;
    private final RunLoop reader;
    private final List<CaptureBuffer> buffers = new ArrayList<>();
    private final PcapngWriter writer;
    private final Runnable onFailure;
    private final long startUnixNs;
    private final long unixOffsetNs;
    // Of the reader's thread, and of who closes after it has ended.
    private final byte[] frame = new byte[CaptureBuffer.MAX_SNAP_BYTES];
    private IOException failure;
    private boolean closed;

    private NodeCapture(final DataplaneNode node, final CaptureFilter filter, final int snapBytes,
            final OutputStream out, final Runnable onFailure) throws IOException {
        this.node = node;
        this.onFailure = onFailure;
        reader = RunLoop.builder(node.config().name() + "-capture").idle(IdleStrategy.PARK_AT_ONCE).build();
        final Instant now = Instant.now();
        startUnixNs = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        unixOffsetNs = startUnixNs - reader.clock().nowNs();
        try {
            for (int i = 0; i < node.config().loops(); i++) {
                buffers.add(new CaptureBuffer(filter, snapBytes, BUFFER_BYTES, reader.wakeWord()));
            }
            writer = new PcapngWriter(new BufferedOutputStream(out, 1 << 16), node.config().name(), snapBytes,
                    filter.toString());
            writer.flush();
        } catch (final IOException | RuntimeException e) {
            buffers.forEach(CaptureBuffer::close);
            reader.close();
            throw e;
        }
    }

    /**
     * @param onFailure called once, on the capture's thread, when nothing more can be written
     * @throws IllegalArgumentException naming a size that is wrong
     */
    static NodeCapture open(final DataplaneNode node, final CaptureFilter filter, final int snapBytes,
            final OutputStream out, final Runnable onFailure) throws IOException {
        final NodeCapture capture = new NodeCapture(node, filter, snapBytes, out, onFailure);
        capture.reader.add(capture.new Drain());
        capture.reader.start();
        node.onEachLoop(loop -> {
            loop.stack().captures().attach(capture.buffers.get(loop.index()));
            return null;
        });
        return capture;
    }

    /** Frames that the filter selected. */
    public long accepted() {
        return buffers.stream().mapToLong(CaptureBuffer::accepted).sum();
    }

    /** Of these, those that were lost because the writer was too slow. */
    public long dropped() {
        return buffers.stream().mapToLong(CaptureBuffer::dropped).sum();
    }

    private final class Drain implements Poller {

        @Override
        public int poll(final long nowNs) {
            int work = 0;
            for (final CaptureBuffer buffer : buffers) {
                work += buffer.drain((timeNs, outbound, address, captured, length) -> write(buffer, timeNs, outbound,
                        address, captured, length), DRAIN_LIMIT);
            }
            return work;
        }

        @Override
        public boolean arm() {
            for (final CaptureBuffer buffer : buffers) {
                if (!buffer.isEmpty()) {
                    return false;
                }
            }
            attempt(writer::flush);
            return true;
        }
    }

    private void write(final CaptureBuffer buffer, final long timeNs, final boolean outbound, final long address,
            final int captured, final int length) {
        buffer.memory().copyToArray(address, frame, 0, captured);
        attempt(() -> writer.frame(timeNs + unixOffsetNs, outbound, frame, captured, length));
    }

    private interface Output {
        void run() throws IOException;
    }

    private void attempt(final Output output) {
        if (failure != null) {
            return;
        }
        try {
            output.run();
        } catch (final IOException e) {
            failure = e;
            onFailure.run();
        }
    }

    /** Writes what is left and the counts, and closes the output. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        node.forget(this, loop -> loop.stack().captures().detach(buffers.get(loop.index())));
        reader.close();
        final Drain last = new Drain();
        while (last.poll(0) > 0) {
            // Until everything is written.
        }
        final long endUnixNs = reader.clock().nowNs() + unixOffsetNs;
        attempt(() -> writer.statistics(startUnixNs, endUnixNs, accepted(), dropped()));
        attempt(writer::close);
        buffers.forEach(CaptureBuffer::close);
    }
}
