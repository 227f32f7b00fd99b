package io.netchannel.kernel.linux;

import static io.netchannel.kernel.Needs.need;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinuxInterfaceTest {

    private static final long TUNSETIFF = 0x4004_54CAL;
    private static final int IFA_F_TENTATIVE = 0x40;
    private static final short IFF_TAP_NO_PI = 0x1002;

    @ParameterizedTest
    @ValueSource(strings = {"", "sixteen-bytes-xx", ".", "..", "a/b", "../lo", "a b", "a:1", "tab\t", "nul\0"})
    void shouldRefuseANameThatNoInterfaceCanHave(final String name) {
        assertThatThrownBy(() -> LinuxInterface.named(name)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("interface name '" + name + "'");
    }

    @Test
    void shouldReadTheLoopbackInterface() {
        final LinuxInterface loopback = LinuxInterface.named("lo");
        assertThat(loopback.exists()).isTrue();
        assertThat(loopback.index()).isPositive();
        assertThat(loopback.mac()).containsOnly(0).hasSize(6);
        assertThat(loopback).hasToString("lo");
    }

    @Test
    void shouldSayThatAnInterfaceIsNotThere() {
        final LinuxInterface absent = LinuxInterface.named("ncabsent0");
        assertThat(absent.exists()).isFalse();
        assertThat(absent.skipDuplicateAddressDetection()).isFalse();
        assertThatThrownBy(absent::index).isInstanceOf(LinuxException.class)
                .hasMessage("ioctl(ncabsent0, SIOCGIFINDEX): ENODEV (No such device)");
        assertThatThrownBy(absent::mtuBytes).hasMessageContaining("ENODEV");
        assertThatThrownBy(absent::up).hasMessageContaining("ENODEV");
    }

    @Test
    void shouldRefuseValuesOutOfRangeBeforeTheKernelDoes() throws Exception {
        final LinuxInterface absent = LinuxInterface.named("ncabsent0");
        final Inet4Address four = (Inet4Address) InetAddress.getByName("198.51.100.1");
        final Inet6Address six = (Inet6Address) InetAddress.getByName("2001:db8::1");
        assertThatThrownBy(() -> absent.setIpv4(four, 33)).hasMessage("prefixBits=33 is not within 0..32");
        assertThatThrownBy(() -> absent.addIpv6(six, 129)).hasMessage("prefixBits=129 is not within 0..128");
        assertThatThrownBy(() -> absent.setMac(new byte[5])).hasMessage("mac.length=5 != 6");
    }

    @Nested
    class OnATap {

        private final String name = "nct" + ProcessHandle.current().pid() % 1_000_000_000;
        private final LinuxInterface tap = LinuxInterface.named(name);
        private int fd = -1;

        @BeforeEach
        void openTap() {
            need(Linux.geteuid() == 0, "root");
            need(Files.exists(Path.of("/dev/net/tun")), "/dev/net/tun");
            fd = Linux.open("/dev/net/tun", OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK);
            try (Arena arena = Arena.ofConfined()) {
                final MemorySegment ifreq = arena.allocate(IfreqLayout.IFREQ_BYTES, 8);
                ifreq.setString(0, name);
                ifreq.set(ValueLayout.JAVA_SHORT, IfreqLayout.VALUE_OFFSET, IFF_TAP_NO_PI);
                Linux.ioctl(fd, TUNSETIFF, ifreq);
            }
        }

        @AfterEach
        void closeTap() {
            if (fd >= 0) {
                Linux.close(fd);
                assertThat(tap.exists()).isFalse();
            }
        }

        @Test
        void shouldBringItUpAndDown() {
            assertThat(tap.exists()).isTrue();
            assertThat(tap.isUp()).isFalse();
            tap.up();
            assertThat(tap.isUp()).isTrue();
            tap.up();
            assertThat(tap.isUp()).isTrue();
            tap.down();
            assertThat(tap.isUp()).isFalse();
        }

        @Test
        void shouldSetMtu() {
            tap.setMtu(9000);
            assertThat(tap.mtuBytes()).isEqualTo(9000);
            assertThatThrownBy(() -> tap.setMtu(1)).isInstanceOf(LinuxException.class)
                    .hasMessage("ioctl(" + name + ", SIOCSIFMTU 1): EINVAL (Invalid argument)");
            assertThat(tap.mtuBytes()).isEqualTo(9000);
        }

        @Test
        void shouldSetMac() {
            final byte[] mac = {0x02, 0, 0x5E, 0x10, (byte) 0xFE, 0x7F};
            tap.setMac(mac);
            assertThat(tap.mac()).isEqualTo(mac);
            assertThatThrownBy(() -> tap.setMac(new byte[]{1, 0, 0, 0, 0, 1}))
                    .as("a multicast address").hasMessageContaining("EADDRNOTAVAIL");
        }

        @Test
        void shouldSetAndReplaceItsIpv4Address() throws Exception {
            assertThat(tap.ipv4()).isEmpty();
            assertThat(tap.ipv4PrefixBits()).isZero();
            tap.setIpv4((Inet4Address) InetAddress.getByName("198.51.100.129"), 28);
            assertThat(tap.ipv4()).isEqualTo(new byte[]{(byte) 198, 51, 100, (byte) 129});
            assertThat(tap.ipv4PrefixBits()).isEqualTo(28);
            tap.setIpv4((Inet4Address) InetAddress.getByName("198.51.100.2"), 32);
            assertThat(tap.ipv4()).isEqualTo(new byte[]{(byte) 198, 51, 100, 2});
            assertThat(tap.ipv4PrefixBits()).isEqualTo(32);
        }

        @Test
        @Timeout(60)
        void shouldAddAnIpv6AddressWithoutLookingForDuplicates() throws Exception {
            need(Files.exists(Path.of("/proc/net/if_inet6")), "IPv6");
            need(tap.skipDuplicateAddressDetection(), "a writable /proc/sys");
            tap.up();
            final Inet6Address address = (Inet6Address) InetAddress.getByName("2001:db8:77::1");
            tap.addIpv6(address, 64);
            // Columns: address, index, prefix length, scope, flags, name.
            assertThat(inet6Line()).startsWith("20010db8007700000000000000000001 ");
            assertThat(inet6Line().split("\\s+")[2]).isEqualTo("40");
            assertThat(Files.readString(Path.of("/proc/sys/net/ipv6/conf", name, "accept_dad")).trim()).isEqualTo("0");
            // Until the kernel's worker has run.
            while ((Integer.parseInt(inet6Line().split("\\s+")[4], 16) & IFA_F_TENTATIVE) != 0) {
                Thread.yield();
            }
            assertThatThrownBy(() -> tap.addIpv6(address, 64)).hasMessageContaining("EEXIST");
            tap.removeIpv6(address, 64);
            assertThat(inet6Line()).isEmpty();
        }

        private String inet6Line() throws Exception {
            final List<String> lines = Files.readAllLines(Path.of("/proc/net/if_inet6"));
            return lines.stream().filter(line -> line.endsWith(" " + name) && line.startsWith("2001")).findFirst()
                    .orElse("");
        }
    }
}
