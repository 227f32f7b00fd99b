package io.netchannel.samples.wire;

import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.node.LinkRelay;
import io.netchannel.node.NodeLink;
import io.netchannel.node.NodeWire;
import io.netchannel.node.TapLink;
import io.netchannel.samples.Shutdown;
import io.netchannel.virtio.device.ImpairmentConfig;
import io.netchannel.virtio.device.TapException;
import io.netchannel.virtio.device.WireConfig;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Joins two TAPs by an impaired wire until it is interrupted. */
@Command(name = "wire", mixinStandardHelpOptions = true, description = "Joins two TAP devices by a wire that loses, delays, reorders, duplicates, corrupts or marks packets: the same way each time, from a seed. Each direction has the same properties.", footer = {
    "", "Example, as root: two namespaces, 20 ms and 1 % loss apart",
    "  netchannel wire --tap nc0 --tap nc1 --delay-ms 20 --loss 0.01",
    "  ip link set nc0 netns a; ip link set nc1 netns b   # then addresses, and up"})
public final class WireCommand implements Callable<Integer> {

    private static final double NS_PER_MS = 1e6;

    @Spec
    private CommandSpec spec;

    @Option(names = "--tap", required = true, paramLabel = "NAME", description = "TAP device to create; give two. They go away with this program.")
    private List<String> taps;

    @Option(names = "--mtu", paramLabel = "BYTES", defaultValue = "1500", description = "MTU of the link (default: ${DEFAULT-VALUE}).")
    private int mtuBytes;

    @Option(names = "--loss", paramLabel = "P", defaultValue = "0", description = "Probability that a packet is lost, 0 to 1.")
    private double loss;

    @Option(names = "--duplicate", paramLabel = "P", defaultValue = "0", description = "Probability that a packet arrives twice.")
    private double duplicate;

    @Option(names = "--corrupt", paramLabel = "P", defaultValue = "0", description = "Probability that a bit of a packet is flipped.")
    private double corrupt;

    @Option(names = "--reorder", paramLabel = "P", defaultValue = "0", description = "Probability that a packet is held back and overtaken.")
    private double reorder;

    @Option(names = "--reorder-ms", paramLabel = "MS", defaultValue = "5", description = "For how long (default: ${DEFAULT-VALUE}).")
    private double reorderMs;

    @Option(names = "--delay-ms", paramLabel = "MS", defaultValue = "0", description = "Time from end to end, one way.")
    private double delayMs;

    @Option(names = "--jitter-ms", paramLabel = "MS", defaultValue = "0", description = "The delay varies by so much; order is kept.")
    private double jitterMs;

    @Option(names = "--rate-mbit", paramLabel = "MBIT", defaultValue = "0", description = "Rate in Mbit/s; 0 for no limit.")
    private double rateMbit;

    @Option(names = "--queue", paramLabel = "PACKETS", defaultValue = "1024", description = "Packets on and before the wire; more are lost (default: ${DEFAULT-VALUE}).")
    private int queueFrames;

    @Option(names = "--ecn-mark-ms", paramLabel = "MS", defaultValue = "0", description = "Packets capable of ECN are marked if they wait longer; needs --rate-mbit; 0 for never.")
    private double ecnMarkMs;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Seed of all random choices (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() throws InterruptedException {
        if (taps.size() != 2 || taps.getFirst().equals(taps.getLast())) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                    "--tap=" + String.join(",", taps) + ": a wire has two ends; give two TAPs");
        }
        for (final CommandLine.Model.OptionSpec option : spec.options()) {
            if (option.getValue() instanceof final Double value && !Double.isFinite(value)) {
                throw new CommandLine.ParameterException(spec.commandLine(),
                        option.longestName() + "=" + value + " is not a finite number");
            }
        }
        final NodeWire wire = wire();
        final CountDownLatch ended = new CountDownLatch(1);
        final PrintWriter out = spec.commandLine().getOut();
        try (Shutdown _ = Shutdown.onSignal(ended::countDown);
                LinkRelay a = open(taps.getFirst(), wire.a());
                LinkRelay b = open(taps.getLast(), wire.b());
                RunLoop loop = RunLoop.builder("wire").build()) {
            a.start(loop);
            b.start(loop);
            loop.start();
            out.println("a wire from " + taps.getFirst() + " to " + taps.getLast() + "; Ctrl-C ends it");
            out.flush();
            ended.await();
            out.println(a.leftToRight() + " frames from " + taps.getFirst() + ", " + b.leftToRight() + " from "
                    + taps.getLast());
            out.flush();
        }
        return CommandLine.ExitCode.OK;
    }

    private NodeWire wire() {
        try {
            ImpairmentConfig config = ImpairmentConfig.none(seed).withLoss(loss).withDuplicate(duplicate)
                    .withCorrupt(corrupt).withReorder(reorder, (long) (reorderMs * NS_PER_MS))
                    .withDelay((long) (delayMs * NS_PER_MS), (long) (jitterMs * NS_PER_MS))
                    .withRate((long) (rateMbit * 1e6)).withQueueFrames(queueFrames);
            if (ecnMarkMs != 0) {
                config = config.withEcnMark((long) (ecnMarkMs * NS_PER_MS));
            }
            return new NodeWire(new WireConfig(WireConfig.WAIT, config, config.withSeed(~seed)), mtuBytes);
        } catch (final IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private LinkRelay open(final String tap, final NodeLink end) {
        try {
            return LinkRelay.open(new TapLink(tap, List.of(), mtuBytes), end);
        } catch (final IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (final TapException e) {
            if (e.reason() == TapException.Reason.BAD_NAME) {
                throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
            }
            throw e;
        }
    }
}
