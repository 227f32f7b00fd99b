package io.netchannel.samples.echo;

import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.TapLink;
import io.netchannel.samples.Shutdown;
import io.netchannel.samples.node.NodeOptions;
import io.netchannel.samples.node.TextConverter;
import io.netchannel.samples.observe.ObserveOptions;
import io.netchannel.tcpip.wire.IpPrefix;
import io.netchannel.virtio.device.TapException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./netchannel echo}: serves a Linux host over a TAP until it is interrupted. */
@Command(name = "echo", mixinStandardHelpOptions = true, description = "Serves echo, discard and chargen (TCP and UDP) to a Linux host over a TAP device.", footer = {
    "", "Example, as root:",
    "  netchannel echo --tap nc0 --address 10.7.0.2/24 --host-address 10.7.0.1/24",
    "  ping 10.7.0.2; curl telnet://10.7.0.2:19"})
public final class EchoCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--tap", required = true, paramLabel = "NAME", description = "TAP device to create; it goes away with this program.")
    private String tap;

    @Mixin
    private NodeOptions options;

    @Mixin
    private ObserveOptions observe;

    @Option(names = "--host-address", paramLabel = "PREFIX", converter = TextConverter.Prefix.class, description = "Address to give to the host's end of the TAP, one IPv4 and any number of IPv6. Without it, configure the host yourself.")
    private List<IpPrefix> hostAddresses = List.of();

    @Option(names = "--mtu", paramLabel = "BYTES", defaultValue = "1500", description = "MTU of the link, 1280 to 65535 (default: ${DEFAULT-VALUE}).")
    private int mtuBytes;

    @Option(names = "--service", split = ",", paramLabel = "SERVICE", description = "Services to run: ${COMPLETION-CANDIDATES} (default: all).")
    private List<EchoService> services = List.of(EchoService.values());

    @Option(names = "--stats", description = "Print the node's counters at the end.")
    private boolean stats;

    @Override
    public Integer call() throws InterruptedException, IOException {
        observe.check(spec.commandLine());
        final NodeConfig config = options.config(spec.commandLine(), "echo", tap);
        final CountDownLatch ended = new CountDownLatch(1);
        final PrintWriter out = spec.commandLine().getOut();
        try (Shutdown _ = Shutdown.onSignal(ended::countDown); DataplaneNode node = open(config)) {
            options.deploy(node);
            node.deploy(new EchoApplication(EnumSet.copyOf(services)));
            node.start();
            try (ObserveOptions.Observation _ = observe.observe(node)) {
                out.println("serving " + describe() + "; Ctrl-C ends it");
                out.flush();
                ended.await();
            }
            if (stats) {
                printCounters(node, out);
            }
            out.flush();
        }
        return CommandLine.ExitCode.OK;
    }

    private DataplaneNode open(final NodeConfig config) {
        try {
            return DataplaneNode.open(config, new TapLink(tap, hostAddresses, mtuBytes));
        } catch (final IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (final TapException e) {
            if (e.reason() == TapException.Reason.BAD_NAME) {
                throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
            }
            throw e;
        }
    }

    private static void printCounters(final DataplaneNode node, final PrintWriter out) {
        node.counters().forEach((name, count) -> {
            if (count != 0) {
                out.printf(Locale.ROOT, "%-40s %d%n", name, count);
            }
        });
    }

    private String describe() {
        return services.stream().map(s -> s.name().toLowerCase(Locale.ROOT) + " " + s.port())
                .collect(Collectors.joining(", ")) + " on "
                + options.describe(tap);
    }
}
