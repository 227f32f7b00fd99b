package io.netchannel.virtio.device;

import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.Program;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The registers of a device, which the driver's control thread and backends change, in every execution that the CPUs allow. */
final class DeviceRegistersModelTest {

    private static final long OLD_MAC = 0x02_00_00_00_00_01L;
    private static final long NEW_MAC = 0x02_FF_FF_FF_FF_02L;

    private final Program program = Program.named("device registers");
    private final long address = program.allocate("registers", DeviceRegisters.sizeBytes(1), 128);
    private final DeviceRegisters[] registers = new DeviceRegisters[1];

    DeviceRegistersModelTest() {
        program.setup(memory -> {
            registers[0] = new DeviceRegisters(memory, address);
            registers[0].initialize(OLD_MAC, 1, 1500);
        });
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldLoseNoChangeOfTheConfiguration(final MemoryModel model) {
        program.thread("driver", t -> registers[0].mac(NEW_MAC));
        program.thread("backend", t -> t.assertThat(registers[0].linkUp(false), "the link was up"));
        program.thread("monitor", t -> {
            final int generation = registers[0].generation();
            final long mac = registers[0].mac();
            t.assertThat(mac == OLD_MAC || mac == NEW_MAC, "half of an address");
            t.assertThat(generation < 2 || mac == NEW_MAC && !registers[0].isLinkUp(),
                    "the generation is ahead of what it counts");
        });
        program.finally_((results, memory) -> {
            results.put("mac", registers[0].mac());
            results.put("generation", registers[0].generation());
            if (registers[0].mac() != NEW_MAC || registers[0].isLinkUp() || registers[0].generation() != 2) {
                throw new AssertionError("a change is lost");
            }
        });
        Explorer.check(program, model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldLoseNoBitOfTheStatus(final MemoryModel model) {
        program.thread("driver", t -> registers[0].addStatus(4));
        program.thread("backend", t -> registers[0].addStatus(64));
        program.finally_((results, memory) -> {
            if (registers[0].status() != 68) {
                throw new AssertionError("status=" + registers[0].status());
            }
        });
        Explorer.check(program, model).assertHolds();
    }
}
