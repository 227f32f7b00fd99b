package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.tcp.congestion.CongestionWindow;
import io.netchannel.tcpip.tcp.recovery.Flight;

/**
 * How much the send buffer holds: two congestion windows, one in flight and one to follow it, unless the application has
 * said (Linux: tcp_sndbuf_expand).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SendBufferTuning {

    private static final long WINDOWS = 2;

    private final SendQueue queue;
    private final Flight flight;
    private final FlowSettings settings;
    private final boolean automatic;
    private final int maxBytes;
    private int fixedBytes;

    SendBufferTuning(final SendQueue queue, final Flight flight, final FlowSettings settings) {
        this.queue = queue;
        this.flight = flight;
        this.settings = settings;
        this.automatic = settings.config.is(TcpSetting.BUFFER_AUTOTUNING);
        this.maxBytes = settings.config.getInt(TcpSetting.SEND_BUFFER_MAX_BYTES);
    }

    /** The application may have set it. */
    void follow() {
        if (settings.fixedSendBufferBytes != fixedBytes) {
            fixedBytes = settings.fixedSendBufferBytes;
            queue.limitBytes(fixedBytes);
        }
    }

    /** The writer waits; that is the buffer's fault unless the window is full. */
    void grow(final int mssBytes) {
        final CongestionWindow window = flight.window();
        if (!automatic || fixedBytes != 0 || flight.inFlight() >= window.segments()) {
            return;
        }
        final long wantedBytes = WINDOWS * Math.max(window.segments(), flight.reordering() + 1) * mssBytes;
        queue.limitBytes((int) Math.max(queue.limitBytes(), Math.min(wantedBytes, maxBytes)));
    }
}
