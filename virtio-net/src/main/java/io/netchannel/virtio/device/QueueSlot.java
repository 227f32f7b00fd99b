package io.netchannel.virtio.device;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.virtio.net.Counters;
import io.netchannel.virtio.queue.DescriptorChain;
import io.netchannel.virtio.queue.DeviceQueue;

/**
 * One queue of a device, and the right to touch it.
 *
 * <p>A backend claims the slot for a burst and releases it afterwards. So the queue has one thread at a time, whichever
 * pollers lead to it, and a reset that takes the claim for good knows that nobody touches the driver's memory any more.
 * Claims are only ever tried, never waited for, but by {@link #stop}.
 *
 * <pre>
 *            start                 tryClaim
 *   DOWN ───────────▶ FREE ─────────────────▶ BUSY
 *    ▲                │  ▲                     │
 *    └───── stop ─────┘  └────── release ──────┘
 * </pre>
 *
 * <p>Threading: {@code start}, {@code stop}: the driver's control thread; {@code tryClaim}, {@code isUp}: any; the
 * rest: the thread that holds the claim.
 */
final class QueueSlot {

    private static final int DOWN = 0;
    private static final int FREE = 1;
    private static final int BUSY = 2;

    private final OrderedMemory memory;
    private final long claimAddress;
    private final VirtioNetDevice device;
    private final Counters<DeviceCounter> counters = new Counters<>(DeviceCounter.class);

    // Written while DOWN, or by the holder.
    private DeviceQueue queue;
    private DescriptorChain chain;
    private Doorbell interrupt = Doorbell.NONE;
    private boolean completed;
    private boolean notificationsEnabled;
    private int starts;
    // One bit for each port that waits for receive buffers and sleeps on the driver's notification.
    private long roomWaiters;

    // Written when the backend is wired up, before any loop runs.
    private Doorbell notification = Doorbell.NONE;

    QueueSlot(final VirtioNetDevice device, final DeviceRegisters registers, final int index) {
        this.device = device;
        this.memory = registers.memory();
        this.claimAddress = registers.claimAddress(index);
    }

    // -- the transport's side

    void start(final DeviceQueue newQueue, final DescriptorChain newChain, final Doorbell newInterrupt) {
        queue = newQueue;
        chain = newChain;
        interrupt = newInterrupt;
        completed = false;
        notificationsEnabled = true;
        roomWaiters = 0;
        starts++;
        // Pairs with the compare-and-set in tryClaim: whoever sees FREE sees the queue. Essay 6.
        memory.putIntRelease(claimAddress, FREE);
    }

    /** Returns when nobody touches the queue, and nobody can from now on. */
    void stop() {
        while (memory.getIntAcquire(claimAddress) != DOWN && !memory.compareAndSetInt(claimAddress, FREE, DOWN)) {
            // A burst is under way on another thread; it is bounded.
            Thread.yield();
        }
    }

    void notification(final Doorbell doorbell) {
        notification = doorbell;
    }

    /** The driver has put chains into the queue, on its own thread. */
    void notifyBackend() {
        notification.ring();
    }

    // -- the backend's side

    boolean isUp() {
        return memory.getIntAcquire(claimAddress) != DOWN;
    }

    /** @return false if the queue is not set up, or another thread holds it */
    boolean tryClaim() {
        return memory.getIntOpaque(claimAddress) == FREE && memory.compareAndSetInt(claimAddress, FREE, BUSY);
    }

    /** Publishes what was completed, interrupts the driver if it wants that, and gives up the claim. */
    void release() {
        boolean ring = false;
        final Doorbell bell = interrupt;
        try {
            if (completed) {
                completed = false;
                queue.publish();
                ring = queue.needsInterrupt();
                counters.increment(ring ? DeviceCounter.INTERRUPTS : DeviceCounter.SUPPRESSED_INTERRUPTS);
            }
        } finally {
            // Pairs with tryClaim: the next holder sees what this one did to the queue's own fields. Were the claim
            // kept, stop() would wait for ever. Essay 6.
            memory.putIntRelease(claimAddress, FREE);
        }
        if (ring) {
            bell.ring();
        }
    }

    /** Takes the next chain into {@link #chain()}; see {@link DeviceQueue#next}. */
    int next() {
        final int id = queue.next(chain.clear());
        if (id == DeviceQueue.BROKEN) {
            device.needsReset();
        }
        return id;
    }

    /** How often the queue has been set up: whether what is in it belongs to the same driver as before. */
    int starts() {
        return starts;
    }

    DescriptorChain chain() {
        return chain;
    }

    void complete(final int id, final int writtenBytes) {
        queue.complete(id, writtenBytes);
        completed = true;
    }

    void putBack(final int count) {
        queue.putBack(count);
    }

    /** @return whether the driver has broken the rules of the ring: nothing moves until it resets the device */
    boolean isBroken() {
        return queue.violation() != null;
    }

    boolean hasWork() {
        return !isBroken() && queue.hasAvailable();
    }

    /** @return whether there is work already */
    boolean enableNotifications() {
        queue.enableNotifications();
        notificationsEnabled = true;
        return hasWork();
    }

    void disableNotifications() {
        if (notificationsEnabled) {
            queue.disableNotifications();
            notificationsEnabled = false;
        }
    }

    void addRoomWaiter(final long portBit) {
        roomWaiters |= portBit;
    }

    /** @return whether no other port sleeps on a notification for this queue */
    boolean removeRoomWaiter(final long portBit) {
        roomWaiters &= ~portBit;
        return roomWaiters == 0;
    }

    Counters<DeviceCounter> counters() {
        return counters;
    }
}
