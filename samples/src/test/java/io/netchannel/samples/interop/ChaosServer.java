package io.netchannel.samples.interop;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A web server that can be killed, restarted and frozen, and that does with each request what its {@link ChaosBehaviour} says. */
final class ChaosServer {

    private static final int BACKLOG = 128;
    private static final long MS = 1_000_000;
    private static final int MAX_TRIES = 2_000;

    /** One request as it came here. */
    record Attempt(long id, String server, ChaosBehaviour behaviour, boolean right) {
    }

    /** From when to when something was wrong with it; the end is {@link Long#MAX_VALUE} while it is. */
    private static final class Disturbance {

        private final long fromMs;
        private volatile long toMs = Long.MAX_VALUE;

        Disturbance(final long fromMs) {
            this.fromMs = fromMs;
        }
    }

    private final String name;
    private final int port;
    private final int maxConnections;
    private final long seed;
    private final Map<Long, List<Attempt>> attempts;
    private final List<String> violations;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    /** Requests under way, by the proxy that they come from. */
    private final Map<String, Set<Socket>> working = new ConcurrentHashMap<>();
    private final List<Disturbance> disturbances = new ArrayList<>();
    private final AtomicInteger mostWorking = new AtomicInteger();
    private final AtomicInteger mostConnections = new AtomicInteger();
    private volatile ServerSocket listener;
    private volatile boolean frozen;
    private volatile boolean sick;
    private Disturbance disturbance;

    ChaosServer(final String name, final int port, final int maxConnections, final long seed,
            final Map<Long, List<Attempt>> attempts, final List<String> violations) {
        this.name = name;
        this.port = port;
        this.maxConnections = maxConnections;
        this.seed = seed;
        this.attempts = attempts;
        this.violations = violations;
    }

    String name() {
        return name;
    }

    boolean isUp() {
        return listener != null;
    }

    boolean isFrozen() {
        return frozen;
    }

    boolean isSick() {
        return sick;
    }

    int mostWorking() {
        return mostWorking.get();
    }

    int mostConnections() {
        return mostConnections.get();
    }

    int connections() {
        return sockets.size();
    }

    // -- what happens to it

