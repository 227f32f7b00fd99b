package io.netchannel.tcpip.capture;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.channels.TxPort;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.tcpip.wire.IpProtocol;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a stack shows its frames: itself the port that it sends by, and told of what it receives.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class CapturePoint implements TxPort {

    private final TxPort port;
    private final PacketMemory packets;
    private final boolean showsCopies;
    private final FrameSummary summary = new FrameSummary();
    private CaptureBuffer[] buffers = {};
    private boolean active;
    private long nowNs;

    /**
     * @param showsCopies of a station's stacks one: control packets come to every one of them, and are shown by this
     */
    public CapturePoint(final TxPort port, final PacketMemory packets, final boolean showsCopies) {
        this.port = port;
        this.packets = packets;
        this.showsCopies = showsCopies;
    }

    /** Shows frames to a buffer from here on. */
    public void attach(final CaptureBuffer buffer) {
        final List<CaptureBuffer> all = new ArrayList<>(List.of(buffers));
        all.add(buffer);
        use(all);
    }

    /** Does nothing if it is not attached. */
    public void detach(final CaptureBuffer buffer) {
        final List<CaptureBuffer> all = new ArrayList<>(List.of(buffers));
        if (all.remove(buffer)) {
            buffer.flush();
            use(all);
        }
    }

    private void use(final List<CaptureBuffer> all) {
        buffers = all.toArray(CaptureBuffer[]::new);
        active = buffers.length > 0;
    }

    /** The time of frames until the next call. */
    public void beginTurn(final long turnNs) {
        nowNs = turnNs;
    }

    public boolean isActive() {
        return active;
    }

    /** A frame came in. */
    public void received(final long packet) {
        if (!showsCopies && isCopied(packet)) {
            return;
        }
        show(packet, false);
    }

    /** Whether the dispatcher gave it to every stack of the station. */
    private boolean isCopied(final long packet) {
        summary.read(packets.memory(), packets.address(packet), PacketHandle.lengthBytes(packet));
        return summary.toGroup || summary.fragment
                || summary.protocol != IpProtocol.TCP && summary.protocol != IpProtocol.UDP;
    }

    private void show(final long packet, final boolean outbound) {
        for (final CaptureBuffer buffer : buffers) {
            buffer.offer(packets, packet, outbound, nowNs);
        }
    }

    // -- the port

    @Override
    public int space() {
        return port.space();
    }

    @Override
    public boolean transmit(final long packet) {
        // Before: afterwards the packet is the device's.
        if (active && port.space() > 0) {
            show(packet, true);
        }
        return port.transmit(packet);
    }

    @Override
    public void flush() {
        if (active) {
            for (final CaptureBuffer buffer : buffers) {
                buffer.flush();
            }
        }
        port.flush();
    }

    @Override
    public LinkCapabilities capabilities() {
        return port.capabilities();
    }
}
