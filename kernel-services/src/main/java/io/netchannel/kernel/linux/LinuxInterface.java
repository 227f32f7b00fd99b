package io.netchannel.kernel.linux;

import static io.netchannel.kernel.linux.IfreqLayout.*;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A network interface of the Linux host, configured by {@code ioctl}, netdevice(7); no external program runs.
 *
 * <p>All that changes something needs {@code CAP_NET_ADMIN}, and throws {@link LinuxException} if it is declined.
 *
 * <p>Threading: immutable; any thread, each in its own network namespace.
 */
public final class LinuxInterface {

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_DGRAM = 2;
    private static final short ARPHRD_ETHER = 1;
    private static final int IFF_UP = 1;
    private static final int MAC_BYTES = 6;

    private static final int SIOCGIFFLAGS = 0x8913;
    private static final int SIOCSIFFLAGS = 0x8914;
    private static final int SIOCGIFADDR = 0x8915;
    private static final int SIOCSIFADDR = 0x8916;
    private static final int SIOCGIFNETMASK = 0x891B;
    private static final int SIOCSIFNETMASK = 0x891C;
    private static final int SIOCGIFMTU = 0x8921;
    private static final int SIOCSIFMTU = 0x8922;
    private static final int SIOCSIFHWADDR = 0x8924;
    private static final int SIOCGIFHWADDR = 0x8927;
    private static final int SIOCGIFINDEX = 0x8933;
    private static final int SIOCDIFADDR = 0x8936;

    private final String name;

    private LinuxInterface(final String name) {
        this.name = name;
    }

    /**
     * The interface of that name, which need not exist yet.
     *
     * @throws IllegalArgumentException if no interface can have the name
     */
    public static LinuxInterface named(final String name) {
        final int lengthBytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (lengthBytes < 1 || lengthBytes >= NAME_BYTES) {
            throw new IllegalArgumentException(
                    "interface name '" + name + "' is " + lengthBytes + " bytes, not within 1.." + (NAME_BYTES - 1));
        }
        // The kernel's own rule (dev_valid_name), which also keeps the name from leaving its directory in /proc.
        if (name.equals(".") || name.equals("..") || name.chars().anyMatch(LinuxInterface::isForbidden)) {
            throw new IllegalArgumentException("interface name '" + name + "' has a slash, colon, space or control");
        }
        return new LinuxInterface(name);
    }

    private static boolean isForbidden(final int character) {
        return character == '/' || character == ':' || Character.isWhitespace(character)
                || Character.isISOControl(character);
    }

    public String name() {
        return name;
    }

    public boolean exists() {
        try (Request request = new Request(AF_INET)) {
            final int result = request.attempt(SIOCGIFINDEX);
            if (result < 0 && result != -Errno.ENODEV) {
                throw new LinuxException("ioctl", name + ", SIOCGIFINDEX", -result);
            }
            return result >= 0;
        }
    }

    /** The kernel's number for it, positive. */
    public int index() {
        try (Request request = new Request(AF_INET)) {
            return request.call("SIOCGIFINDEX", SIOCGIFINDEX).get(JAVA_INT, VALUE_OFFSET);
        }
    }

    public boolean isUp() {
        try (Request request = new Request(AF_INET)) {
            return (request.call("SIOCGIFFLAGS", SIOCGIFFLAGS).get(JAVA_SHORT, VALUE_OFFSET) & IFF_UP) != 0;
        }
    }

    public void up() {
        setFlag(IFF_UP, true);
    }

    public void down() {
        setFlag(IFF_UP, false);
    }

    private void setFlag(final int flag, final boolean on) {
        try (Request request = new Request(AF_INET)) {
            final int flags = request.call("SIOCGIFFLAGS", SIOCGIFFLAGS).get(JAVA_SHORT, VALUE_OFFSET);
            request.ifreq.set(JAVA_SHORT, VALUE_OFFSET, (short) (on ? flags | flag : flags & ~flag));
            request.call("SIOCSIFFLAGS", SIOCSIFFLAGS);
        }
    }

    public int mtuBytes() {
        try (Request request = new Request(AF_INET)) {
            return request.call("SIOCGIFMTU", SIOCGIFMTU).get(JAVA_INT, VALUE_OFFSET);
        }
    }

    public void setMtu(final int mtuBytes) {
        try (Request request = new Request(AF_INET)) {
            request.ifreq.set(JAVA_INT, VALUE_OFFSET, mtuBytes);
            request.call("SIOCSIFMTU " + mtuBytes, SIOCSIFMTU);
        }
    }

    /** @return six bytes */
    public byte[] mac() {
        try (Request request = new Request(AF_INET)) {
            return request.call("SIOCGIFHWADDR", SIOCGIFHWADDR).asSlice(SOCKADDR_DATA_OFFSET, MAC_BYTES)
                    .toArray(JAVA_BYTE);
        }
    }

    /** @param mac six bytes, of a unicast address */
    public void setMac(final byte[] mac) {
        if (mac.length != MAC_BYTES) {
            throw new IllegalArgumentException("mac.length=" + mac.length + " != " + MAC_BYTES);
        }
        try (Request request = new Request(AF_INET)) {
            request.ifreq.set(JAVA_SHORT, VALUE_OFFSET, ARPHRD_ETHER);
            MemorySegment.copy(mac, 0, request.ifreq, JAVA_BYTE, SOCKADDR_DATA_OFFSET, MAC_BYTES);
            request.call("SIOCSIFHWADDR", SIOCSIFHWADDR);
        }
    }

