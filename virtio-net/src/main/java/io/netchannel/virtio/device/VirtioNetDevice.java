package io.netchannel.virtio.device;

import static io.netchannel.virtio.net.DeviceStatus.*;

import io.netchannel.channels.flow.RssHash;
import io.netchannel.channels.flow.RssIndirection;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.virtio.net.Counters;
import io.netchannel.virtio.net.DeviceStatus;
import io.netchannel.virtio.net.FrameView;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.queue.DescriptorChain;
import io.netchannel.virtio.queue.PackedDeviceQueue;
import io.netchannel.virtio.queue.QueueConfig;
import io.netchannel.virtio.queue.SplitDeviceQueue;

/**
 * A network device as its driver sees it, in the shape of virtio-mmio (VirtIO 1.3, 4.2 and 5.1) but called as an
 * object: features, status, configuration space, queues, notifications, interrupts. The control queue is served here,
 * on the thread that notifies it; frames are moved by the {@link DeviceBackend}.
 *
 * <p>Queues (5.1.2): receive queue of pair i at 2 i, its transmit queue at 2 i + 1, the control queue behind those that
 * the driver can use.
 *
 * <p>Threading: status, features, queues and control: one thread at a time, the driver's control thread.
 * {@link #notifyQueue} of a data queue, {@link #linkUp}, {@link #isLinkUp}, {@link #mac}, {@link #status}, counters:
 * any. Wiring (backend, doorbells, steering): before the driver starts the device.
 */
public final class VirtioNetDevice {

    /** Longest chain that a queue may be set up for; also the most that one system call takes. */
    static final int MAX_CHAIN = 1024;

    private final VirtioNetDeviceConfig config;
    private final DeviceRegisters registers;
    private final QueueSlot[] slots;
    private final QueueSetup[] setups;
    private final ControlServer control;
    private RssHash rssHash;
    private RssIndirection rssIndirection;
    private DeviceBackend backend = new DeviceBackend() {
        @Override
        public void started(final long features) {
            // Frames go nowhere until a backend is wired up.
        }

        @Override
        public void queuePairs(final int active) {
            // Nor by how many queues.
        }

        @Override
        public void stopped() {
            // Nothing was started.
        }
    };
    private Doorbell configInterrupt = Doorbell.NONE;
    private long offeredFeatures;
    private long chosenFeatures;
    private String featureFault;
    private int receivePorts;

    private record QueueSetup(QueueConfig config, Doorbell interrupt) {
    }

    public VirtioNetDevice(final VirtioNetDeviceConfig config) {
        this.config = config;
        this.offeredFeatures = config.features();
        final int queues = 2 * config.queuePairs() + 1;
        registers = new DeviceRegisters(queues);
        registers.initialize(config.mac(), config.queuePairs(), config.mtuBytes());
        registers.receiveModes(DeviceRegisters.PROMISCUOUS);
        slots = new QueueSlot[queues];
        setups = new QueueSetup[queues];
        for (int i = 0; i < queues; i++) {
            slots[i] = new QueueSlot(this, registers, i);
        }
        control = new ControlServer(this, registers);
    }

    // -- registers: what a driver sees

    public long offeredFeatures() {
        return offeredFeatures;
    }

    /** Offers less than it was configured to, because the backend lacks it; before a driver looks. */
    void withdraw(final long features) {
        offeredFeatures = VirtioFeature.withoutUnsatisfied(offeredFeatures & ~features);
    }

    /** Takes effect when FEATURES_OK is set, if the device agrees. */
    public void chooseFeatures(final long features) {
        if ((registers.status() & FEATURES_OK) == 0) {
            chosenFeatures = features;
        }
    }

    /** Why FEATURES_OK was refused last, or null. */
    public String featureFault() {
        return featureFault;
    }

    public int status() {
        return registers.status();
    }

    /**
     * Writes the device status: adds bits, or resets with 0. FEATURES_OK and DRIVER_OK do not stick if the device does
     * not agree, and the driver must read them back (3.1.1).
     */
    public void writeStatus(final int status) {
        if (status == RESET) {
            reset();
            return;
        }
        final int before = registers.status();
        int added = status & ~before & (ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK | FAILED);
        if ((added & FEATURES_OK) != 0) {
            featureFault = VirtioFeature.fault(offeredFeatures, chosenFeatures);
            added &= featureFault == null ? added : ~FEATURES_OK;
        }
        final boolean starts = (added & DRIVER_OK) != 0;
        if (starts && !canStart(before | added)) {
            added &= ~DRIVER_OK;
        }
        registers.addStatus(added);
        if ((added & DRIVER_OK) != 0) {
            start();
        }
    }

    private boolean canStart(final int status) {
        final int needed = ACKNOWLEDGE | DRIVER | FEATURES_OK;
        return (status & needed) == needed && setups[0] != null && setups[1] != null;
    }

    private void start() {
        registers.activeQueuePairs(1);
        for (int i = 0; i < slots.length; i++) {
            if (setups[i] != null) {
                final QueueConfig queue = setups[i].config();
                slots[i].start(
                        VirtioFeature.RING_PACKED.in(chosenFeatures)
                                ? new PackedDeviceQueue(queue)
                                : new SplitDeviceQueue(queue),
                        new DescriptorChain(queue.maxChain()), setups[i].interrupt());
            }
        }
        backend.started(chosenFeatures);
        backend.queuePairs(1);
        notifyBackend();
    }

