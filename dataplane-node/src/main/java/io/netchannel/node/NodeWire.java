package io.netchannel.node;

import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.virtio.device.VirtioNetDevice;
import io.netchannel.virtio.device.Wire;
import io.netchannel.virtio.device.WireConfig;

/**
 * A cable between two nodes of one process. Open both nodes, then start them.
 *
 * <p>Threading: as {@link NodeLink}; both ends from the same thread.
 */
public final class NodeWire {

    /** Ethernet's; both ends must agree, and nothing between them cares. */
    public static final int DEFAULT_MTU_BYTES = 1500;

    private final WireConfig config;
    private final int mtuBytes;
    private final End a = new End();
    private final End b = new End();
    private Wire wire;

    public NodeWire(final WireConfig config, final int mtuBytes) {
        this.config = config;
        this.mtuBytes = mtuBytes;
    }

    /** A wire that loses nothing. */
    public static NodeWire lossless() {
        return new NodeWire(WireConfig.lossless(), DEFAULT_MTU_BYTES);
    }

    public NodeLink a() {
        return a;
    }

    public NodeLink b() {
        return b;
    }

    private final class End implements NodeLink {

        private VirtioNetDevice device;

        @Override
        public int mtuBytes() {
            return mtuBytes;
        }

        @Override
        public void attach(final VirtioNetDevice own) {
            if (device != null) {
                throw new IllegalStateException("this end of the wire has a node already");
            }
            device = own;
            if (a.device != null && b.device != null) {
                wire = new Wire(a.device, b.device, config);
            }
        }

        private Wire wire() {
            if (wire == null) {
                throw new IllegalStateException("the wire has one end only; open both nodes before you start one");
            }
            return wire;
        }

        @Override
        public Poller poller(final int queuePair) {
            return wire().lane(device, queuePair);
        }

        @Override
        public void wake(final int queuePair, final Doorbell doorbell) {
            wire().wake(device, queuePair, doorbell);
        }

        @Override
        public void close() {
            // The devices are reset; a wire holds nothing of its own.
        }
    }
}
