package io.netchannel.samples.node;

import io.netchannel.kernel.sched.WatchdogConfig;
import io.netchannel.kernel.sched.Cpus;
import io.netchannel.kernel.sched.RunLoopBuilder;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.DhcpApplication;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeMode;
import io.netchannel.perf.options.TcpOptions;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.link.AutoconfConfig;
import io.netchannel.tcpip.link.StableSecret;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import io.netchannel.tcpip.wire.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of a command that runs a node: who it is, and how it runs. */
public final class NodeOptions {

    private static final String ISOLATED = "isolated";

    /** An hour: of what blocks a loop for longer its peers have told long ago. */
    private static final long MAX_WATCHDOG_MS = 3_600_000;
    private static final long MAX_BUDGET_US = 3_600_000_000L;

    /** {@link NodeConfig.Builder#flowsPerLoop}'s. */
    private static final int DEFAULT_FLOWS_PER_LOOP = 1 << 14;

    @Option(names = "--address", paramLabel = "PREFIX", converter = TextConverter.Prefix.class, description = "Address of the node with its prefix, IPv4 or IPv6; may be repeated.")
    private List<IpPrefix> addresses = List.of();

    @Option(names = "--dhcp", description = "Get an IPv4 address by DHCP.")
    private boolean dhcp;

    @Option(names = "--slaac", description = "Form IPv6 addresses from what routers advertise, and use those routers.")
    private boolean slaac;

    @Option(names = "--temporary-addresses", description = "With --slaac: also temporary addresses, each preferred for a day.")
    private boolean temporaryAddresses;

    @Option(names = "--stable-secret", paramLabel = "FILE", description = "With --slaac: file of 32 hexadecimal digits from which addresses are formed; without it they change with each start.")
    private Path stableSecret;

    @Option(names = "--gateway", paramLabel = "ADDRESS", converter = TextConverter.Address.class, description = "Default gateway; one for each family.")
    private List<IpAddress> gateways = List.of();

    @Option(names = "--mac", paramLabel = "MAC", converter = TextConverter.Mac.class, description = "Address of the node's interface; the default derives from the first IP address, or the TAP's name.")
    private MacAddress mac;

    @Option(names = "--vlan", paramLabel = "ID", description = "VLAN that frames are tagged for, 1 to 4094 (default: none).")
    private int vlanId = InterfaceConfig.UNTAGGED;

    @Option(names = "--loops", paramLabel = "N", defaultValue = "1", description = "Application loops, a thread and a stack each (default: ${DEFAULT-VALUE}).")
    private int loops;

    @Option(names = "--watchdog", paramLabel = "MS", arity = "0..1", fallbackValue = "100", defaultValue = "0", description = "Report a loop that its application blocks for so many milliseconds (without a number: ${FALLBACK-VALUE}), and have its connections acknowledged meanwhile; 0 is off (default: ${DEFAULT-VALUE}).")
    private long watchdogMs;

    @Option(names = "--cpus", paramLabel = "LIST", description = "CPUs for the loops, one each, in turn: like 0-2,5; or isolated, for those that the kernel keeps free (default: wherever the scheduler puts them).")
    private String cpus;

    @Option(names = "--budget-us", paramLabel = "US", defaultValue = "0", description = "Report what keeps a loop from its packets for longer than this; 0 for nothing (default: ${DEFAULT-VALUE}).")
    private long budgetUs;

