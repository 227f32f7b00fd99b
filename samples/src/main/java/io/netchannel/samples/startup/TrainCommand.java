package io.netchannel.samples.startup;

import io.netchannel.perf.netperf.host.Namespaces;
import io.netchannel.perf.startup.DatagramAsker;
import io.netchannel.perf.startup.StreamAsker;
import io.netchannel.perf.startup.WirePair;
import io.netchannel.samples.Netchannel;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code ./netchannel train}, hidden: goes through what a node goes through when it starts, so that the JVM finds the classes
 * worth a place in the cache that it writes at the end. As root that is {@code echo} and {@code memcached} itself, on a TAP in a
 * namespace; otherwise nodes on a wire, and {@code echo} only as far as its options. And {@code memcached} on the kernel's sockets.
 */
@Command(name = "train", hidden = true, description = "Starts a node once and ends: the run from which the launcher has its cache of classes made.")
public final class TrainCommand implements Callable<Integer> {

    private static final String NODE = "10.7.0.2";
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MEMCACHED_PORT = 11211;
    private static final String[] TAP = {"--tap", "nc0", "--address", NODE + "/24", "--host-address", "10.7.0.1/24"};
    private static final String[] ECHO = command(TAP, "echo");
    private static final String[] MEMCACHED = command(TAP, "memcached");

    private static String[] command(final String[] options, final String... words) {
        return Stream.concat(Arrays.stream(words), Arrays.stream(options)).toArray(String[]::new);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        WirePair.run(() -> {
        }, () -> {
        });
        if (Namespaces.unavailability() == null) {
            onTap();
        } else {
            Netchannel.commandLine().parseArgs(ECHO);
        }
        final int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        final StreamAsker asker = new StreamAsker(LOOPBACK, port);
        serve(asker::isAnswered, "memcached", "--kernel", "-l", LOOPBACK, "-p", String.valueOf(port));
        return CommandLine.ExitCode.OK;
    }

    private void onTap() throws IOException, InterruptedException {
        try (Namespaces namespaces = new Namespaces()) {
            final String namespace = namespaces.make("t");
            final FutureTask<Integer> asked = new FutureTask<>(() -> {
                Namespaces.enter(namespace);
                try (DatagramAsker asker = new DatagramAsker(NODE)) {
                    serve(asker::isAnswered, ECHO);
                }
                final StreamAsker asker = new StreamAsker(NODE, MEMCACHED_PORT);
                serve(asker::isAnswered, MEMCACHED);
                return CommandLine.ExitCode.OK;
            });
            Thread.ofPlatform().name("train").start(asked);
            asked.get();
        } catch (final ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** Who is asked until it answers. */
    private interface Asker {
        boolean isAnswered() throws IOException;
    }

    /** Runs a command until it has answered; it is in the namespace of this thread. */
    private void serve(final Asker asker, final String... command) throws IOException, InterruptedException {
        final Thread server = Thread.ofPlatform().name(command[0])
                .start(() -> Netchannel.commandLine().execute(command));
        boolean answered;
        do {
            answered = asker.isAnswered();
        } while (!answered && server.isAlive());
        // The command waits for a signal; there is none to come.
        server.interrupt();
        server.join();
    }
}
