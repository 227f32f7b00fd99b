package io.netchannel.virtio.device;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.explore.WeakenedMemory;
import io.netchannel.cpu.rewrite.ModelledClassLoader;
import io.netchannel.cpu.rewrite.ModelledProgram;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.virtio.queue.DescriptorChain;
import io.netchannel.virtio.queue.DeviceQueue;
import io.netchannel.virtio.queue.QueueConfig;
import io.netchannel.virtio.queue.RegionAddressSpace;
import io.netchannel.virtio.queue.SplitDeviceQueue;
import io.netchannel.virtio.queue.SplitQueueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The claim of a device queue, in every execution that the CPUs allow: one thread at a time, and nobody after stop(). */
final class QueueSlotModelTest {

    private static Program program(final Class<? extends ModelledProgram> type) {
        // Whole packages, with what only they see. The plain fields of slot and queue are shared, and a race on them is found.
        return new ModelledClassLoader(QueueSlotModelTest.class.getClassLoader())
                .rewrite("io.netchannel.virtio.device.").rewrite("io.netchannel.virtio.queue.").newProgram(type);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldHaveOneHolderAtATime(final MemoryModel model) {
        Explorer.check(program(TwoBackends.class), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldHaveNoHolderOnceStopped(final MemoryModel model) {
        Explorer.check(program(Reset.class), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldShareTheQueueIfTheClaimIsNotReleased(final MemoryModel model) {
        Explorer.check(program(Unreleased.class), model).finds("data race");
    }

    /** A slot with an empty queue, whose plain fields and whose driver's memory its holder touches when it looks. */
    abstract static class SlotProgram implements ModelledProgram {

        static final int SIZE = 2;

        final QueueSlot[] slot = new QueueSlot[1];
        final long[] driverArea = new long[2];
        final DeviceQueue[] queues = new DeviceQueue[2];
        final DescriptorChain[] chains = {new DescriptorChain(1), new DescriptorChain(1)};

        OrderedMemory over(final ModelledMemory memory, final long registers) {
            return memory;
        }

        final Program withSlot(final ModelledClassLoader loader) {
            final Program program = Program.named("queue slot").heapWords(64);
            final long registers = program.allocate("registers", DeviceRegisters.sizeBytes(1), 128);
            final long area = program.allocate("areas", 4096, 4096);
            return program.setup(memory -> {
                loader.use(memory);
                for (int i = 0; i < queues.length; i++) {
                    final long first = area + i * 1024L;
                    driverArea[i] = first + 256;
                    queues[i] = new SplitDeviceQueue(new QueueConfig(memory,
                            new RegionAddressSpace(area, 4096, 1L << 40), SIZE, first, driverArea[i], first + 512,
                            false, false, 0, 1));
                    memory.heap().handle(queues[i]);
                    memory.heap().handle(chains[i]);
                }
                slot[0] = new QueueSlot(null, new DeviceRegisters(over(memory, registers), registers), 0);
                slot[0].start(queues[0], chains[0], Doorbell.NONE);
            });
        }

        /** A backend that looks for work, and waits for room: it reads the driver's memory and stores to the slot. */
        final void burst(final ModelledThread t) {
            if (slot[0].tryClaim()) {
                t.assertThat(!slot[0].hasWork(), "there is work");
                slot[0].addRoomWaiter(1);
                slot[0].release();
            }
        }
    }

    static class TwoBackends extends SlotProgram {

        @Override
        public final Program program(final ModelledClassLoader loader) {
            return withSlot(loader).thread("first backend", this::burst).thread("second backend", this::burst);
        }
    }

    static final class Unreleased extends TwoBackends {

        @Override
        OrderedMemory over(final ModelledMemory memory, final long registers) {
            return WeakenedMemory.of(memory).weakStores(registers, DeviceRegisters.sizeBytes(1), AccessMode.OPAQUE);
        }
    }

    /** The driver resets the device, uses its memory for something else, and starts the device with another queue. */
    static final class Reset extends SlotProgram {

        @Override
        public Program program(final ModelledClassLoader loader) {
            return withSlot(loader).thread("backend", this::burst).thread("driver", t -> {
                slot[0].stop();
                t.assertThat(!slot[0].tryClaim(), "stopped, but claimed");
                t.memory().putShort(driverArea[0] + SplitQueueLayout.AVAILABLE_INDEX_OFFSET, (short) 1);
                slot[0].start(queues[1], chains[1], Doorbell.NONE);
            });
        }
    }
}
