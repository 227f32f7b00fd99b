package io.netchannel.kernel.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.Needs;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.linux.PollLayout;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What this kernel lets us have. */
final class PressureEventsTest {

    private static final Path GROUPS = Path.of("/sys/fs/cgroup/memory");

    private final PressureEvents events = new PressureEvents();

    @AfterEach
    void close() {
        events.close();
    }

    private boolean isReadable() {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment entry = arena.allocate(PollLayout.ENTRY_BYTES, Long.BYTES);
            HostMemory.INSTANCE.putInt(entry.address() + PollLayout.FD_OFFSET, events.fd());
            HostMemory.INSTANCE.putShort(entry.address() + PollLayout.EVENTS_OFFSET, (short) PollLayout.POLLIN);
            return Linux.ppoll(entry.address(), 1, 0) > 0;
        }
    }

    /** A trigger is always readable; behind the epoll it isn't, or a loop would never sleep. */
    @Test
    void shouldNotBeReadableBecauseOfATriggerThatHasNotFired() {
        final Path file = Path.of("/proc/pressure/memory");
        Needs.need(Files.isWritable(file), "pressure stall information");
        try {
            events.addTrigger(file, 2_000_000_000L, 2_000_000_000L);
        } catch (final LinuxException refused) {
            Needs.need(false, "a trigger: " + refused.getMessage());
        }
        assertThat(events.fd()).isPositive();
        assertThat(isReadable()).isFalse();
        assertThat(events.take()).isFalse();
    }

    @Test
    void shouldTellWhenAGroupOfVersion1CrossesItsThreshold() throws IOException {
        Needs.need(Files.isWritable(GROUPS.resolve("cgroup.event_control")), "cgroup v1 and the right to make groups");
        final Path group = GROUPS.resolve("netchannel-test-" + ProcessHandle.current().pid());
        Files.createDirectory(group);
        try {
            final Path limit = group.resolve("memory.limit_in_bytes");
            Files.writeString(limit, Long.toString(64 << 20));
            events.addThreshold(group, 8 << 20);
            assertThat(isReadable()).isFalse();
            // Somebody in the group takes more than that: into a file of memory, which stays when it ends.
            final Path file = Path.of("/dev/shm/netchannel-test-" + ProcessHandle.current().pid());
            try {
                final Process child = new ProcessBuilder("sh", "-c", "echo $$ > " + group.resolve("cgroup.procs")
                        + " && exec dd if=/dev/zero of=" + file + " bs=1M count=16 status=none").start();
                assertThat(child.waitFor()).isZero();
                assertThat(isReadable()).isTrue();
                assertThat(events.take()).isTrue();
                assertThat(isReadable()).as("taken").isFalse();
            } catch (final InterruptedException e) {
                throw new IOException(e);
            } finally {
                Files.deleteIfExists(file);
            }
        } finally {
            Files.delete(group);
        }
    }
}
