package io.netchannel.tcpip.tcp;

/**
 * What our SYNs say of the receive window (RFC 7323, 2).
 *
 * <p>Threading: stateless.
 */
final class SynWindow {

    private static final int MAX_WINDOW_FIELD = 0xFFFF;

    private SynWindow() {
    }

    /** The shift: for the largest window that the flow may come to. */
    static int scale(final TcpConfig settings) {
        final TcpSetting largest = settings.is(TcpSetting.BUFFER_AUTOTUNING)
                ? TcpSetting.RECEIVE_BUFFER_MAX_BYTES
                : TcpSetting.RECEIVE_BUFFER_BYTES;
        return settings.is(TcpSetting.WINDOW_SCALING) ? scaleFor(settings.getInt(largest)) : 0;
    }

    private static int scaleFor(final int bufferBytes) {
        int scale = 0;
        while (scale < TcpOptions.MAX_WINDOW_SCALE && bufferBytes >>> scale > MAX_WINDOW_FIELD) {
            scale++;
        }
        return scale;
    }

    /** The window field, which is not scaled yet. */
    static int field(final TcpConfig settings) {
        return Math.min(settings.getInt(TcpSetting.RECEIVE_BUFFER_BYTES), MAX_WINDOW_FIELD);
    }
}
