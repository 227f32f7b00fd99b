package io.netchannel.virtio.device;

import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.virtio.net.FrameTarget;
import java.util.ArrayList;
import java.util.List;

/**
 * A learning switch with a device at each port (IEEE 802.1Q, 8.6–8.8, without VLANs or spanning tree): a frame goes to
 * the port at which its destination was last heard, or to all others; never back to where it came from.
 *
 * <p>Threading: one thread polls it; ports are added before.
 */
public final class Switch implements Poller {

    private static final int BURST = 64;
    private static final long GROUP_BIT = 1L << 40;

    private final SwitchConfig config;
    private final MacTable table;
    private final List<Port> ports = new ArrayList<>();
    private Port[] portArray = new Port[0];
    private Doorbell doorbell = Doorbell.NONE;

    private record Port(int number, TransmitReader[] readers, ReceivePort receive, Impairment egress) {
    }

    public Switch(final SwitchConfig config) {
        this.config = config;
        this.table = new MacTable(config.macTableEntries(), config.ageingNs());
    }

    /** @return number of the port */
    public int addPort(final VirtioNetDevice device) {
        return addPort(device, null);
    }

    /**
     * @param egress what happens to frames to this device, or null for nothing
     * @return number of the port
     */
    public int addPort(final VirtioNetDevice device, final ImpairmentConfig egress) {
        final TransmitReader[] readers = new TransmitReader[device.maxQueuePairs()];
        for (int i = 0; i < readers.length; i++) {
            readers[i] = new TransmitReader(device, i);
            device.transmitSlot(i).notification(this::ring);
            device.receiveSlot(i).notification(this::ring);
        }
        final int number = ports.size();
        ports.add(new Port(number, readers, new ReceivePort(device),
                egress == null ? null : new Impairment(egress, device.mtuBytes())));
        portArray = ports.toArray(new Port[0]);
        return number;
    }

    /** @param newDoorbell wakes the loop that polls the switch */
    public void wake(final Doorbell newDoorbell) {
        doorbell = newDoorbell;
    }

    private void ring() {
        doorbell.ring();
    }

    /** What the impairment towards a port has done, or null if there is none. */
    public Impairment impairment(final int port) {
        return portArray[port].egress();
    }

    /** The port at which an address is known, or -1. For the thread that polls. */
    public int portOf(final long mac, final long nowNs) {
        return table.portOf(mac, nowNs);
    }

    @Override
    public int poll(final long nowNs) {
        int work = 0;
        try {
            for (final Port port : portArray) {
                for (final TransmitReader reader : port.readers()) {
                    work += poll(port, reader, nowNs);
                }
            }
            for (final Port port : portArray) {
                if (port.egress() != null) {
                    work += port.egress().deliver(nowNs, port.receive());
                }
            }
        } finally {
            for (final Port port : portArray) {
                port.receive().release();
            }
        }
        return work;
    }

    private int poll(final Port from, final TransmitReader reader, final long nowNs) {
        if (!reader.claim()) {
            return 0;
        }
        try {
            return carry(from, reader, nowNs);
        } finally {
            reader.release();
        }
    }

    private int carry(final Port from, final TransmitReader reader, final long nowNs) {
        int done = 0;
        for (int left = BURST; left > 0;) {
            final int taken = reader.next(left);
            left -= Math.abs(taken);
            if (taken >= 0) {
                return done + taken;
            }
            if (!forward(from, reader, nowNs)) {
                return done - taken - 1;
            }
            done -= taken;
        }
        return done;
    }

    /** @return false if the frame must wait */
    private boolean forward(final Port from, final TransmitReader reader, final long nowNs) {
        if (reader.source() != 0 && (reader.source() & GROUP_BIT) == 0) {
            table.learn(reader.source(), from.number(), nowNs);
        }
        final boolean group = (reader.destination() & GROUP_BIT) != 0;
        final int known = group ? MacTable.UNKNOWN : table.portOf(reader.destination(), nowNs);
        if (known == MacTable.UNKNOWN) {
            flood(from, reader, nowNs);
        } else if (known == from.number()) {
            reader.drop(DeviceCounter.DROPPED_FILTERED);
        } else {
            final Port to = portArray[known];
            final int answer = deliver(to, reader, nowNs);
            if (answer == FrameTarget.NO_ROOM && reader.waits() < config.maxWaitPolls()) {
                reader.putBack(to.receive());
                return false;
            }
            if (answer == FrameTarget.READY) {
                reader.done();
            } else {
                reader.dropFor(answer);
            }
        }
        return true;
    }

    private void flood(final Port from, final TransmitReader reader, final long nowNs) {
        for (final Port to : portArray) {
            if (to != from) {
                reader.copier().forget();
                if (deliver(to, reader, nowNs) == FrameTarget.NO_ROOM) {
                    reader.slot().counters().increment(DeviceCounter.DROPPED_NO_BUFFER);
                }
            }
        }
        reader.copier().forget();
        reader.done();
    }

    private static int deliver(final Port to, final TransmitReader reader, final long nowNs) {
        return to.egress() == null
                ? to.receive().deliver(reader.frame(), reader.header(), reader.destination(), reader.copier())
                : to.egress().offer(reader.frame(), reader.header(), reader.copier(), nowNs);
    }

    @Override
    public boolean arm() {
        for (final Port port : portArray) {
            for (final TransmitReader reader : port.readers()) {
                // The limit on waiting counts polls, so there must be some.
                if (reader.isWaiting() || !reader.arm()) {
                    return false;
                }
            }
            if (port.egress() != null && !port.egress().arm(port.receive())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public long nextDeadlineNs() {
        long deadlineNs = NO_DEADLINE;
        for (final Port port : portArray) {
            if (port.egress() != null) {
                deadlineNs = Math.min(deadlineNs, port.egress().nextDeadlineNs());
            }
        }
        return deadlineNs;
    }
}
