package io.netchannel.samples.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * The Linux side of a test: a process of its own, started inside the namespace, that uses the kernel's sockets and prints
 * one line. The first argument says what to do.
 */
final class KernelClient {

    private static final int CHUNK_BYTES = 256 * 1024;

    private KernelClient() {
    }

    /** The line that starts this program with {@code args}. */
    static String[] commandLine(final String... args) {
        final String[] line = new String[args.length + 5];
        line[0] = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        line[1] = "-Xmx256m";
        line[2] = "-cp";
        line[3] = KernelClient.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        line[4] = KernelClient.class.getName();
        System.arraycopy(args, 0, line, 5, args.length);
        return line;
    }

    public static void main(final String[] args) throws Exception {
        final String host = args[1];
        final int port = Integer.parseInt(args[2]);
        switch (args[0]) {
            case "echo" -> System.out.println(echo(host, port, Long.parseLong(args[3]), Long.parseLong(args[4])));
            case "parallel" -> parallel(host, port, Integer.parseInt(args[3]), Long.parseLong(args[4]));
            case "short" -> shortConnections(host, port, Integer.parseInt(args[3]));
            case "half-close" -> halfClose(host, port);
            case "send-after-end" -> sendAfterEnd(host, port, Integer.parseInt(args[3]));
            case "converse" -> System.out.println(KernelConversation.connect(host, port, args[3]));
            case "converse-server" -> System.out.println(KernelConversation.accept(host, port, args[3]));
            case "source" -> source(host, port);
            case "sink" -> System.out.println(sink(host, port, Long.parseLong(args[3]), Long.parseLong(args[4])));
            case "flood" -> flood(host, port);
            case "memcached" -> System.out.println(ManyMemcachedClients.run(host, port, Integer.parseInt(args[3])));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** Sends pseudo-random bytes and reads them back at the same time; both digests must be equal. */
    private static String echo(final String host, final int port, final long lengthBytes, final long seed)
            throws Exception {
        try (Socket socket = new Socket(host, port); ExecutorService executor = Executors.newSingleThreadExecutor()) {
            final Future<String> sent = executor.submit(() -> send(socket, lengthBytes, seed));
            final String received = receive(socket.getInputStream());
            if (!sent.get().equals(received)) {
                throw new IOException("sent " + sent.get() + ", received " + received);
            }
            return "sha256 " + received;
        }
    }

    private static String send(final Socket socket, final long lengthBytes, final long seed) throws Exception {
        final MessageDigest digest = MessageDigest.getInstance("SHA-256");
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[] chunk = new byte[CHUNK_BYTES];
        final OutputStream out = socket.getOutputStream();
        for (long left = lengthBytes; left > 0;) {
            random.nextBytes(chunk);
            final int n = (int) Math.min(left, chunk.length);
            digest.update(chunk, 0, n);
            out.write(chunk, 0, n);
            left -= n;
        }
        socket.shutdownOutput();
        return lengthBytes + " " + HexFormat.of().formatHex(digest.digest());
    }

    private static String receive(final InputStream in) throws Exception {
        final MessageDigest digest = MessageDigest.getInstance("SHA-256");
        final byte[] chunk = new byte[CHUNK_BYTES];
        long total = 0;
        for (int n; (n = in.read(chunk)) >= 0;) {
            digest.update(chunk, 0, n);
            total += n;
        }
        return total + " " + HexFormat.of().formatHex(digest.digest());
    }

    private static void parallel(final String host, final int port, final int connections, final long lengthBytes)
            throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            final List<Future<String>> results = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                final long seed = i;
                results.add(executor.submit(() -> echo(host, port, lengthBytes, seed)));
            }
            for (final Future<String> result : results) {
                result.get();
            }
        }
        System.out.println("parallel " + connections);
    }

    private static void shortConnections(final String host, final int port, final int count) throws Exception {
        final byte[] request = "hello, netchannel".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            try (Socket socket = new Socket(host, port)) {
                // Every other connection is reset by its client, which leaves no TIME-WAIT on either side.
                socket.setSoLinger(i % 2 == 0, 0);
                socket.getOutputStream().write(request);
                final byte[] response = socket.getInputStream().readNBytes(request.length);
                if (!java.util.Arrays.equals(request, response)) {
                    throw new IOException("connection " + i + " got " + response.length + " bytes back");
                }
            }
        }
        System.out.println("short " + count);
    }

    /** Closes its own sending side first and still receives everything. */
    private static void halfClose(final String host, final int port) throws Exception {
        try (Socket socket = new Socket(host, port)) {
            final byte[] data = new byte[3_000_000];
            new SplittableRandom(7).nextBytes(data);
            final Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    socket.getOutputStream().write(data);
                    socket.shutdownOutput();
                } catch (final IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            writer.join(50);
            final byte[] back = socket.getInputStream().readAllBytes();
            writer.join();
            System.out.println("half-close " + java.util.Arrays.equals(data, back));
        }
    }

    /** Reads to the end of what the other side sends, and only then sends. */
    private static void sendAfterEnd(final String host, final int port, final int lengthBytes) throws IOException {
        try (Socket socket = new Socket(host, port)) {
            System.out.println(new String(socket.getInputStream().readAllBytes(),
                    java.nio.charset.StandardCharsets.US_ASCII).strip());
            socket.getOutputStream().write(new byte[lengthBytes]);
        }
    }

    /** Sends to whoever connects, until it is killed. */
    private static void source(final String host, final int port) throws IOException {
        try (ServerSocket server = new ServerSocket(port, 8, InetAddress.getByName(host))) {
            System.out.println("listening");
            try (Socket socket = server.accept()) {
                final byte[] chunk = new byte[CHUNK_BYTES];
                while (true) {
                    socket.getOutputStream().write(chunk);
                }
            }
        }
    }

    /**
     * What comes within a time from the connection's start, in bytes.
     *
     * @param startMillis of the wall clock, to connect at
     */
    private static long sink(final String host, final int port, final long seconds, final long startMillis)
            throws Exception {
        while (System.currentTimeMillis() < startMillis) {
            LockSupport.parkUntil(startMillis);
        }
        try (Socket socket = new Socket(host, port)) {
            final long endNs = System.nanoTime() + seconds * 1_000_000_000;
            final byte[] chunk = new byte[CHUNK_BYTES];
            long bytes = 0;
            for (int n; (n = socket.getInputStream().read(chunk)) >= 0 && System.nanoTime() - endNs < 0;) {
                bytes += n;
            }
            return bytes;
        }
    }

    /** Sends until it is killed. */
    private static void flood(final String host, final int port) throws IOException {
        try (Socket socket = new Socket(host, port)) {
            System.out.println("flooding");
            final byte[] chunk = new byte[CHUNK_BYTES];
            while (true) {
                socket.getOutputStream().write(chunk);
            }
        }
    }
}