    /** Sets the interface's IPv4 address, in place of the one it has. */
    public void setIpv4(final Inet4Address address, final int prefixBits) {
        checkPrefix(prefixBits, Integer.SIZE);
        try (Request request = new Request(AF_INET)) {
            request.setSockaddr(address.getAddress());
            request.call("SIOCSIFADDR " + address.getHostAddress(), SIOCSIFADDR);
            final int mask = prefixBits == 0 ? 0 : -1 << Integer.SIZE - prefixBits;
            request.setSockaddr(new byte[]{(byte) (mask >> 24), (byte) (mask >> 16), (byte) (mask >> 8), (byte) mask});
            request.call("SIOCSIFNETMASK /" + prefixBits, SIOCSIFNETMASK);
        }
    }

    /** @return four bytes, or none if the interface has no IPv4 address */
    public byte[] ipv4() {
        return readSockaddr("SIOCGIFADDR", SIOCGIFADDR);
    }

    /** @return bits of the IPv4 network, 0 if the interface has no IPv4 address */
    public int ipv4PrefixBits() {
        int bits = 0;
        for (final byte octet : readSockaddr("SIOCGIFNETMASK", SIOCGIFNETMASK)) {
            bits += Integer.bitCount(octet & 0xFF);
        }
        return bits;
    }

    private byte[] readSockaddr(final String label, final int code) {
        try (Request request = new Request(AF_INET)) {
            final int result = request.attempt(code);
            if (result == -Errno.EADDRNOTAVAIL) {
                return new byte[0];
            }
            if (result < 0) {
                throw new LinuxException("ioctl", name + ", " + label, -result);
            }
            return request.ifreq.asSlice(SOCKADDR_IPV4_OFFSET, Integer.BYTES).toArray(JAVA_BYTE);
        }
    }

    /**
     * Adds an IPv6 address. It is tentative until its uniqueness has been tried (RFC 4862, 5.4), a second or two,
     * unless {@link #skipDuplicateAddressDetection} was called.
     */
    public void addIpv6(final Inet6Address address, final int prefixBits) {
        changeIpv6("SIOCSIFADDR ", SIOCSIFADDR, address, prefixBits);
    }

    public void removeIpv6(final Inet6Address address, final int prefixBits) {
        changeIpv6("SIOCDIFADDR ", SIOCDIFADDR, address, prefixBits);
    }

    private void changeIpv6(final String label, final int code, final Inet6Address address, final int prefixBits) {
        checkPrefix(prefixBits, 128);
        final int index = index();
        try (Request request = new Request(AF_INET6)) {
            final MemorySegment in6Ifreq = request.arena.allocate(IN6_IFREQ_BYTES, Long.BYTES);
            MemorySegment.copy(address.getAddress(), 0, in6Ifreq, JAVA_BYTE, IN6_ADDRESS_OFFSET, 16);
            in6Ifreq.set(JAVA_INT, IN6_PREFIX_OFFSET, prefixBits);
            in6Ifreq.set(JAVA_INT, IN6_INDEX_OFFSET, index);
            final int result = Linux.tryIoctl(request.fd, code, in6Ifreq.address());
            if (result < 0) {
                throw new LinuxException("ioctl",
                        name + ", " + label + address.getHostAddress() + "/" + prefixBits, -result);
            }
        }
    }

    /**
     * Makes IPv6 addresses that are added from now on usable as soon as a worker of the kernel has seen them, which
     * takes no messages: for links whose other end is known.
     *
     * @return false if the host doesn't have IPv6, or {@code /proc} can't be written
     */
    public boolean skipDuplicateAddressDetection() {
        try {
            Files.writeString(Path.of("/proc/sys/net/ipv6/conf", name, "accept_dad"), "0");
            return true;
        } catch (final IOException declined) {
            return false;
        }
    }

    private static void checkPrefix(final int prefixBits, final int maxBits) {
        if (prefixBits < 0 || prefixBits > maxBits) {
            throw new IllegalArgumentException("prefixBits=" + prefixBits + " is not within 0.." + maxBits);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** A socket and an {@code ifreq} for one exchange or a few. */
    private final class Request implements AutoCloseable {
        private final int fd;
        private final Arena arena;
        private final MemorySegment ifreq;

        Request(final int domain) {
            fd = Linux.socket(domain, SOCK_DGRAM, 0);
            arena = Arena.ofConfined();
            ifreq = arena.allocate(IFREQ_BYTES, Long.BYTES);
            ifreq.setString(0, name);
        }

        MemorySegment call(final String label, final int code) {
            final int result = attempt(code);
            if (result < 0) {
                throw new LinuxException("ioctl", name + ", " + label, -result);
            }
            return ifreq;
        }

        int attempt(final int code) {
            return Linux.tryIoctl(fd, code, ifreq.address());
        }

        void setSockaddr(final byte[] ipv4) {
            ifreq.asSlice(VALUE_OFFSET).fill((byte) 0);
            ifreq.set(JAVA_SHORT, VALUE_OFFSET, (short) AF_INET);
            MemorySegment.copy(ipv4, 0, ifreq, JAVA_BYTE, SOCKADDR_IPV4_OFFSET, Integer.BYTES);
        }

        @Override
        public void close() {
            arena.close();
            Linux.close(fd);
        }
    }
}
