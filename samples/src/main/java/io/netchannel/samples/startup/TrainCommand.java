package io.netchannel.samples.startup;

import io.netchannel.perf.netperf.host.Namespaces;
import io.netchannel.perf.startup.DatagramAsker;
import io.netchannel.perf.startup.WirePair;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code ./netchannel train}, hidden: goes through what a node goes through when it starts, so that the JVM finds the classes
 * worth a place in the cache that it writes at the end. As root that is {@code echo} itself, on a TAP in a namespace;
 * otherwise nodes on a wire, and {@code echo} only as far as its options.
 */
@Command(name = "train", hidden = true, description = "Starts a node once and ends: the run from which the launcher has its cache of classes made.")
public final class TrainCommand implements Callable<Integer> {

    private static final String NODE = "10.7.0.2";
    private static final String[] ECHO = {"echo", "--tap", "nc0", "--address", NODE + "/24", "--host-address",
        "10.7.0.1/24"};

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        WirePair.run(() -> {
        }, () -> {
        });
        if (Namespaces.unavailability() == null) {
            echo();
        } else {
            commandLine().parseArgs(ECHO);
        }
        return CommandLine.ExitCode.OK;
    }

    private CommandLine commandLine() {
        return spec.root().commandLine();
    }

    private void echo() throws IOException, InterruptedException {
        try (Namespaces namespaces = new Namespaces()) {
            final String namespace = namespaces.make("t");
            final FutureTask<Integer> asked = new FutureTask<>(() -> {
                Namespaces.enter(namespace);
                final Thread echo = Thread.ofPlatform().name("echo").start(() -> commandLine().execute(ECHO));
                try (DatagramAsker asker = new DatagramAsker(NODE)) {
                    boolean answered;
                    do {
                        answered = asker.isAnswered();
                    } while (!answered && echo.isAlive());
                }
                // The command waits for a signal; there is none to come.
                echo.interrupt();
                echo.join();
                return CommandLine.ExitCode.OK;
            });
            Thread.ofPlatform().name("train").start(asked);
            asked.get();
        } catch (final ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }
}