    @Option(names = "--mode", defaultValue = "inline", description = "Who polls the device: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private NodeMode mode;

    @Mixin
    private TcpOptions tcp;

    /**
     * The configuration that was asked for.
     *
     * @param link name of the link, from which an address of the interface is derived when nothing else gives one
     * @throws CommandLine.ParameterException naming what is wrong
     */
    public NodeConfig config(final CommandLine commandLine, final String name, final String link) {
        return config(commandLine, name, link, 0);
    }

    /** @param connections that the node is to have room for; without effect where it has room for more anyway */
    public NodeConfig config(final CommandLine commandLine, final String name, final String link,
            final int connections) {
        try {
            if (addresses.isEmpty() && !dhcp && !slaac) {
                throw new IllegalArgumentException(
                        "the node has no address; give --address PREFIX, --dhcp or --slaac");
            }
            final NodeConfig.Builder builder = NodeConfig.builder(name).mode(mode).loops(loops).vlanId(vlanId)
                    .autoconf(autoconf()).watchdog(watchdog());
            size(builder, tcp.config(commandLine), connections);
            if (mac != null) {
                builder.mac(mac);
            } else if (addresses.isEmpty()) {
                // 02: locally administered. The same each time, so that the server gives the same address.
                builder.mac(new MacAddress(0x02_00_00_00_00_00L | link.hashCode() & 0xFFFF_FFFFL));
            }
            addresses.forEach(builder::address);
            gateways.forEach(builder::gateway);
            place(builder);
            builder.budgetNs(TimeUnit.MICROSECONDS.toNanos(within("--budget-us", budgetUs, MAX_BUDGET_US)));
            return builder.build();
        } catch (final IllegalArgumentException | IOException e) {
            throw new CommandLine.ParameterException(commandLine, e.getMessage(), e);
        }
    }

    private WatchdogConfig watchdog() {
        return within("--watchdog", watchdogMs, MAX_WATCHDOG_MS) == 0
                ? WatchdogConfig.OFF
                : new WatchdogConfig(TimeUnit.MILLISECONDS.toNanos(watchdogMs), WatchdogConfig.DEFAULT.takeOverNs());
    }

    private static long within(final String option, final long value, final long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(option + " " + value + " is not within 0.." + max);
        }
        return value;
    }

    private void place(final NodeConfig.Builder builder) {
        if (cpus == null) {
            return;
        }
        if (cpus.isBlank()) {
            throw new IllegalArgumentException("--cpus is empty; write a list like 0-2,5, or leave it out");
        }
        if (cpus.equals(ISOLATED)) {
            builder.cpu(RunLoopBuilder.ANY_ISOLATED_CPU);
            return;
        }
        final BitSet wanted = Cpus.parse(cpus);
        final BitSet allowed = Cpus.read().allowed();
        wanted.stream().filter(cpu -> !allowed.get(cpu)).findFirst().ifPresent(cpu -> {
            throw new IllegalArgumentException("--cpus " + cpus + ": " + cpu
                    + " is not this process's to use; allowed are " + Cpus.format(allowed));
        });
        wanted.stream().forEach(builder::cpu);
    }

    private void size(final NodeConfig.Builder builder, final TcpConfig config, final int connections) {
        builder.tcp(config.with(TcpSetting.MAX_CONNECTIONS, Math.max(config.get(TcpSetting.MAX_CONNECTIONS),
                Math.min(connections, NodeConfig.MAX_FLOWS_PER_LOOP))));
        // Hashes don't spread them evenly over loops; and half of the flows may be in TIME-WAIT.
        final long perLoop = loops <= 1 ? connections : 3L * connections / 2 / loops;
        if (2 * perLoop > DEFAULT_FLOWS_PER_LOOP) {
            builder.flowsPerLoop((int) Math.min(NodeConfig.MAX_FLOWS_PER_LOOP, 2 * perLoop));
        }
    }

    private AutoconfConfig autoconf() throws IOException {
        AutoconfConfig config = AutoconfConfig.STATIC;
        if (!slaac && (temporaryAddresses || stableSecret != null)) {
            throw new IllegalArgumentException((temporaryAddresses ? "--temporary-addresses" : "--stable-secret")
                    + " is about addresses formed from what routers advertise; add --slaac");
        }
        if (slaac) {
            config = config.withSlaac(stableSecret == null ? null : readSecret());
        }
        if (temporaryAddresses) {
            config = config.withTemporaryAddresses(config.temporaryPreferredSeconds(), config.temporaryValidSeconds());
        }
        return dhcp ? config.withDhcp() : config;
    }

    private StableSecret readSecret() throws IOException {
        if (!Files.isReadable(stableSecret)) {
            throw new IOException("--stable-secret " + stableSecret
                    + " can't be read; make one with: openssl rand -hex 16");
        }
        return StableSecret.parse(Files.readString(stableSecret).strip());
    }

    /** Deploys what configures the node; before what needs the address. */
    public void deploy(final DataplaneNode node) {
        if (dhcp) {
            node.deploy(new DhcpApplication("netchannel"));
        }
    }

    /** Addresses and threads, for a line that says what is served. */
    public String describe(final String tap) {
        return Stream.concat(Stream.concat(dhcp ? Stream.of("what DHCP gives") : Stream.empty(),
                slaac ? Stream.of("what routers advertise") : Stream.empty()),
                addresses.stream().map(a -> a.address().toString())).collect(Collectors.joining(", ")) + " (tap " + tap
                + ", " + mode.name().toLowerCase(Locale.ROOT) + ", " + loops + (loops == 1 ? " loop)" : " loops)");
    }
}
