package io.netchannel.tcpip.script.call;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpState;

/**
 * A socket's hold on its flow.
 *
 * <p>What arrives stays in the flow, and counts against the window, until a call reads it: {@link #onReceive} takes
 * nothing else.
 */
final class Connection implements TcpHandler {

    private static final byte[] ZEROS = new byte[1 << 16];

    private final Dialect dialect;
    private TcpFlow flow;
    /** Read by calls, not yet fetched from the flow. */
    private int takenBytes;
    private long arrivals;
    private int lastUnreadBytes;
    private boolean connected;
    private boolean finSeen;
    private boolean ended;
    private boolean letGo;
    private boolean full;
    private int error;

    Connection(final Dialect dialect) {
        this.dialect = dialect;
    }

    void attach(final TcpFlow opened) {
        flow = opened;
    }

    TcpFlow flow() {
        return flow;
    }

    // -- what the flow tells

    @Override
    public void onConnected(final TcpFlow opened) {
        connected = true;
    }

    @Override
    public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
        final int consumed = Math.min(lengthBytes, takenBytes);
        takenBytes -= consumed;
        return consumed;
    }

    @Override
    public void onWritable(final TcpFlow open) {
        full = false;
    }

    @Override
    public void onPeerFinished(final TcpFlow from) {
        finSeen = true;
    }

    @Override
    public void onClosed(final TcpFlow closed, final TcpCloseReason reason) {
        ended = true;
        if (!letGo) {
            error = errorOf(reason);
        }
    }

    private int errorOf(final TcpCloseReason reason) {
        return switch (reason) {
            case FINISHED, ABORTED -> 0;
            // Linux, tcp_reset(): to a writer whose peer had finished the pipe is broken.
            case RESET -> finSeen && dialect == Dialect.LINUX ? Errno.EPIPE : Errno.ECONNRESET;
            case REFUSED -> Errno.ECONNREFUSED;
            case TIMED_OUT -> Errno.ETIMEDOUT;
            case UNREACHABLE -> IcmpErrno.of(flow == null ? null : flow.lastTransportError(), dialect);
            case HANDLER_FAILED, STACK_CLOSED -> Errno.ECONNABORTED;
        };
    }

    /** Notes what has arrived since the last look. */
    void observe() {
        if (ended) {
            return;
        }
        final int unreadBytes = unreadBytes();
        if (unreadBytes > lastUnreadBytes) {
            arrivals++;
        }
        lastUnreadBytes = unreadBytes;
        finSeen |= switch (flow.state()) {
            case CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT -> true;
            // The protocol is over, and there is something to read yet.
            case CLOSED -> true;
            default -> false;
        };
    }

    // -- state

    long arrivals() {
        return arrivals;
    }

    /** The handshake was completed. */
    boolean wasConnected() {
        return connected;
    }

    boolean isEnded() {
        return ended;
    }

    /** The peer has finished; data that came before may be unread. */
    boolean isPeerFinished() {
        return finSeen;
    }

    int error() {
        return error;
    }

    /** The pending error, which is over by being told: SO_ERROR. */
    int takeError() {
        final int taken = error;
        error = 0;
        return taken;
    }

    // -- data

    int unreadBytes() {
        return ended ? 0 : flow.unreadBytes() - takenBytes;
    }

    /** Reads {@code bytes} of the unread; the window opens when the stack is polled. */
    void consume(final int bytes) {
        if (bytes > 0) {
            takenBytes += bytes;
            lastUnreadBytes = unreadBytes();
            flow.resumeReceive();
        }
    }

    /** Writes bytes of {@code payload} from {@code offset} on, or zeros if it is null. @return bytes that were taken */
    int write(final byte[] payload, final int offset, final int lengthBytes) {
        if (full) {
            return 0;
        }
        final int written = payload == null ? writeZeros(lengthBytes) : flow.write(payload, offset, lengthBytes);
        full = written < lengthBytes;
        return written;
    }

    /** Something of a short write was sent since: the next one may find room. */
    void tryAgain() {
        full = false;
    }

    /** A write was short, and the flow has not had much room since. */
    boolean isFull() {
        return full;
    }

    private int writeZeros(final int lengthBytes) {
        int written = 0;
        while (written < lengthBytes) {
            final int step = Math.min(ZEROS.length, lengthBytes - written);
            final int taken = flow.write(ZEROS, 0, step);
            written += taken;
            if (taken < step) {
                break;
            }
        }
        return written;
    }

    // -- end

    /** From here on what happens to the flow is no error of the socket. */
    void letGo() {
        letGo = true;
    }

    void abort() {
        letGo();
        flow.abort();
    }

    /** What close() begins is over: nothing that was written is unacknowledged, nor our FIN. */
    boolean isDelivered() {
        final TcpState state = flow.state();
        return ended || state != TcpState.FIN_WAIT_1 && state != TcpState.CLOSING && state != TcpState.LAST_ACK;
    }
}
