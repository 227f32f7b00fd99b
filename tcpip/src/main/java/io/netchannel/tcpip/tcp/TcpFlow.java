package io.netchannel.tcpip.tcp;

import io.netchannel.kernel.memory.SharedPages;
import io.netchannel.tcpip.icmp.TransportError;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;

/**
 * A connection, as the application sees it.
 *
 * <p>What is written is sent at the stack's next {@link TcpStack#emit}, so that writes of one turn of the loop share
 * segments and carry acknowledgments. After the flow has closed, writes take nothing and the other methods do nothing.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public interface TcpFlow {

    /** {@link #keepReceived()}: no buffer can be spared. */
    int NOT_KEPT = -1;

    /**
     * Copies bytes into the send buffer.
     *
     * @return bytes taken; with less than {@code lengthBytes}, {@link TcpHandler#onWritable} follows once there is room
     */
    int write(long address, int lengthBytes);

    /** As {@link #write(long, int)}, from the heap. */
    int write(byte[] source, int offset, int lengthBytes);

    /**
     * Sends bytes from where they lie: a part of one of {@link #sharedPages()}, which the flow retains until the peer has acknowledged
     * it. Nobody may change them meanwhile, or what is retransmitted is not what was sent. A small part, or one that fits behind
     * what was written before, is copied instead.
     *
     * @param part page, offset and length: a {@link io.netchannel.kernel.memory.PacketHandle}
     * @return bytes taken; with less than its length, {@link TcpHandler#onWritable} follows once there is room
     * @throws IllegalArgumentException if it is no part of such a page
     */
    int writePage(long part);

    /** Pages that {@link #writePage} can send from; null if there are none. */
    SharedPages sharedPages();

    /**
     * Says after a write that the next one follows at once: what isn't a full segment waits for it, for an
     * acknowledgment, or at most 200 ms (Linux: MSG_MORE).
     */
    void moreFollows();

    // -- writing in place: at most contiguousWritableBytes() to writeAddress(), then commitWrite()

    /**
     * Bytes that the send buffer takes now, its last frame to the full; with 0, {@link TcpHandler#onWritable} follows once
     * there is room.
     */
    int writableBytes();

    /**
     * Bytes that can be written at {@link #writeAddress()}; 0 if the buffer is full or no memory is free: see above.
     */
    int contiguousWritableBytes();

    /**
     * Where the next byte goes; valid if {@link #contiguousWritableBytes()} was not 0, until the next write or
     * callback.
     */
    long writeAddress();

    /**
     * Hands over bytes that were written in place.
     *
     * @throws IllegalArgumentException if {@code lengthBytes} is negative or more than
     *            {@link #contiguousWritableBytes()}
     */
    void commitWrite(int lengthBytes);

    /** Finishes this side: FIN follows what was written. Receiving goes on. */
    void shutdownOutput();

    /**
     * Says that nothing more is expected: data that comes after this side's FIN resets the connection, as after
     * {@link #close}. What comes before that is received as ever (Linux: SHUT_RD).
     */
    void shutdownInput();

    /**
     * Finishes both sides. What was written is still sent. If received data was not consumed, or more arrives, the peer
     * is told by a RST that it was lost (RFC 1122, 4.2.2.13). No callback but {@link TcpHandler#onClosed} follows.
     */
    void close();

    /** Ends the connection with a RST, at once: {@link TcpHandler#onClosed} is called before this returns. */
    void abort();

    /**
     * Within {@link TcpHandler#onReceive}: keeps the memory of the bytes that it was given, beyond the call. So they need not be copied
     * if they are wanted for longer. The buffer counts among those that unread data may hold ({@link
     * TcpSetting#MAX_RECEIVE_BUFFERS}), of which half at most can be kept this way.
     *
     * @return what {@link TcpStack#releaseReceived} must be given in the end, once for each call; {@link #NOT_KEPT} if too many
     *         buffers are held, or this one is shared, as between flows of one host: copy them
     * @throws IllegalStateException outside of {@code onReceive}
     */
    int keepReceived();

    /** Delivers again, at the stack's next {@link TcpStack#emit}, after a short {@link TcpHandler#onReceive}. */
    void resumeReceive();

    /**
     * {@link #resumeReceive()} at once: {@link TcpHandler#onReceive} is called before this returns, if something waits. For a reader that
     * was not called by the stack, but came by itself: not within a callback.
     *
     * @throws IllegalStateException within {@link TcpHandler#onReceive}
     */
    void receiveNow();

    /**
     * Whether small segments are sent although earlier ones are unacknowledged: Nagle's algorithm off. To switch it on
     * sends what waits, corked too (Linux: TCP_NODELAY).
     */
    void noDelay(boolean on);

    boolean noDelay();

    /** Whether an idle connection is probed (RFC 9293, 3.8.4). */
    void keepAlive(boolean on);

    boolean keepAlive();

    /** Other times and number of probes than configured. */
    void keepAliveTimes(long idleNs, long intervalNs, int probes);

    /** While on, only full segments are sent, for at most 200 ms (Linux: TCP_CORK). */
    void cork(boolean on);

    boolean cork();

    /** Acknowledges at once, until the flow is found to be a dialogue; off: delays at once (Linux: TCP_QUICKACK). */
    void quickAck(boolean on);

    /** @param timeoutNs that data may stay unacknowledged before the flow fails (RFC 5482); 0 for none */
    void userTimeoutNs(long timeoutNs);

    long userTimeoutNs();

    /**
     * What {@link #close} does (Linux: SO_LINGER): with 0 it resets at once; with a time it goes on in the background,
     * and resets if the peer hasn't acknowledged all by then.
     *
     * @param lingerNs or -1 for the default: to go on until the peer has acknowledged, or retransmission gives up
     */
    void lingerNs(long lingerNs);

    /**
     * How long this side waits for the peer's FIN after {@link #close} (Linux: TCP_LINGER2).
     *
     * @param waitNs 0 for {@link TcpSetting#FIN_WAIT_2_NS}; negative to reset instead of waiting
     * @throws IllegalArgumentException if it is longer than the setting may be
     */
    void finWait2Ns(long waitNs);

    /** Segments become no longer than {@code bytes}, from now on; 0 for what path and peer take. */
    void maxSegmentBytes(int bytes);

    /**
     * Keeps little waiting in the send buffer (Linux: TCP_NOTSENT_LOWAT): writes take nothing while so much is unsent,
     * and {@link TcpHandler#onWritable} comes when it is less than half.
     *
     * @param bytes unsent, or 0 for no limit
     */
    void notSentLowWaterBytes(int bytes);

    /** Fixes the send buffer, which ends its automatic growth. */
    void sendBufferBytes(int bytes);

    /** Fixes the receive buffer, which ends its automatic growth. */
    void receiveBufferBytes(int bytes);

    /** Other congestion control, from the present window on. */
    void congestionControl(CongestionAlgorithm algorithm);

    /** The algorithm's name. */
    String congestionControl();

    /** @param bytesPerSecond limit of the sending rate, or 0 for none */
    void maxPacingRate(long bytesPerSecond);

    /**
     * The six bits of differentiated services of packets to come (RFC 2474); the two of ECN are TCP's own.
     *
     * @throws IllegalArgumentException if it is not within 0..63
     */
    void differentiatedServices(int codePoint);

    /** Fills {@code into} with the flow's present values. */
    void info(TcpInfo into);

    boolean isOpen();

    /** Bytes received in order and not consumed: what {@link TcpHandler#onReceive} has yet to take. */
    int unreadBytes();

    /** The last ICMP error about this flow, believed or only noted; null if there was none. */
    TransportError lastTransportError();

    /** Bytes written and not yet acknowledged. */
    int unacknowledgedBytes();

    TcpState state();

    long localHigh();

    long localLow();

    int localPort();

    long remoteHigh();

    long remoteLow();

    int remotePort();

    Object attachment();

    void attachment(Object attachment);
}