    void start() throws IOException {
        final ServerSocket opened = new ServerSocket();
        opened.setReuseAddress(true);
        for (int tries = 0; !opened.isBound(); tries++) {
            try {
                opened.bind(new InetSocketAddress(port), BACKLOG);
            } catch (final BindException e) {
                // The kernel has the one that was killed until its thread has left the accept.
                if (tries == MAX_TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(MS);
            }
        }
        listener = opened;
        calm();
        Thread.ofVirtual().start(() -> accept(opened));
    }

    /** As the kernel does to a process that is killed: reset where there was something to read, else closed. */
    void kill() throws IOException {
        disturb();
        final ServerSocket closing = listener;
        listener = null;
        closing.close();
        for (final Socket socket : sockets) {
            socket.close();
        }
    }

    void freeze() {
        disturb();
        frozen = true;
    }

    void thaw() {
        frozen = false;
        calm();
    }

    /** Its checks fail, and nothing else. */
    void sick(final boolean now) {
        sick = now;
    }

    private synchronized void disturb() {
        disturbance = new Disturbance(System.currentTimeMillis());
        disturbances.add(disturbance);
    }

    private synchronized void calm() {
        if (disturbance != null) {
            disturbance.toMs = System.currentTimeMillis();
            disturbance = null;
        }
    }

    /** What was wrong at that time, or shortly before: its traces take a while. */
    synchronized boolean wasDisturbed(final long fromMs, final long toMs, final long afterMs) {
        for (final Disturbance each : disturbances) {
            if (each.fromMs <= toMs && (each.toMs == Long.MAX_VALUE || each.toMs + afterMs >= fromMs)) {
                return true;
            }
        }
        return false;
    }

    private void gate() {
        while (frozen) {
            LockSupport.parkNanos(5 * MS);
        }
    }

    // -- connections

    private void accept(final ServerSocket from) {
        while (true) {
            try {
                final Socket socket = from.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                mostConnections.accumulateAndGet(sockets.size(), Math::max);
                if (from != listener) {
                    socket.close();
                }
                gate();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (final IOException e) {
                return;
            }
        }
    }

    private void serve(final Socket socket) {
        try (socket) {
            final InputStream in = new BufferedInputStream(socket.getInputStream());
            while (request(socket, in)) {
                gate();
            }
        } catch (final IOException e) {
            // It was killed, or the proxy gave up.
        } finally {
            working.values().forEach(each -> each.remove(socket));
            sockets.remove(socket);
        }
    }

    /** @return whether another may follow */
    private boolean request(final Socket socket, final InputStream in) throws IOException {
        final String first = ChaosBody.line(in);
        if (first == null) {
            return false;
        }
        gate();
        final Map<String, String> fields = new ConcurrentHashMap<>();
        for (String line = ChaosBody.line(in); line != null && !line.isEmpty(); line = ChaosBody.line(in)) {
            final int colon = line.indexOf(':');
            fields.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        final OutputStream out = socket.getOutputStream();
        if (first.startsWith("GET /check ")) {
            ChaosBody.write(out, sick
                    ? "HTTP/1.0 503 Sick\r\n\r\n"
                    : "HTTP/1.0 200 OK\r\n\r\n");
            return false;
        }
        final long id = Long.parseLong(fields.get("x-id"));
        final String proxy = fields.get("x-proxy");
        begin(socket, proxy, id);
        final List<Attempt> before = attempts.computeIfAbsent(id, _ -> new ArrayList<>());
        final ChaosBehaviour behaviour;
        synchronized (before) {
            behaviour = ChaosBehaviour.of(seed, id, before.size());
            if (behaviour == ChaosBehaviour.EARLY_ANSWER) {
                before.add(new Attempt(id, name, behaviour, true));
            }
        }
        boolean right = true;
        if (behaviour != ChaosBehaviour.EARLY_ANSWER) {
            right = readBody(in, id, fields);
            synchronized (before) {
                before.add(new Attempt(id, name, behaviour, right));
            }
        }
        if (!right) {
            violations.add("request " + id + " came to " + name + " with a wrong body");
        }
        gate();
        final boolean more = new ChaosAnswer(name, socket, id, this::gate, () -> working.get(proxy).remove(socket))
                .send(
                        behaviour);
        if (behaviour == ChaosBehaviour.EARLY_ANSWER) {
            readBody(in, id, fields);
        }
        return more;
    }

    private boolean readBody(final InputStream in, final long id, final Map<String, String> fields) throws IOException {
        if (fields.containsKey("content-length")) {
            final int length = Integer.parseInt(fields.get("content-length"));
            return ChaosBody.isRight(id, 0, exactly(in, length), length);
        }
        boolean right = true;
        if ("chunked".equals(fields.get("transfer-encoding"))) {
            int position = 0;
            for (int size = size(in); size > 0; size = size(in)) {
                right &= ChaosBody.isRight(id, position, exactly(in, size), size);
                ChaosBody.line(in);
                position += size;
            }
            ChaosBody.line(in);
            right &= position == Integer.parseInt(fields.get("x-bytes"));
        }
        return right;
    }

    private static int size(final InputStream in) throws IOException {
        return Integer.parseInt(ChaosBody.line(in), 16);
    }

    private static byte[] exactly(final InputStream in, final int length) throws IOException {
        final byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the body was cut");
        }
        return bytes;
    }

    // -- the limit of connections at work

    private void begin(final Socket socket, final String proxy, final long id) throws IOException {
        final Set<Socket> at = working.computeIfAbsent(proxy, _ -> ConcurrentHashMap.newKeySet());
        at.add(socket);
        final Set<Socket> all = new HashSet<>(at);
        if (all.size() > maxConnections) {
            // Some that this server didn't see the end of yet may be over for the proxy.
            all.removeIf(each -> !at.contains(each));
            all.retainAll(established(all));
            all.removeIf(each -> !at.contains(each));
        }
        mostWorking.accumulateAndGet(all.size(), Math::max);
        if (all.size() > maxConnections) {
            violations.add(name + " has " + all.size() + " requests of " + proxy + " at once, with " + id);
        }
    }

    /** As the kernel sees them: no end came from the proxy. */
    private Set<Socket> established(final Set<Socket> asked) throws IOException {
        final Set<String> there = new HashSet<>();
        for (final String line : Files.readAllLines(Path.of("/proc/net/tcp"))) {
            final String[] words = line.strip().split("\\s+");
            if ("01".equals(words[3]) && words[1].endsWith(String.format(":%04X", port))) {
                there.add(words[2].substring(words[2].indexOf(':') + 1));
            }
        }
        final Set<Socket> found = new HashSet<>(asked);
        found.removeIf(each -> !there.contains(String.format("%04X", each.getPort())));
        return found;
    }
}
