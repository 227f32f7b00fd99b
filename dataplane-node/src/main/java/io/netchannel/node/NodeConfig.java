package io.netchannel.node;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.sched.IdleStrategy;
import io.netchannel.kernel.sched.WatchdogConfig;
import io.netchannel.tcpip.dns.HostsFile;
import io.netchannel.tcpip.dns.ResolverConfig;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.link.AutoconfConfig;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import io.netchannel.tcpip.wire.MacAddress;
import io.netchannel.virtio.driver.VirtioNetDriverConfig;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What a node is made of. {@link #builder} has defaults for everything but an address.
 *
 * @param name for threads and messages
 * @param mac of its interface
 * @param addresses with their on-link prefixes, both families; none if they are configured later, by DHCP perhaps
 * @param gateways at most one of each family
 * @param vlanId 1 to 4094, or {@link InterfaceConfig#UNTAGGED}
 * @param autoconf what the interface configures by itself
 * @param resolver of names: without servers, those that DHCP and routers tell
 * @param hosts names with fixed addresses
 * @param mode which thread drives the device
 * @param loops application loops, 1 to {@value #MAX_LOOPS}
 * @param cpus CPU for each loop, in turn, or {@link io.netchannel.kernel.sched.RunLoopBuilder#ANY_ISOLATED_CPU}; empty for no affinity;
 *            without effect on loops that other threads drive
 * @param idle what loops do without work
 * @param watchdog when an application that blocks its loop is reported, and somebody stands in for the loop
 * @param budgetNs that no task and no call of a poller should take: those that do are counted and reported; 0 for none
 * @param buffersPerLoop packet buffers of each loop, and of the driver loop; they bound what all its connections hold
 * @param bufferBytes of each packet buffer
 * @param flowsPerLoop connections of each loop, those in TIME-WAIT included, 1 to {@value #MAX_FLOWS_PER_LOOP}; each takes
 *            some 128 bytes of the node's region, used or not
 * @param sharedPages further packet buffers, of no loop, that any thread may hold and any loop may send from: a file system's pages; 0 for
 *            none
 * @param driver features and queue sizes
 * @param tcp buffers and timers of TCP
 * @param secrets where hash keys, sequence numbers and ports come from: a cryptographic source, but in simulations
 */
public record NodeConfig(String name, MacAddress mac, List<IpPrefix> addresses, List<IpAddress> gateways, int vlanId,
        AutoconfConfig autoconf, ResolverConfig resolver, HostsFile hosts, NodeMode mode, int loops, List<Integer> cpus,
        IdleStrategy idle, WatchdogConfig watchdog, long budgetNs, int buffersPerLoop, int bufferBytes,
        int flowsPerLoop,
        int sharedPages,
        VirtioNetDriverConfig driver,
        TcpConfig tcp, RandomGenerator secrets) {

    /** As many as a listener's set of loops has bits. */
    public static final int MAX_LOOPS = 64;

    /** As many as a flow id can tell apart. */
    public static final int MAX_FLOWS_PER_LOOP = 1 << 20;

    // Receive buffers are used in turn, so all of them pass through the cache: 128 of a page each, half a MiB, stay in the
    // second level, where the default of 256 do not (64 KiB messages over a wire: twice the throughput).
    private static final VirtioNetDriverConfig DEFAULT_DRIVER = VirtioNetDriverConfig.DEFAULT.withQueueSizes(128, 256);

    /** A receive queue filled with buffers must leave some to send with. */
    private static final int MIN_BUFFERS_PER_LOOP = 64;

    public NodeConfig {
        if (loops < 1 || loops > MAX_LOOPS) {
            throw new IllegalArgumentException("loops=" + loops + " is not within 1.." + MAX_LOOPS);
        }
        if (budgetNs < 0) {
            throw new IllegalArgumentException("budgetNs=" + budgetNs + " < 0");
        }
        if (buffersPerLoop < MIN_BUFFERS_PER_LOOP) {
            throw new IllegalArgumentException(
                    "buffersPerLoop=" + buffersPerLoop + " < MIN=" + MIN_BUFFERS_PER_LOOP);
        }
        if (sharedPages < 0 || sharedPages > PacketHandle.MAX_BUFFERS / 2) {
            throw new IllegalArgumentException(
                    "sharedPages=" + sharedPages + " is not within 0.." + PacketHandle.MAX_BUFFERS / 2);
        }
        // One thread more than loops: the driver's, in channel mode.
        if ((long) buffersPerLoop * (loops + 1) + sharedPages > PacketHandle.MAX_BUFFERS) {
            throw new IllegalArgumentException("buffersPerLoop=" + buffersPerLoop + " for loops=" + loops + " > MAX="
                    + (PacketHandle.MAX_BUFFERS - sharedPages) / (loops + 1));
        }
        if (flowsPerLoop < 1 || flowsPerLoop > MAX_FLOWS_PER_LOOP) {
            throw new IllegalArgumentException(
                    "flowsPerLoop=" + flowsPerLoop + " is not within 1.." + MAX_FLOWS_PER_LOOP);
        }
        if (mac == null) {
            throw new IllegalArgumentException(
                    "node " + name + " has no address; give it one, like 10.7.0.2/24, or a MAC"
                            + " address, and configure it by DHCP or from router advertisements");
        }
        Objects.requireNonNull(watchdog, "watchdog");
        Objects.requireNonNull(autoconf, "autoconf");
        Objects.requireNonNull(resolver, "resolver");
        Objects.requireNonNull(hosts, "hosts");
        addresses = List.copyOf(addresses);
        gateways = List.copyOf(gateways);
        cpus = List.copyOf(cpus);
    }

    /** The same with so many {@link #sharedPages}. */
    public NodeConfig withSharedPages(final int count) {
        return new NodeConfig(name, mac, addresses, gateways, vlanId, autoconf, resolver, hosts, mode, loops, cpus,
                idle, watchdog,
                budgetNs, buffersPerLoop, bufferBytes, flowsPerLoop, count, driver, tcp, secrets);
    }

    /** Of what may take {@code ownNs}, if that is more: 0 if nothing has a budget. */
    long budgetNs(final long ownNs) {
        return budgetNs == 0 ? 0 : Math.max(budgetNs, ownNs);
    }

    /** Bytes of each of the {@link #sharedPages}: the largest power of two that a buffer holds. */
    public int sharedPageBytes() {
        return Integer.highestOneBit(bufferBytes);
    }

    public static Builder builder(final String name) {
        return new Builder(name);
    }

    /** Collects a configuration; a setter that is not called leaves the default. */
    public static final class Builder {

        private final String name;
        private final List<IpPrefix> addresses = new ArrayList<>();
        private final List<IpAddress> gateways = new ArrayList<>();
        private final List<Integer> cpus = new ArrayList<>();
        private MacAddress mac;
        private int vlanId = InterfaceConfig.UNTAGGED;
        private AutoconfConfig autoconf = AutoconfConfig.STATIC;
        private ResolverConfig resolver = ResolverConfig.of(List.of());
        private HostsFile hosts = HostsFile.EMPTY;
        private NodeMode mode = NodeMode.INLINE;
        private int loops = 1;
        private IdleStrategy idle = IdleStrategy.ADAPTIVE;
        private WatchdogConfig watchdog = WatchdogConfig.OFF;
        private long budgetNs;
        private int buffersPerLoop = 4096;
        private int bufferBytes = 4096;
        private int flowsPerLoop = 1 << 14;
        private VirtioNetDriverConfig driver = DEFAULT_DRIVER;
        private TcpConfig tcp = TcpConfig.defaults();
        private RandomGenerator secrets = new SecureRandom();

        private Builder(final String name) {
            this.name = name;
        }

        /** @param prefix like {@code 10.7.0.2/24} or {@code fd00::2/64} */
        public Builder address(final String prefix) {
            return address(IpPrefix.parse(prefix));
        }

        public Builder address(final IpPrefix prefix) {
            addresses.add(prefix);
            return this;
        }

        public Builder gateway(final IpAddress address) {
            gateways.add(address);
            return this;
        }

        /** Default: a locally administered address derived from the first IP address. */
        public Builder mac(final MacAddress address) {
            mac = address;
            return this;
        }

        /** The VLAN that the node's frames are tagged for, 1 to 4094 (IEEE 802.1Q); default: no tag. */
        public Builder vlanId(final int id) {
            vlanId = id;
            return this;
        }

        /** SLAAC, temporary addresses, conflict detection; default: static addresses, used at once. */
        public Builder autoconf(final AutoconfConfig config) {
            autoconf = config;
            return this;
        }

        /** How names are resolved, like {@code ResolverConfig.read(Path.of("/etc/resolv.conf"))}; default: as DHCP and routers tell. */
        public Builder resolver(final ResolverConfig config) {
            resolver = config;
            return this;
        }

        /** Names with fixed addresses, like {@code HostsFile.read(Path.of("/etc/hosts"))}; default: none. */
        public Builder hosts(final HostsFile file) {
            hosts = file;
            return this;
        }

        public Builder mode(final NodeMode value) {
            mode = value;
            return this;
        }

        public Builder loops(final int count) {
            loops = count;
            return this;
        }

        public Builder cpu(final int cpu) {
            cpus.add(cpu);
            return this;
        }

        public Builder idle(final IdleStrategy strategy) {
            idle = strategy;
            return this;
        }

        /**
         * Watches the loops, and has their connections acknowledged while an application blocks one: {@link WatchdogConfig#DEFAULT},
         * say. Default: off.
         */
        public Builder watchdog(final WatchdogConfig config) {
            watchdog = config;
            return this;
        }

        /** Finds what keeps a loop from its packets; a look at the clock for each task and poller. Default: 0, none. */
        public Builder budgetNs(final long ns) {
            budgetNs = ns;
            return this;
        }

        public Builder buffersPerLoop(final int count) {
            buffersPerLoop = count;
            return this;
        }

        public Builder bufferBytes(final int bytes) {
            bufferBytes = bytes;
            return this;
        }

        /**
         * Connections that each loop can have, those in TIME-WAIT included, which take half of them at most; default:
         * 16,384. {@link io.netchannel.tcpip.tcp.TcpSetting#MAX_CONNECTIONS} holds beside it.
         */
        public Builder flowsPerLoop(final int count) {
            flowsPerLoop = count;
            return this;
        }

        public Builder driver(final VirtioNetDriverConfig config) {
            driver = config;
            return this;
        }

        public Builder tcp(final TcpConfig config) {
            tcp = config;
            return this;
        }

        /** Makes the node's choices repeatable, and so its sequence numbers and ports foreseeable: for simulations only. */
        public Builder simulationSeed(final long seed) {
            secrets = new SplittableRandom(seed);
            return this;
        }

        public NodeConfig build() {
            final MacAddress own = mac != null || addresses.isEmpty() ? mac : derivedMac(addresses.getFirst());
            return new NodeConfig(name, own, addresses, gateways, vlanId, autoconf, resolver, hosts, mode, loops, cpus,
                    idle, watchdog, budgetNs, buffersPerLoop,
                    bufferBytes, flowsPerLoop, 0, driver, tcp, secrets);
        }

        // 02: locally administered, individual (IEEE 802, 8.4); the rest tells apart the nodes of one link.
        private static MacAddress derivedMac(final IpPrefix prefix) {
            return new MacAddress(0x02_00_00_00_00_00L | prefix.address().low() & 0xFFFF_FFFFL);
        }
    }
}