    private void reset() {
        for (int i = 0; i < slots.length; i++) {
            slots[i].stop();
            setups[i] = null;
        }
        registers.activeQueuePairs(0);
        registers.receiveModes(DeviceRegisters.PROMISCUOUS);
        registers.mac(config.mac());
        chosenFeatures = 0;
        configInterrupt = Doorbell.NONE;
        registers.status(RESET);
        backend.stopped();
        notifyBackend();
    }

    // Backends that are parked over these queues must look again at what has become of them.
    private void notifyBackend() {
        for (int i = 0; i < 2 * config.queuePairs(); i++) {
            slots[i].notifyBackend();
        }
    }

    /** Changes with every change of the configuration space (2.5.1). */
    public int configGeneration() {
        return registers.generation();
    }

    public long mac() {
        return registers.mac();
    }

    public boolean isLinkUp() {
        return registers.isLinkUp();
    }

    public int maxQueuePairs() {
        return registers.maxQueuePairs();
    }

    public int mtuBytes() {
        return registers.mtuBytes();
    }

    public int maxQueueSize() {
        return config.maxQueueSize();
    }

    /** Index of the control queue: behind all queue pairs with MQ, else behind the first (5.1.2). */
    public static int controlQueueIndex(final long features, final int maxQueuePairs) {
        return VirtioFeature.MQ.in(features) ? 2 * maxQueuePairs : 2;
    }

    /**
     * Sets up a queue, between FEATURES_OK and DRIVER_OK.
     *
     * @param interrupt rung on the backend's thread when chains have been used and the driver wants to know
     */
    public void configureQueue(final int index, final QueueConfig queue, final Doorbell interrupt) {
        if ((registers.status() & (FEATURES_OK | DRIVER_OK)) != FEATURES_OK) {
            throw new IllegalStateException("queue " + index + " can't be set up in status "
                    + DeviceStatus.toString(registers.status()));
        }
        if (index < 0 || index >= slots.length) {
            throw new IllegalArgumentException("queue=" + index + " is not within 0.." + (slots.length - 1));
        }
        if (queue.size() > config.maxQueueSize()) {
            throw new IllegalArgumentException(
                    "queue size=" + queue.size() + " > maxQueueSize=" + config.maxQueueSize());
        }
        if (queue.maxChain() < 1 || queue.maxChain() > MAX_CHAIN) {
            throw new IllegalArgumentException("maxChain=" + queue.maxChain() + " is not within 1.." + MAX_CHAIN);
        }
        setups[index] = new QueueSetup(queue, interrupt);
    }

    /** @param doorbell rung on any thread when the link status or the device status has changed */
    public void configInterrupt(final Doorbell doorbell) {
        configInterrupt = doorbell;
    }

    /** The driver has put chains into a queue. */
    public void notifyQueue(final int index) {
        if (index == controlQueueIndex(chosenFeatures, config.queuePairs())
                && VirtioFeature.CTRL_VQ.in(chosenFeatures)) {
            control.serve(slots[index]);
        } else {
            slots[index].notifyBackend();
        }
    }

    // -- the backend's side

    /** @param newBackend told when a driver starts and resets the device */
    void backend(final DeviceBackend newBackend) {
        backend = newBackend;
    }

    /**
     * Spreads what this device receives over its active queue pairs; without, all goes to the first.
     *
     * @param hash and {@code indirection}: the driver's, so that both sides agree on whose a flow is
     */
    public void steering(final RssHash hash, final RssIndirection indirection) {
        rssHash = hash;
        rssIndirection = indirection;
    }

    /** @param pairs active ones */
    int queuePairOf(final FrameView frame, final int pairs, final ReceiveSteering parser) {
        return pairs == 1 || rssHash == null ? 0 : parser.queuePair(frame, rssHash, rssIndirection) % pairs;
    }

    VirtioNetDeviceConfig config() {
        return config;
    }

    /** What was negotiated; for the thread that holds one of the slots. */
    long features() {
        return chosenFeatures;
    }

    /** Called when a backend is wired up, before any loop runs. @return number of the port, from 0 */
    int addReceivePort() {
        return receivePorts++;
    }

    QueueSlot receiveSlot(final int pair) {
        return slots[2 * pair];
    }

    QueueSlot transmitSlot(final int pair) {
        return slots[2 * pair + 1];
    }

    void activateQueuePairs(final int pairs) {
        registers.activeQueuePairs(pairs);
        backend.queuePairs(pairs);
        notifyBackend();
    }

    int activeQueuePairs() {
        return registers.activeQueuePairs();
    }

    /** Whether a frame to this address is for the driver, by its receive modes (5.1.6.5.1, 5.1.6.5.2). */
    boolean accepts(final long destination) {
        final int modes = registers.receiveModes();
        if ((modes & DeviceRegisters.PROMISCUOUS) != 0 || destination == 0xFFFF_FFFF_FFFFL) {
            return true;
        }
        if ((destination >>> 40 & 1) != 0) {
            return (modes & DeviceRegisters.ALL_MULTICAST) != 0;
        }
        return destination == registers.mac();
    }

    /** Sets the link status, and interrupts the driver if that is news to it. */
    public void linkUp(final boolean up) {
        if (registers.linkUp(up)) {
            configInterrupt.ring();
        }
    }

    /** The driver broke a rule that only a reset repairs. */
    void needsReset() {
        if ((registers.addStatus(NEEDS_RESET) & NEEDS_RESET) == 0) {
            configInterrupt.ring();
        }
    }

    public Counters<DeviceCounter> receiveCounters(final int pair) {
        return receiveSlot(pair).counters();
    }

    public Counters<DeviceCounter> transmitCounters(final int pair) {
        return transmitSlot(pair).counters();
    }
}
