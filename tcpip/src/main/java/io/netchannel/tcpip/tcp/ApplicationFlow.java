package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpSetting.*;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.SharedPages;
import io.netchannel.tcpip.icmp.TransportError;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import java.util.Objects;

/**
 * What the application holds of a {@link TcpConnection}, or of one at rest: checks what it is given, and hands it to the part of the
 * connection that it is for. {@link Application} is the other direction.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class ApplicationFlow implements TcpFlow {

    private static final int MAX_CODE_POINT = 63;

    private final TcpStack stack;
    // One of them is null.
    private TcpConnection connection;
    private RestingConnection resting;
    private Object attachment;

    ApplicationFlow(final TcpConnection connection) {
        this.connection = connection;
        this.stack = connection.stack();
    }

    /** The connection; one at rest wakes up. */
    TcpConnection connection() {
        stack.reclaim();
        return connection == null ? resting.wake() : connection;
    }

    private TcpEndpoint endpoint() {
        stack.reclaim();
        return connection == null ? resting : connection;
    }

    /** From here on {@code image} is the connection. */
    void rest(final RestingConnection image) {
        resting = image;
        connection = null;
    }

    void wake(final TcpConnection awake) {
        connection = awake;
        resting = null;
    }

    // -- writing

    @Override
    public int write(final long address, final int lengthBytes) {
        final int taken = admitted(lengthBytes);
        return wrote(taken <= 0 ? 0 : queue().write(address, taken), lengthBytes);
    }

    @Override
    public int write(final byte[] source, final int offset, final int lengthBytes) {
        Objects.checkFromIndexSize(offset, lengthBytes, source.length);
        final int taken = admitted(lengthBytes);
        return wrote(taken <= 0 ? 0 : queue().write(source, offset, taken), lengthBytes);
    }

    @Override
    public int writePage(final long part) {
        final SharedPages pages = sharedPages();
        final int offset = PacketHandle.offsetBytes(part);
        final int lengthBytes = PacketHandle.lengthBytes(part);
        if (pages == null || part < 0 || !pages.owns(PacketHandle.index(part))
                || offset + lengthBytes > pages.pageBytes()) {
            throw new IllegalArgumentException(PacketHandle.toString(part) + " is no part of the node's shared pages");
        }
        final int taken = admitted(lengthBytes);
        if (taken <= 0) {
            return wrote(0, lengthBytes);
        }
        queue().append(PacketHandle.withRange(part, offset, taken));
        return wrote(taken, lengthBytes);
    }

    @Override
    public SharedPages sharedPages() {
        return stack.pool().packets().sharedPages();
    }

    private SendQueue queue() {
        return connection().sender().queue();
    }

    private int admitted(final int lengthBytes) {
        return connection().takesWrites() ? connection().sender().buffer().admit(lengthBytes) : 0;
    }

    private int room() {
        return connection().takesWrites() ? connection().sender().buffer().roomBytes() : 0;
    }

    private int wrote(final int bytes, final int wantedBytes) {
        if (connection().takesWrites()) {
            if (bytes < wantedBytes) {
                connection().application().blockWrites();
            }
            connection().sender().policy().onWritten();
            stack.markDirty(connection());
        }
        return bytes;
    }

    @Override
    public void moreFollows() {
        if (connection().takesWrites()) {
            connection().sender().policy().moreFollows();
        }
    }

    @Override
    public int writableBytes() {
        return blockedIfNone(room());
    }

    @Override
    public int contiguousWritableBytes() {
        final int room = room();
        return blockedIfNone(room == 0 ? 0 : Math.min(room, queue().contiguousWritableBytes()));
    }

    private int blockedIfNone(final int bytes) {
        if (bytes == 0 && connection().takesWrites()) {
            connection().application().blockWrites();
            stack.markDirty(connection());
        }
        return bytes;
    }

    @Override
    public long writeAddress() {
        return queue().writeAddress();
    }

    @Override
    public void commitWrite(final int lengthBytes) {
        if (!connection().takesWrites()) {
            return;
        }
        if (lengthBytes < 0 || lengthBytes > queue().contiguousWritableBytes()) {
            throw new IllegalArgumentException("lengthBytes=" + lengthBytes + " > contiguousWritableBytes="
                    + queue().contiguousWritableBytes());
        }
        queue().commit(lengthBytes);
        connection().sender().policy().onWritten();
        stack.markDirty(connection());
    }

    @Override
    public int unacknowledgedBytes() {
        stack.reclaim();
        return connection == null ? 0 : queue().sizeBytes();
    }

    // -- the end

    @Override
    public void shutdownOutput() {
        connection().finishOutput();
    }

    @Override
    public void shutdownInput() {
        connection().closing().shutInput();
    }

    @Override
    public void close() {
        connection().closing().close();
    }

    @Override
    public void abort() {
        connection().abort(TcpCounter.ABORT_BY_APPLICATION, TcpCloseReason.ABORTED);
    }

    @Override
    public void lingerNs(final long lingerNs) {
        connection().settings().lingerNs = Math.max(FlowSettings.NO_LINGER, lingerNs);
    }

    @Override
    public void finWait2Ns(final long waitNs) {
        if (waitNs > 0) {
            FIN_WAIT_2_NS.check(waitNs);
        }
        connection().settings().finWait2Ns = waitNs;
    }

    // -- receiving

    @Override
    public int keepReceived() {
        return connection().receiver().delivery().keep();
    }

    @Override
    public void resumeReceive() {
        if (connection().isOpen()) {
            connection().application().resume();
            stack.markDirty(connection());
        }
    }

    @Override
    public void receiveNow() {
        if (connection().isOpen()) {
            connection().application().resumeNow();
            changed();
        }
    }

    @Override
    public void quickAck(final boolean on) {
        connection().receiver().quickAck(on);
        changed();
    }

    @Override
    public void receiveBufferBytes(final int bytes) {
        RECEIVE_BUFFER_BYTES.check(bytes);
        connection().settings().fixedReceiveBufferBytes = bytes;
        changed();
    }

    // -- sending

    @Override
    public void noDelay(final boolean on) {
        connection().sender().noDelay(on);
        changed();
    }

    @Override
    public boolean noDelay() {
        return connection().sender().policy().noDelay();
    }

    @Override
    public void cork(final boolean on) {
        connection().settings().cork = on;
        changed();
    }

    @Override
    public boolean cork() {
        return connection().settings().cork;
    }

    @Override
    public void maxSegmentBytes(final int bytes) {
        MAX_SEGMENT_BYTES.check(bytes);
        connection().settings().maxSegmentBytes = bytes;
        if (connection().isOpen() && !connection().isProtocolDone() && connection().state().isSynchronized()) {
            connection().sender().size().limit(connection().handshake().sendMss());
        }
    }

    @Override
    public void notSentLowWaterBytes(final int bytes) {
        NOT_SENT_LOW_WATER_BYTES.check(bytes);
        connection().settings().notSentLowWaterBytes = bytes;
        changed();
    }

    @Override
    public void sendBufferBytes(final int bytes) {
        SEND_BUFFER_BYTES.check(bytes);
        connection().settings().fixedSendBufferBytes = bytes;
        changed();
    }

    @Override
    public void congestionControl(final CongestionAlgorithm algorithm) {
        connection().settings().congestionAlgorithm = Objects.requireNonNull(algorithm, "algorithm");
        changed();
    }

    @Override
    public String congestionControl() {
        return connection().settings().congestionAlgorithm.name();
    }

    @Override
    public void maxPacingRate(final long bytesPerSecond) {
        MAX_PACING_RATE_BYTES_PER_SECOND.check(bytesPerSecond);
        connection().settings().maxPacingRate = bytesPerSecond;
        changed();
    }

    @Override
    public void differentiatedServices(final int codePoint) {
        if (codePoint < 0 || codePoint > MAX_CODE_POINT) {
            throw new IllegalArgumentException("codePoint=" + codePoint + " is not within 0.." + MAX_CODE_POINT);
        }
        connection().settings().differentiatedServices = codePoint << 2;
    }

    // What is due may be due at once now, or no longer.
    private void changed() {
        if (connection().isOpen()) {
            stack.markDirty(connection());
        }
    }

    // -- watching over the peer

    @Override
    public void keepAlive(final boolean on) {
        if (connection().isOpen()) {
            connection().keepAlive().set(on, stack.nowNs());
            stack.markDirty(connection());
        }
    }

    @Override
    public boolean keepAlive() {
        return connection().keepAlive().isOn();
    }

    @Override
    public void keepAliveTimes(final long idleNs, final long intervalNs, final int probes) {
        KEEP_ALIVE_IDLE_NS.check(idleNs);
        KEEP_ALIVE_INTERVAL_NS.check(intervalNs);
        KEEP_ALIVE_PROBES.check(probes);
        connection().keepAlive().times(idleNs, intervalNs, probes, stack.nowNs());
        changed();
    }

    @Override
    public void userTimeoutNs(final long timeoutNs) {
        USER_TIMEOUT_NS.check(timeoutNs);
        connection().settings().userTimeoutNs = timeoutNs;
        changed();
    }

    @Override
    public long userTimeoutNs() {
        return connection().settings().userTimeoutNs;
    }

    // -- what it is

    @Override
    public void info(final TcpInfo into) {
        stack.reclaim();
        (connection == null ? resting.restored() : connection).info(into);
    }

    @Override
    public boolean isOpen() {
        stack.reclaim();
        return connection == null || connection.isOpen() && !connection.application().isEndPutOff();
    }

    @Override
    public TcpState state() {
        stack.reclaim();
        return connection == null ? TcpState.ESTABLISHED : connection.state();
    }

    @Override
    public long localHigh() {
        return endpoint().localHigh();
    }

    @Override
    public long localLow() {
        return endpoint().localLow();
    }

    @Override
    public int localPort() {
        return endpoint().localPort();
    }

    @Override
    public long remoteHigh() {
        return endpoint().remoteHigh();
    }

    @Override
    public long remoteLow() {
        return endpoint().remoteLow();
    }

    @Override
    public int remotePort() {
        return endpoint().remotePort();
    }

    @Override
    public Object attachment() {
        return attachment;
    }

    @Override
    public void attachment(final Object object) {
        attachment = object;
    }

    @Override
    public int unreadBytes() {
        stack.reclaim();
        return connection == null ? 0 : connection.receiver().unreadBytes();
    }

    @Override
    public TransportError lastTransportError() {
        return connection().transportError();
    }
}
