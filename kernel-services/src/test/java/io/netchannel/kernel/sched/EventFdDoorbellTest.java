package io.netchannel.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.Allocations;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.OpenFlags;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EventFdDoorbellTest {

    @Test
    void shouldCountRingsUntilDrained() {
        try (EventFdDoorbell bell = new EventFdDoorbell()) {
            assertThat(bell.drain()).isZero();
            bell.ring();
            bell.ring();
            bell.ring();
            assertThat(bell.drain()).isEqualTo(3);
            assertThat(bell.drain()).isZero();
        }
    }

    @Test
    void shouldNotWriteToADescriptorThatIsNoLongerItsOwn() throws Exception {
        final EventFdDoorbell bell = new EventFdDoorbell();
        final int fd = bell.fd();
        bell.close();
        final int stranger = Linux.memfdCreate("stranger", 0);
        try {
            assertThat(stranger).as("the number is used again").isEqualTo(fd);
            bell.ring();
            bell.close();
            assertThat(bell.drain()).isZero();
            assertThat(Files.size(Path.of("/proc/self/fd/" + stranger))).isZero();
            assertThat(Linux.fcntl(stranger, OpenFlags.F_GETFL, 0)).isNotNegative();
        } finally {
            Linux.close(stranger);
        }
    }

    @Test
    void shouldSurviveRingsDuringClose() throws Exception {
        for (int round = 0; round < 200; round++) {
            final EventFdDoorbell bell = new EventFdDoorbell();
            final Thread ringer = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 50; i++) {
                    bell.ring();
                }
            });
            bell.close();
            final int stranger = Linux.memfdCreate("stranger", 0);
            ringer.join();
            assertThat(Files.size(Path.of("/proc/self/fd/" + stranger))).as("round %d", round).isZero();
            Linux.close(stranger);
        }
    }

    @Test
    void shouldAllocateNothing() {
        try (EventFdDoorbell bell = new EventFdDoorbell()) {
            assertThat(Allocations.leastBytes(() -> {
                for (int i = 0; i < 5_000; i++) {
                    bell.ring();
                    bell.drain();
                }
            })).isZero();
        }
    }
}
