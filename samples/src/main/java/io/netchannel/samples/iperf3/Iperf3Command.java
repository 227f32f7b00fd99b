package io.netchannel.samples.iperf3;

import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.perf.iperf3.AddressFamily;
import io.netchannel.perf.iperf3.Iperf3Client;
import io.netchannel.perf.iperf3.Iperf3Server;
import io.netchannel.perf.iperf3.ReportOptions;
import io.netchannel.samples.Shutdown;
import io.netchannel.samples.node.NodeOptions;
import io.netchannel.samples.node.TapOptions;
import io.netchannel.samples.node.TextConverter;
import io.netchannel.samples.observe.ObserveOptions;
import io.netchannel.tcpip.wire.IpAddress;
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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./netchannel iperf3}: either end of iperf3 on a node over a TAP. */
@Command(name = "iperf3", mixinStandardHelpOptions = true, description = "iperf3's server, or its client, on a node over a TAP device: a Linux host's iperf3 is the other end.", footer = {
    "", "Examples, as root:",
    "  netchannel iperf3 -s --tap nc0 --address 10.7.0.2/24 --host-address 10.7.0.1/24   # then: iperf3 -c 10.7.0.2",
    "  netchannel iperf3 -c 10.7.0.1 -t 5 -P 2 --tap nc0 --address 10.7.0.2/24 --host-address 10.7.0.1/24   # iperf3 -s",
    "", "Sizes take the suffixes K, M, G, T by 1024, rates by 1000. The server runs one test at a time."})
public final class Iperf3Command implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    /** One of both. */
    private static final class RoleOptions {

        @Option(names = {"-s", "--server"}, description = "Be the server, until interrupted.")
        private boolean server;

        @Option(names = {"-c",
            "--client"}, paramLabel = "ADDRESS", converter = TextConverter.Address.class, description = "Be a client of the server at this address.")
        private IpAddress client;
    }

    @ArgGroup(multiplicity = "1")
    private RoleOptions role;

    @Mixin
    private TapOptions link;

    @Option(names = {"-p",
        "--port"}, paramLabel = "PORT", defaultValue = "5201", description = "Port of the server (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = {"-i",
        "--interval"}, paramLabel = "SECONDS", defaultValue = "1", description = "Time between reports, 0 for none (default: ${DEFAULT-VALUE}).")
    private double intervalSeconds;

    @Option(names = {"-J", "--json"}, description = "Report as JSON.")
    private boolean json;

    @Option(names = {"-V", "--verbose"}, description = "Report more.")
    private boolean verbose;

    @Option(names = {"-1", "--one-off"}, description = "Server: end after one test.")
    private boolean oneOff;

    /** One or none. */
    private static final class FamilyOptions {

        @Option(names = {"-4", "--version4"}, description = "IPv4 only.")
        private boolean ipv4;

        @Option(names = {"-6", "--version6"}, description = "IPv6 only.")
        private boolean ipv6;
    }

    @ArgGroup
    private FamilyOptions family;

    @Mixin
    private ClientOptions client;

    @Mixin
    private NodeOptions options;

    @Mixin
    private ObserveOptions observe;

    @Override
    public Integer call() throws InterruptedException, IOException {
        observe.check(spec.commandLine());
        final ReportOptions report = reportOptions();
        return role.server ? serve(report) : measure(report);
    }

    private ReportOptions reportOptions() {
        final PrintWriter out = spec.commandLine().getOut();
        final PrintWriter err = spec.commandLine().getErr();
        try {
            return new ReportOptions(json, verbose, intervalSeconds, line -> println(out, line),
                    line -> println(err, line));
        } catch (final IllegalArgumentException e) {
            throw usage("-i: " + e.getMessage(), e);
        }
    }

    private static void println(final PrintWriter to, final String line) {
        to.println(line);
        to.flush();
    }

    private AddressFamily family() {
        if (family == null) {
            return AddressFamily.ANY;
        }
        return family.ipv4 ? AddressFamily.IPV4 : AddressFamily.IPV6;
    }

    private ParameterException usage(final String message, final Exception cause) {
        return new ParameterException(spec.commandLine(), message, cause);
    }

    private int serve(final ReportOptions report) throws InterruptedException, IOException {
        client.refuseForServer(spec.commandLine());
        final CountDownLatch ended = new CountDownLatch(1);
        final Iperf3Server server;
        try {
            server = new Iperf3Server(port, family(), report, oneOff ? ended::countDown : () -> {
            });
        } catch (final IllegalArgumentException e) {
            throw usage("-p: " + e.getMessage(), e);
        }
        final NodeConfig config = options.config(spec.commandLine(), "iperf3", link.tap());
        try (Shutdown _ = Shutdown.onSignal(ended::countDown);
                DataplaneNode node = link.open(spec.commandLine(), config)) {
            options.deploy(node);
            node.deploy(server);
            node.start();
            try (ObserveOptions.Observation _ = observe.observe(node)) {
                ended.await();
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private int measure(final ReportOptions report) throws InterruptedException, IOException {
        if (family != null && family() == AddressFamily.IPV4 != role.client.isIpv4()) {
            throw usage("-c " + role.client + " is not of the family that was asked for", null);
        }
        if (oneOff) {
            throw usage("-1 is for a server", null);
        }
        final Iperf3Client measuring;
        try {
            measuring = new Iperf3Client(role.client, port, client.parameters(), client.blockBytesGiven(), report);
        } catch (final IllegalArgumentException e) {
            throw usage(e.getMessage(), e);
        }
        final NodeConfig config = options.config(spec.commandLine(), "iperf3", link.tap());
        try (Shutdown _ = Shutdown.onSignal(measuring::terminate);
                DataplaneNode node = link.open(spec.commandLine(), config)) {
            options.deploy(node);
            node.deploy(measuring);
            node.start();
            try (ObserveOptions.Observation _ = observe.observe(node)) {
                return measuring.result().join() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
            }
        }
    }
}
