package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.tcp.congestion.CongestionWindow;
import io.netchannel.tcpip.tcp.recovery.Flight;

/**
 * How much the application may write: the limit on memory, as Linux counts it, so that a size that was chosen there
 * means the same here.
 *
 * <pre>
 *   in flight              unsent
 *   |--------|-----|  |--------|--------|####....|
 *     each piece is a frame: data, and OVERHEAD   ^ a frame that is begun is filled, whatever the limit says
 * </pre>
 * A frame is begun while what is charged lies below the limit, and little enough is unsent: the buffer may hold up to a
 * frame more than its limit. A writer that waits is called when a third is free, or, unlike in Linux, much: else the end
 * of a large buffer runs dry on a long path before the writer has filled it again.
 *
 * <p>Unless the application has fixed it, the limit grows to two congestion windows, one in flight and one to follow it
 * (Linux: tcp_sndbuf_expand). While memory is short it doesn't, and becomes less: {@link SendMemory}.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SendBuffer {

    /** What Linux charges for a buffer beside its data: the room for headers, and the records. */
    private static final int OVERHEAD_BYTES = 1_280;
    /** Linux's, beside a segment that has a buffer of its own: headers and records in one piece, then another record. */
    private static final int HEAD_BYTES = 640;
    private static final int RECORD_BYTES = 256;
    private static final long WINDOWS = 2;
    /** Free space for which a writer is called in any case, however large the buffer: four super-frames. */
    private static final long WORTH_CALLING_BYTES = 1 << 18;
    /** Of a super-frame, with room for all headers. */
    private static final int MAX_FRAME_BYTES = 65_215;
    private static final int SMALLEST_HALVED_BYTES = 536;
    /** With this a connection goes on however short memory is: a super-frame. */
    private static final int MODERATE_BYTES = 64 << 10;

    private final TcpConnection connection;
    private final SendQueue queue;
    private final Flight flight;
    private final FlowSettings settings;
    private final boolean automatic;
    private final int maxBytes;
    private int tunedBytes;
    private boolean growthDue;

    // What frameBytes last answered, since it seldom changes: a division less for each write.
    private int knownMssBytes;
    private int knownWindowBytes = -1;
    private int knownFrameBytes;
    private int knownFrameSegments;

    SendBuffer(final TcpConnection connection, final SendQueue queue, final Flight flight) {
        this.connection = connection;
        this.queue = queue;
        this.flight = flight;
        this.settings = connection.settings();
        this.automatic = settings.config.is(TcpSetting.BUFFER_AUTOTUNING);
        this.maxBytes = settings.config.getInt(TcpSetting.SEND_BUFFER_MAX_BYTES);
        this.tunedBytes = settings.config.getInt(TcpSetting.SEND_BUFFER_BYTES);
    }

    int limitBytes() {
        return settings.fixedSendBufferBytes != 0 ? settings.fixedSendBufferBytes : tunedBytes;
    }

    /** Written, and not yet sent once. */
    int unsentBytes() {
        final int sentBytes = connection.state().isSynchronized() ? SeqNum.distance(flight.una(), flight.nxt()) : 0;
        return Math.max(0, queue.sizeBytes() - sentBytes);
    }

    /** Of {@code wantedBytes} what the application may add, at least. */
    int admit(final int wantedBytes) {
        final int unsent = unsentBytes();
        final int frame = frameBytes();
        if (unsent + (long) wantedBytes <= frame && (unsent > 0 || settings.notSentLowWaterBytes == 0
                && isFarBelow())) {
            return wantedBytes;
        }
        return Math.min(wantedBytes, roomBytes(unsent, frame));
    }

    int roomBytes() {
        return roomBytes(unsentBytes(), frameBytes());
    }

    private int roomBytes(final int unsent, final int frame) {
        final int waiting = frames(unsent, frame);
        final long begun = (long) waiting * frame;
        final long sent = queue.sizeBytes() - unsent;
        final long charged = sent + begun + (long) OVERHEAD_BYTES * (frames(sent, frame) + waiting);
        long more = divideUp(limitBytes() - charged, frame + OVERHEAD_BYTES);
        if (settings.notSentLowWaterBytes != 0) {
            more = Math.min(more, divideUp(settings.notSentLowWaterBytes - begun, frame));
        }
        return (int) Math.min(begun - unsent + Math.max(more, 0) * frame, Integer.MAX_VALUE);
    }

    // Surely: the shortest frame is less than thrice as long as its overhead.
    private boolean isFarBelow() {
        return 4L * queue.sizeBytes() + OVERHEAD_BYTES < limitBytes();
    }

    /** Whether there is room enough to call a writer who waits for some. */
    boolean isWorthCalling() {
        final int unsent = unsentBytes();
        if (settings.notSentLowWaterBytes != 0 && 2L * unsent >= settings.notSentLowWaterBytes) {
            return false;
        }
        final int frame = frameBytes();
        final int sent = queue.sizeBytes() - unsent;
        final long charged = queue.sizeBytes()
                + (long) OVERHEAD_BYTES * (frames(sent, frame) + frames(unsent, frame));
        return limitBytes() - charged >= Math.min(charged >> 1, WORTH_CALLING_BYTES);
    }

    /** Segments that fill a frame: at most half of the largest window that the peer has offered (as in Linux). */
    int frameSegments() {
        frameBytes();
        return knownFrameSegments;
    }

    private int frameBytes() {
        final int mss = connection.sender().mssBytes();
        final int window = flight.maxWindowBytes();
        if (mss != knownMssBytes || window != knownWindowBytes) {
            knownMssBytes = mss;
            knownWindowBytes = window;
            final int bound = window > SMALLEST_HALVED_BYTES ? window >> 1 : window;
            final int bytes = bound == 0 ? MAX_FRAME_BYTES : Math.min(bound, MAX_FRAME_BYTES);
            knownFrameSegments = Math.max(bytes / mss, 1);
            knownFrameBytes = knownFrameSegments * mss;
        }
        return knownFrameBytes;
    }

    /**
     * From one PSH to the next: the end of the frame that passes half of the peer's largest window (Linux:
     * forced_push).
     *
     * @param begunBytes before the first frame
     */
    int pushBytes(final int begunBytes) {
        final int frame = frameBytes();
        final int half = flight.maxWindowBytes() >> 1;
        final int bytes = begunBytes + frame;
        return bytes > half ? bytes : bytes + ((half - bytes) / frame + 1) * frame;
    }

    private static int frames(final long bytes, final int frame) {
        return (int) ((bytes + frame - 1) / frame);
    }

    private static long divideUp(final long bytes, final int by) {
        return bytes <= 0 ? 0 : (bytes + by - 1) / by;
    }

    void onAcknowledgment() {
        growthDue |= connection.application().waitsForRoom();
    }

    /**
     * All was sent that might be. That a writer has waited for the acknowledgment is the buffer's fault, unless the
     * window is full.
     */
    void grow() {
        if (!growthDue) {
            return;
        }
        growthDue = false;
        final CongestionWindow window = flight.window();
        if (!sizesItself() || flight.inFlight() >= window.segments() || !connection.stack().sendMemory().mayGrow()) {
            return;
        }
        final int segment = connection.sender().mssBytes() + HEAD_BYTES;
        final long segmentBytes = RECORD_BYTES + (Integer.highestOneBit(segment - 1) << 1);
        final long wantedBytes = WINDOWS * Math.max(window.segments(), flight.reordering().segments() + 1)
                * segmentBytes;
        // No less than at the start, if memory was short and isn't any more.
        final int least = Math.max(tunedBytes, settings.config.getInt(TcpSetting.SEND_BUFFER_BYTES));
        tunedBytes = (int) Math.max(least, Math.min(wantedBytes, maxBytes));
    }

    private boolean sizesItself() {
        return automatic && settings.fixedSendBufferBytes == 0;
    }

    /** Memory is short: from here on it may hold half of what it holds (Linux: sk_stream_moderate_sndbuf). */
    void moderate() {
        if (sizesItself()) {
            tunedBytes = Math.min(tunedBytes, Math.max(queue.sizeBytes() >> 1, MODERATE_BYTES));
        }
    }

    /** What it holds beyond what {@link #moderate} leaves to each. */
    int excessBytes() {
        return sizesItself() ? Math.max(0, queue.sizeBytes() - MODERATE_BYTES) : 0;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        tunedBytes = image.of(tunedBytes);
        growthDue = image.of(growthDue);
    }
}
