package io.netchannel.perf.startup;

import io.netchannel.perf.netperf.host.Namespaces;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ServerSocket;
import java.util.concurrent.locks.LockSupport;

/** Who asks the node that starts. */
enum StartPath {

    /** Linux over a TAP, in a namespace of its own: {@code ./netchannel echo}. */
    TAP("./netchannel echo on a TAP; Linux asks by UDP", Launch.JVM, "link", "first answer") {

        @Override
        String unavailability() {
            return Namespaces.unavailability();
        }

        @Override
        PhaseTimes start(final boolean cached) throws IOException {
            try (DatagramAsker asker = new DatagramAsker(NODE);
                    Launch launch = new Launch(cached, "echo", "--tap", "nc0", "--address", NODE + "/24",
                            "--host-address", HOST + "/24")) {
                boolean answered;
                do {
                    launch.look();
                    answered = asker.isAnswered();
                    if (asker.isReachable()) {
                        launch.times().reach("link");
                    }
                } while (!answered);
                launch.times().finish(last(), launch.cpuNs());
                return launch.times();
            }
        }
    },

    /** The same, by TCP: {@code ./netchannel memcached}. */
    MEMCACHED_TAP("./netchannel memcached on a TAP; Linux asks by TCP", Launch.JVM, "first answer") {

        @Override
        String unavailability() {
            return Namespaces.unavailability();
        }

        @Override
        PhaseTimes start(final boolean cached) throws IOException {
            return ask(new StreamAsker(NODE, MEMCACHED_PORT), cached, "memcached", "-t", "1", "--tap", "nc0",
                    "--address",
                    NODE + "/24", "--host-address", HOST + "/24");
        }
    },

    /** Over the kernel's sockets. */
    MEMCACHED_KERNEL("./netchannel memcached --kernel; asked by TCP over loopback", Launch.JVM,
            "first answer") {

        @Override
        String unavailability() {
            return null;
        }

        @Override
        PhaseTimes start(final boolean cached) throws IOException {
            final int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            return ask(new StreamAsker(LOOPBACK, port), cached, "memcached", "--kernel", "-t", "1", "-l", LOOPBACK,
                    "-p",
                    String.valueOf(port));
        }
    },

    /** Another node in the same process, over a wire. */
    WIRE("two nodes on a wire in one process; one asks the other by UDP", Launch.JVM, "main", "node", "first answer") {

        @Override
        String unavailability() {
            return null;
        }

        @Override
        PhaseTimes start(final boolean cached) throws IOException {
            try (Launch launch = new Launch(cached, StartupCommand.NAME, StartupCommand.ONCE)) {
                while (!launch.times().hasReached(last())) {
                    launch.look().lines().forEach(launch.times()::reach);
                    LockSupport.parkNanos(LOOK_NS);
                }
                launch.times().finish(last(), launch.cpuNs());
                return launch.times();
            }
        }
    };

    private static final long LOOK_NS = 500_000L;
    private static final String NODE = "10.7.0.2";
    private static final String HOST = "10.7.0.1";
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MEMCACHED_PORT = 11211;

    private final String description;
    private final String[] phases;

    StartPath(final String description, final String... phases) {
        this.description = description;
        this.phases = phases;
    }

    /** What a child of the path {@link #WIRE} does: says each phase as it reaches it. */
    static void once(final PrintWriter out) throws InterruptedException {
        say(out, "main");
        WirePair.run(() -> say(out, "node"), () -> say(out, WIRE.last()));
    }

    PhaseTimes ask(final StreamAsker asker, final boolean cached, final String... command) throws IOException {
        try (Launch launch = new Launch(cached, command)) {
            boolean answered;
            do {
                launch.look();
                answered = asker.isAnswered();
            } while (!answered);
            launch.times().finish(last(), launch.cpuNs());
            return launch.times();
        }
    }

    /** Whether it is to be in a namespace of its own. */
    boolean hasNamespace() {
        return this == TAP || this == MEMCACHED_TAP;
    }

    private static void say(final PrintWriter out, final String phase) {
        out.println(phase);
        out.flush();
    }

    String description() {
        return description;
    }

    /** In the order in which a start goes through them; the last is the answer. */
    String[] phases() {
        return phases.clone();
    }

    String last() {
        return phases[phases.length - 1];
    }

    /** Why it can't be measured here; null if it can. */
    abstract String unavailability();

    /**
     * Starts one node and waits for its first answer. The thread is in the namespace that the node is to be in.
     *
     * @param cached with the launcher's cache of classes
     */
    abstract PhaseTimes start(boolean cached) throws IOException;
}
