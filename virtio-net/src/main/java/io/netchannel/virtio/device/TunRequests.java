package io.netchannel.virtio.device;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.linux.OpenFlags;
import io.netchannel.virtio.device.TapException.Reason;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.net.VirtioNetHeaderLayout;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;

/**
 * Requests to Linux's TUN/TAP driver (include/uapi/linux/if_tun.h), and what their errors mean.
 *
 * <p>Threading: any.
 */
final class TunRequests {

    private static final String PATH = "/dev/net/tun";

    private static final long TUNSETIFF = 0x4004_54CAL;
    private static final long TUNSETOFFLOAD = 0x4004_54D0L;
    private static final long TUNSETVNETHDRSZ = 0x4004_54D8L;
    private static final long TUNSETQUEUE = 0x4004_54D9L;

    private static final int IFF_TAP = 0x0002;
    private static final int IFF_MULTI_QUEUE = 0x0100;
    private static final int IFF_ATTACH_QUEUE = 0x0200;
    private static final int IFF_DETACH_QUEUE = 0x0400;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;

    private static final int TUN_F_CSUM = 0x01;
    private static final int TUN_F_TSO4 = 0x02;
    private static final int TUN_F_TSO6 = 0x04;
    private static final int TUN_F_TSO_ECN = 0x08;
    private static final int TUN_F_USO4 = 0x20;
    private static final int TUN_F_USO6 = 0x40;

    // struct ifreq: name, then a union of which the flags are the first two bytes.
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_NAME_BYTES = 16;

    private TunRequests() {
    }

    /** A queue and the name that the kernel has given the interface. */
    record Queue(int fd, String name) {
    }

    static Queue open(final String name, final boolean multiQueue) {
        checkName(name);
        final int fd = openDriver(name);
        try (Arena arena = Arena.ofConfined()) {
            final long request = arena.allocate(IFREQ_BYTES, Long.BYTES).address();
            final byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
            HostMemory.INSTANCE.copyFromArray(bytes, 0, request, bytes.length);
            final int flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | (multiQueue ? IFF_MULTI_QUEUE : 0);
            HostMemory.INSTANCE.putShort(request + IFREQ_NAME_BYTES, (short) flags);
            final int result = Linux.tryIoctl(fd, TUNSETIFF, request);
            if (result < 0) {
                throw refused(name, -result, multiQueue);
            }
            final long size = arena.allocate(Integer.BYTES, Integer.BYTES).address();
            HostMemory.INSTANCE.putInt(size, VirtioNetHeaderLayout.LENGTH_BYTES);
            Linux.ioctl(fd, TUNSETVNETHDRSZ, size);
            return new Queue(fd, nameIn(request));
        } catch (final RuntimeException failed) {
            Linux.close(fd);
            throw failed;
        }
    }

    private static int openDriver(final String name) {
        try {
            return Linux.open(PATH, OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK);
        } catch (final LinuxException failed) {
            switch (failed.errno()) {
                case Errno.EACCES, Errno.EPERM -> throw notPermitted(name, failed.errno());
                case Errno.ENOENT, Errno.ENODEV, Errno.ENXIO -> throw new TapException(Reason.NO_DRIVER,
                        "tap " + name + ": no " + PATH + " (" + failed.errnoName()
                                + "): load the kernel module tun, or give this container the device");
                default -> throw failed(name, "open " + PATH, failed.errno());
            }
        }
    }

    private static void checkName(final String name) {
        final boolean good = !name.isEmpty() && name.length() < IFREQ_NAME_BYTES && !name.equals(".")
                && !name.equals("..") && name.chars().allMatch(c -> c > ' ' && c < 127 && c != '/' && c != ':');
        if (!good) {
            throw new TapException(Reason.BAD_NAME, "tap \"" + name
                    + "\": not an interface name: 1 to 15 characters, no spaces, slashes or colons");
        }
    }

    private static TapException refused(final String name, final int errno, final boolean multiQueue) {
        return switch (errno) {
            case Errno.EBUSY -> new TapException(Reason.BUSY,
                    "tap " + name + ": busy (EBUSY): another process holds it; stop it or choose another name");
            case Errno.EPERM, Errno.EACCES -> notPermitted(name, errno);
            case Errno.EINVAL, Errno.EEXIST -> new TapException(Reason.NOT_A_TAP, "tap " + name + ": exists ("
                    + Errno.name(errno) + ") but is not a TAP " + (multiQueue ? "with" : "without")
                    + " multi_queue; remove it or choose another name");
            default -> failed(name, "TUNSETIFF", errno);
        };
    }

    private static TapException notPermitted(final String name, final int errno) {
        return new TapException(Reason.NO_PERMISSION, "tap " + name + ": not permitted (" + Errno.name(errno)
                + "): run as root or with CAP_NET_ADMIN, or create it for this user: ip tuntap add " + name
                + " mode tap vnet_hdr user USER");
    }

    private static TapException failed(final String name, final String what, final int errno) {
        return new TapException(Reason.FAILED, "tap " + name + ": " + what + " failed: " + Errno.name(errno) + " ("
                + Errno.text(errno) + ")");
    }

    private static String nameIn(final long request) {
        final byte[] bytes = new byte[IFREQ_NAME_BYTES];
        HostMemory.INSTANCE.copyToArray(request, bytes, 0, bytes.length);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }

    /** Whether the kernel speaks USO, in both directions: it has learned them together (6.2). Ends with no offload. */
    static boolean knowsUso(final int fd) {
        final boolean known = Linux.tryIoctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_USO4 | TUN_F_USO6) >= 0;
        Linux.tryIoctl(fd, TUNSETOFFLOAD, 0);
        return known;
    }

    /** Tells the kernel what the driver accepts unfinished: its GUEST_ features. @return 0 or the negated errno */
    static int setOffload(final int fd, final long features) {
        int flags = 0;
        if (VirtioFeature.GUEST_CSUM.in(features)) {
            flags |= TUN_F_CSUM;
            flags |= VirtioFeature.GUEST_TSO4.in(features) ? TUN_F_TSO4 : 0;
            flags |= VirtioFeature.GUEST_TSO6.in(features) ? TUN_F_TSO6 : 0;
            flags |= VirtioFeature.GUEST_ECN.in(features) ? TUN_F_TSO_ECN : 0;
            // The kernel refuses one without the other.
            flags |= VirtioFeature.acceptsUso(features) ? TUN_F_USO4 | TUN_F_USO6 : 0;
        }
        return Linux.tryIoctl(fd, TUNSETOFFLOAD, flags);
    }

    /** Whether the kernel uses this queue of a TAP with several. @return 0 or the negated errno */
    static int setQueue(final int fd, final boolean attached) {
        try (Arena arena = Arena.ofConfined()) {
            final long request = arena.allocate(IFREQ_BYTES, Long.BYTES).address();
            HostMemory.INSTANCE.putShort(request + IFREQ_NAME_BYTES,
                    (short) (attached ? IFF_ATTACH_QUEUE : IFF_DETACH_QUEUE));
            return Linux.tryIoctl(fd, TUNSETQUEUE, request);
        }
    }
}
