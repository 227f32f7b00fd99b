package io.netchannel.node;

import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.Priority;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.virtio.device.ImpairmentConfig;
import io.netchannel.virtio.device.Switch;
import io.netchannel.virtio.device.SwitchConfig;
import io.netchannel.virtio.device.VirtioNetDevice;

/**
 * A learning switch between any number of nodes of one process. Open the nodes on its ports, then start the switch, then the
 * nodes; close it last.
 *
 * <p>It has a loop of its own; or none, in virtual time, where {@link #turn} is the loop.
 *
 * <p>Threading: control calls, from the thread that opens, starts and closes the nodes.
 */
public final class NodeSwitch implements AutoCloseable {

    private final Switch fabric;
    private final int mtuBytes;
    private final RunLoop loop = RunLoop.builder("switch").daemon(true).build();
    private boolean running;

    public NodeSwitch(final SwitchConfig config, final int mtuBytes) {
        this.fabric = new Switch(config);
        this.mtuBytes = mtuBytes;
        fabric.wake(loop.wakeWord()::signal);
        loop.add(fabric, Priority.DATAPLANE);
    }

    /** 1,024 addresses, an MTU of 1500. */
    public static NodeSwitch open() {
        return new NodeSwitch(SwitchConfig.defaults(), NodeWire.DEFAULT_MTU_BYTES);
    }

    /** A port for one node. */
    public NodeLink newPort() {
        return new Port(null);
    }

    /** @param towardsNode what happens to frames on their way from the switch to the node */
    public NodeLink newPort(final ImpairmentConfig towardsNode) {
        return new Port(towardsNode);
    }

    public void start() {
        running = true;
        loop.start();
    }

    /**
     * One turn of a switch that was not started.
     *
     * @return units of work done
     */
    public int turn(final long nowNs) {
        running = true;
        return loop.runOnce(nowNs);
    }

    /** When {@link #turn} is wanted even if no node sends. */
    public long nextDeadlineNs() {
        return fabric.nextDeadlineNs();
    }

    @Override
    public void close() {
        loop.close();
    }

    private final class Port implements NodeLink {

        private final ImpairmentConfig towardsNode;
        private boolean attached;

        private Port(final ImpairmentConfig towardsNode) {
            this.towardsNode = towardsNode;
        }

        @Override
        public int mtuBytes() {
            return mtuBytes;
        }

        @Override
        public void attach(final VirtioNetDevice device) {
            if (attached || running) {
                throw new IllegalStateException(
                        attached ? "this port has a node already" : "the switch runs; open its nodes before");
            }
            attached = true;
            fabric.addPort(device, towardsNode);
        }

        /** The switch's loop does the work for all ports. */
        @Override
        public Poller poller(final int queuePair) {
            return nowNs -> 0;
        }

        @Override
        public void wake(final int queuePair, final Doorbell doorbell) {
            // Nothing for this loop to do.
        }

        @Override
        public void close() {
            // The device is reset: the switch can't claim its queues any more.
        }
    }
}
