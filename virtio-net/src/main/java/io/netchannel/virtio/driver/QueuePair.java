package io.netchannel.virtio.driver;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.channels.PacketSink;
import io.netchannel.channels.TxPort;
import io.netchannel.virtio.net.Counters;

/**
 * A receive queue and a transmit queue, for one loop.
 *
 * <p>Each turn: {@link #pollReceive}, {@link #reclaimTransmitted}; the stack transmits and calls {@link #flush}. Before
 * the loop parks: {@link #arm}; when it runs again: {@link #disarm}. {@link ReceivePoller} does that.
 *
 * <p>Threading: one thread, the one whose pool it was bound to; counters any.
 */
public final class QueuePair implements TxPort {

    private final int index;
    private final ReceiveQueue receive;
    private final TransmitQueue transmit;
    private final LinkCapabilities capabilities;
    private final Counters<DriverCounter> counters;

    QueuePair(final int index, final ReceiveQueue receive, final TransmitQueue transmit,
            final LinkCapabilities capabilities, final Counters<DriverCounter> counters) {
        this.index = index;
        this.receive = receive;
        this.transmit = transmit;
        this.capabilities = capabilities;
        this.counters = counters;
    }

    public int index() {
        return index;
    }

    /**
     * Takes received frames, at most {@code budget}, hands over those that are good, ends the burst, refills the queue.
     *
     * @return frames taken, dropped ones included
     */
    public int pollReceive(final PacketSink sink, final int budget) {
        return receive.poll(sink, budget);
    }

    /**
     * Releases the packets that have been sent.
     *
     * @return how many
     */
    public int reclaimTransmitted() {
        return transmit.reclaim();
    }

    /** Frames of the largest number of slices that fit; more of fewer slices may. */
    @Override
    public int space() {
        return transmit.space();
    }

    @Override
    public boolean transmit(final long packet) {
        return transmit.transmit(packet);
    }

    @Override
    public void flush() {
        transmit.flush();
    }

    @Override
    public LinkCapabilities capabilities() {
        return capabilities;
    }

    /** Whether there is something to receive, or sent packets to release. */
    public boolean hasWork() {
        return receive.hasUsed() || transmit.hasUsed();
    }

    /**
     * Asks for interrupts: of the receive queue, and of the transmit queue if it was full.
     *
     * @return false if there is work already
     */
    public boolean arm() {
        return !receive.enableInterrupts() & !transmit.enableInterruptsIfWanted();
    }

    public void disarm() {
        receive.disableInterrupts();
        transmit.disableInterrupts();
    }

    public Counters<DriverCounter> counters() {
        return counters;
    }

    /** Fills the receive queue for the first time. */
    void start() {
        disarm();
        receive.refill();
    }

    /** After reset: gives all buffers back. */
    void reclaim() {
        receive.reclaim();
        transmit.reclaimAll();
    }
}
