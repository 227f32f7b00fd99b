package io.netchannel.samples.netserver;

import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.perf.netserver.Netserver;
import io.netchannel.perf.netserver.Netserver.Family;
import io.netchannel.samples.Shutdown;
import io.netchannel.samples.node.NodeOptions;
import io.netchannel.samples.node.TapOptions;
import io.netchannel.samples.observe.ObserveOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./netchannel netserver}: netperf's server over a TAP until it is interrupted. */
@Command(name = "netserver", mixinStandardHelpOptions = true, description = "Serves netperf 2.7's clients over a TAP device: TCP_STREAM, TCP_MAERTS, TCP_RR, TCP_CRR, TCP_CC, UDP_STREAM, UDP_RR and omni.", footer = {
    "", "Example, as root:",
    "  netchannel netserver --tap nc0 --address 10.7.0.2/24 --host-address 10.7.0.1/24",
    "  netperf -H 10.7.0.2 -t TCP_RR -c -C",
    "", "CPU utilisation is the whole host's, as netserver's is."})
public final class NetserverCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private TapOptions link;

    @Option(names = "-p", paramLabel = "PORT", defaultValue = "12865", description = "Port of control connections (default: ${DEFAULT-VALUE}).")
    private int port;

    @ArgGroup
    private FamilyOptions family;

    @Option(names = "-D", description = "Don't become a daemon: as this never does, it is taken and means nothing.")
    private boolean foreground;

    @Mixin
    private NodeOptions options;

    @Mixin
    private ObserveOptions observe;

    /** One or none. */
    private static final class FamilyOptions {

        @Option(names = "-4", description = "Serve clients over IPv4 only.")
        private boolean ipv4;

        @Option(names = "-6", description = "Serve clients over IPv6 only.")
        private boolean ipv6;

        Family family() {
            return ipv4 ? Family.IPV4 : Family.IPV6;
        }
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        observe.check(spec.commandLine());
        final PrintWriter out = spec.commandLine().getOut();
        final PrintWriter err = spec.commandLine().getErr();
        final Netserver netserver = netserver(err);
        final NodeConfig config = options.config(spec.commandLine(), "netserver", link.tap());
        final CountDownLatch ended = new CountDownLatch(1);
        try (Shutdown _ = Shutdown.onSignal(ended::countDown);
                DataplaneNode node = link.open(spec.commandLine(), config)) {
            options.deploy(node);
            node.deploy(netserver);
            node.start();
            try (ObserveOptions.Observation _ = observe.observe(node)) {
                out.println("serving netperf on port " + port + " of " + options.describe(link.tap())
                        + "; Ctrl-C ends it");
                out.flush();
                ended.await();
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private Netserver netserver(final PrintWriter err) {
        try {
            return new Netserver(port, family == null ? Family.ANY : family.family(), line -> {
                err.println(line);
                err.flush();
            });
        } catch (final IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "-p: " + e.getMessage(), e);
        }
    }
}
