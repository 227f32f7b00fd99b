package io.netchannel.samples.interop;

import io.netchannel.samples.interop.ChaosClient.Exchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Servers and clients around a proxy, a process of its own inside its namespace: what happens depends on the seed. It prints
 * what it saw, how often, and what must not be.
 */
final class ChaosRun {

    static final int SERVERS = 4;
    static final int FIRST_PORT = 9001;
    static final int MAX_CONNECTIONS = 4;
    static final List<String> PROXIES = List.of("plain", "eager");
    static final int FIRST_PROXY_PORT = 8080;

    private static final int CLIENTS = 64;
    private static final int MAX_SHOWN = 100;
    private static final long MS = 1_000_000;
    private static final long SECOND_MS = 1_000;
    private static final int LEAVE_MS = 20_000;

    private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
    private final Map<Long, List<ChaosServer.Attempt>> attempts = new ConcurrentHashMap<>();
    private final Map<String, ChaosServer> servers = new TreeMap<>();
    private final Queue<Exchange> exchanges = new ConcurrentLinkedQueue<>();
    private final AtomicLong ids = new AtomicLong();
    private final SplittableRandom random;
    private final boolean strict;
    private final Map<String, Integer> events = new TreeMap<>();

    private ChaosRun(final long seed, final boolean strict) {
        this.strict = strict;
        random = new SplittableRandom(seed);
        for (int i = 0; i < SERVERS; i++) {
            final String name = "s" + i;
            servers.put(name, new ChaosServer(name, FIRST_PORT + i, strict
                    ? MAX_CONNECTIONS
                    : Integer.MAX_VALUE, seed, attempts, violations));
        }
    }

    /** The line that starts it. @param strict whether it counts what a server has to do at once */
    static String[] commandLine(final String address, final long seed, final int seconds, final Path log,
            final boolean strict) {
        return new String[]{Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g",
            "-Djava.net.preferIPv4Stack=true", "-cp",
            ChaosRun.class.getProtectionDomain().getCodeSource().getLocation().getPath(), ChaosRun.class.getName(),
            address, Long.toString(seed), Integer.toString(seconds), log.toString(),
            Boolean.toString(strict)};
    }

    public static void main(final String[] args) throws Exception {
        new ChaosRun(Long.parseLong(args[1]), Boolean.parseBoolean(args[4])).run(args[0], Long.parseLong(args[1]),
                Integer.parseInt(args[2]), Path.of(
                        args[3]));
    }

    private void run(final String address, final long seed, final int seconds, final Path log) throws Exception {
        for (final ChaosServer server : servers.values()) {
            server.start();
        }
        System.out.println("ready");
        final InetSocketAddress[] targets = new InetSocketAddress[PROXIES.size()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = new InetSocketAddress(address, FIRST_PROXY_PORT + i);
        }
        final long endMs = System.currentTimeMillis() + seconds * SECOND_MS;
        final List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofVirtual().start(new ChaosClient(targets, PROXIES.toArray(String[]::new), seed * 1_000
                    + i, ids, exchanges, () -> System.currentTimeMillis() < endMs)));
        }
        while (System.currentTimeMillis() < endMs) {
            LockSupport.parkNanos((50 + random.nextInt(400)) * MS);
            disturb();
        }
        for (final ChaosServer server : servers.values()) {
            recover(server);
        }
        for (final Thread client : clients) {
            client.join();
        }
        leave();
        judge(log);
        report();
    }

    private void disturb() throws IOException {
        final ChaosServer server = servers.get("s" + random.nextInt(SERVERS));
        if (!server.isUp() || server.isFrozen() || server.isSick()) {
            if (random.nextInt(3) == 0) {
                recover(server);
            }
            return;
        }
        switch (random.nextInt(5)) {
            case 0 -> {
                count("killed");
                server.kill();
            }
            case 1 -> {
                count("frozen");
                server.freeze();
            }
            case 2 -> {
                count("sick");
                server.sick(true);
            }
            default -> {
                // Calm.
            }
        }
    }

    private void recover(final ChaosServer server) throws IOException {
        if (!server.isUp()) {
            server.start();
        }
        if (server.isFrozen()) {
            server.thaw();
        }
        server.sick(false);
    }

    private void count(final String what) {
        events.merge(what, 1, Integer::sum);
    }

    /** Those of checks come and go. */
    private void leave() {
        final long endMs = System.currentTimeMillis() + LEAVE_MS;
        for (final ChaosServer server : servers.values()) {
            while (server.connections() > 0 && System.currentTimeMillis() < endMs) {
                LockSupport.parkNanos(MS);
            }
            if (strict && server.connections() > 0) {
                violations.add(server.connections() + " connections to " + server.name() + " are left");
            }
        }
    }

    private void judge(final Path log) throws IOException {
        final ChaosJudge judge = new ChaosJudge(PROXIES, List.copyOf(servers.keySet()), strict);
        judge.read(log);
        final String wrong = judge.judgeLog();
        if (wrong != null) {
            violations.add(wrong);
        }
        for (final Exchange exchange : exchanges) {
            final List<ChaosServer.Attempt> tried = attempts.getOrDefault(exchange.id, List.of());
            final String last = tried.isEmpty() ? "not sent" : tried.getLast().behaviour().toString();
            count(exchange.proxy + " " + last + " " + exchange.outcome + " " + exchange.status + ", logged " + judge
                    .label(exchange));
            final String bad = judge.judge(exchange, tried, servers);
            if (bad != null) {
                violations.add(bad + ": " + exchange + ", logged " + judge.label(exchange) + judge.server(
                        exchange) + ", tried " + tried);
            }
        }
    }

    private void report() {
        System.out.println("requests " + exchanges.size());
        events.forEach((what, times) -> System.out.println(times + " " + what));
        servers.values().forEach(server -> System.out.println(server.name() + ": at most " + server.mostWorking()
                + " requests of a proxy at once, " + server.mostConnections() + " connections"));
        System.out.println("violations " + violations.size());
        violations.stream().sorted().limit(MAX_SHOWN).forEach(System.out::println);
        System.out.flush();
    }
}
