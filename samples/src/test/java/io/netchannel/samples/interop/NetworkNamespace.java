package io.netchannel.samples.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A network namespace that a test makes and removes: a Linux host of its own. */
final class NetworkNamespace implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name = "nc" + ProcessHandle.current().pid() + "x" + NUMBER.incrementAndGet();

    NetworkNamespace() {
        Command.run("ip", "netns", "add", name).expectSuccess();
        run("ip", "link", "set", "lo", "up").expectSuccess();
    }

    String name() {
        return name;
    }

    /** Moves an interface of the test's own namespace here and gives it addresses. */
    void adopt(final String interfaceName, final String... prefixes) {
        Command.run("ip", "link", "set", "dev", interfaceName, "netns", name).expectSuccess();
        configure(interfaceName, prefixes);
    }

    /** Moves an interface of another namespace here and gives it addresses. */
    void adopt(final NetworkNamespace from, final String interfaceName, final String... prefixes) {
        from.run("ip", "link", "set", "dev", interfaceName, "netns", name).expectSuccess();
        configure(interfaceName, prefixes);
    }

    /**
     * Makes a bridge with these addresses here, and an interface of this namespace its port. The bridge stays when a
     * node takes its TAP away: dnsmasq drops a message whose interface has gone before it is read.
     */
    void bridge(final String bridgeName, final String interfaceName, final String... prefixes) {
        run("ip", "link", "add", bridgeName, "type", "bridge").expectSuccess();
        run("ip", "link", "set", interfaceName, "master", bridgeName, "up").expectSuccess();
        configure(bridgeName, prefixes);
    }

    private void configure(final String interfaceName, final String... prefixes) {
        run("sysctl", "-q", "-w", "net.ipv6.conf." + interfaceName + ".accept_dad=0");
        for (final String prefix : prefixes) {
            final List<String> line = new ArrayList<>(List.of("ip", "addr", "add", prefix, "dev", interfaceName));
            if (prefix.contains(":")) {
                line.add("nodad");
            }
            run(line.toArray(String[]::new)).expectSuccess();
        }
        run("ip", "link", "set", interfaceName, "up").expectSuccess();
    }

    /** For interfaces to come, too. */
    void withoutIpv6() {
        for (final String which : new String[]{"all", "default"}) {
            run("sysctl", "-q", "-w", "net.ipv6.conf." + which + ".disable_ipv6=1").expectSuccess();
        }
    }

    Command.Result run(final String... line) {
        return start("", line).await(60);
    }

    /** A command of ours as a user runs it, a process of its own. */
    Command startNetchannel(final String... arguments) {
        final List<String> line = new ArrayList<>(List.of(launcher()));
        line.addAll(List.of(arguments));
        return start("", line.toArray(String[]::new));
    }

    static String launcher() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isExecutable(directory.resolve("netchannel"))) {
            directory = directory.getParent();
        }
        return directory.resolve("netchannel").toString();
    }

    Command start(final String input, final String... line) {
        final List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(List.of(line));
        return Command.start(all, input);
    }

    @Override
    public void close() {
        Command.run("ip", "netns", "del", name).expectSuccess();
    }
}
