package io.netchannel.kernel.pressure;

import io.netchannel.kernel.linux.Epoll;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.linux.OpenFlags;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.collections.IntArrayList;

/**
 * What the kernel tells of memory, behind one descriptor that a loop can sleep on.
 *
 * <p>A trigger's descriptor is readable at all times, and an event of it is {@code POLLPRI}: so it can't be slept on as
 * others are, and stands behind an epoll. The look that ends the sleep takes the event with it, and nobody can ask
 * afterwards which it was: whoever is woken looks at all gauges.
 *
 * <p>Threading: the loop's.
 */
public final class PressureEvents implements AutoCloseable {

    private final IntArrayList descriptors = new IntArrayList();
    private final Epoll epoll = new Epoll();

    PressureEvents() {
    }

    /**
     * Has the kernel say when tasks have waited for memory.
     *
     * @param file of pressure stall information
     * @param stallNs within {@code windowNs}, of which the kernel takes only multiples of 2 s without a privilege
     * @throws LinuxException if it doesn't take the trigger
     */
    void addTrigger(final Path file, final long stallNs, final long windowNs) {
        final int fd = Linux.open(file.toString(), OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK);
        try {
            // The kernel reads a C string: without the NUL byte its last digit is cut off.
            write(fd, "some " + stallNs / 1000 + " " + windowNs / 1000 + "\0");
            watch(fd, Epoll.EPOLLPRI);
        } catch (final RuntimeException refused) {
            Linux.close(fd);
            throw refused;
        }
    }

    /**
     * Has the kernel say when a control group of version 1 uses so much, from below or from above.
     *
     * @param group its directory
     */
    void addThreshold(final Path group, final long usedBytes) {
        final int usage = Linux.open(group.resolve("memory.usage_in_bytes").toString(), OpenFlags.O_RDONLY);
        try {
            final int control = Linux.open(group.resolve("cgroup.event_control").toString(), OpenFlags.O_WRONLY);
            try {
                addEventFd(control, usage + " " + usedBytes);
            } finally {
                Linux.close(control);
            }
        } finally {
            // The event holds the group itself.
            Linux.close(usage);
        }
    }

    private void addEventFd(final int control, final String condition) {
        final int fd = Linux.eventfd();
        try {
            write(control, fd + " " + condition);
            watch(fd, Epoll.EPOLLIN);
        } catch (final RuntimeException refused) {
            Linux.close(fd);
            throw refused;
        }
    }

    /** Has the kernel say when a file of a control group of version 2 has changed. */
    void addChanges(final Path file) {
        final int fd = Linux.open(file.toString(), OpenFlags.O_RDONLY);
        try {
            watch(fd, Epoll.EPOLLPRI);
        } catch (final RuntimeException refused) {
            Linux.close(fd);
            throw refused;
        }
    }

    private void watch(final int fd, final int event) {
        // Edges only: nobody reads what is behind the descriptor.
        epoll.add(fd, event | Epoll.EPOLLET);
        descriptors.addInt(fd);
    }

    private static void write(final int fd, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment copy = arena.allocate(bytes.length);
            copy.copyFrom(MemorySegment.ofArray(bytes));
            Linux.writeOrThrow(fd, copy.address(), bytes.length);
        }
    }

    /** Readable when something has happened; -1 if nothing is watched. */
    int fd() {
        return descriptors.isEmpty() ? -1 : epoll.fd();
    }

    /** Takes what has happened. @return whether anything has that is still known */
    boolean take() {
        return !descriptors.isEmpty() && epoll.take() > 0;
    }

    @Override
    public void close() {
        descriptors.forEachInt(Linux::close);
        descriptors.clear();
        epoll.close();
    }
}
