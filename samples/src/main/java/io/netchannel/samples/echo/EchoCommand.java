package io.netchannel.samples.echo;

import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.samples.Shutdown;
import io.netchannel.samples.node.NodeOptions;
import io.netchannel.samples.node.TapOptions;
import io.netchannel.samples.observe.ObserveOptions;
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

    @Mixin
    private TapOptions link;

    @Mixin
    private NodeOptions options;

    @Mixin
    private ObserveOptions observe;

    @Option(names = "--service", split = ",", paramLabel = "SERVICE", description = "Services to run: ${COMPLETION-CANDIDATES} (default: all).")
    private List<EchoService> services = List.of(EchoService.values());

    @Option(names = "--fibers", description = "Serve by fibers in blocking code, one for each TCP connection, instead of by callbacks.")
    private boolean fibers;

    @Option(names = "--stats", description = "Print the node's counters at the end.")
    private boolean stats;

    @Override
    public Integer call() throws InterruptedException, IOException {
        observe.check(spec.commandLine());
        final NodeConfig config = options.config(spec.commandLine(), "echo", link.tap());
        final CountDownLatch ended = new CountDownLatch(1);
        final PrintWriter out = spec.commandLine().getOut();
        try (Shutdown _ = Shutdown.onSignal(ended::countDown);
                DataplaneNode node = link.open(spec.commandLine(), config)) {
            options.deploy(node);
            node.deploy(new EchoApplication(EnumSet.copyOf(services), fibers));
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
                + options.describe(link.tap());
    }
}
