package io.netchannel.samples.interop;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Clients with good and bad manners, one connection after the other; each byte of each answer is looked at. */
final class ChaosClient implements Runnable {

    private static final long MS = 1_000_000;
    /** Longer than all of the proxy's time-outs together. */
    private static final int PATIENCE_MS = 30_000;
    private static final int CONNECT_MS = 10_000;

    /** How a request ended for its client. */
    enum Outcome {
        WHOLE, CUT, NOTHING, ABORTED, HUNG
    }

    /** What a client does. */
    enum Manner {
        KEEPS(8), PIPELINES(2), POSTS(3), POSTS_CHUNKED(2), HALF_CLOSES(1), READS_SLOWLY(1), LEAVES(1), RESETS(
                1), LEAVES_IN_ANSWER(1), HALF_HEAD(1), HALF_BODY(1);

        private final int share;

        Manner(final int share) {
            this.share = share;
        }

        private static Manner of(final SplittableRandom random) {
            int left = random.nextInt(22);
            for (final Manner each : values()) {
                left -= each.share;
                if (left < 0) {
                    return each;
                }
            }
            throw new AssertionError();
        }
    }

    /** One request as its client saw it. Written by the client's thread, read when that has ended. */
    static final class Exchange {

        final long id;
        final String proxy;
        final Manner manner;
        final boolean first;
        final long fromMs = System.currentTimeMillis();
        long toMs;
        Outcome outcome;
        int status = -1;
        String wrong;
        boolean sent;

        Exchange(final long id, final String proxy, final Manner manner, final boolean first) {
            this.id = id;
            this.proxy = proxy;
            this.manner = manner;
            this.first = first;
        }

        @Override
        public String toString() {
            return "request " + id + " " + proxy + " " + manner + (first ? " first" : "") + " " + outcome + " " + status
                    + " after " + (toMs - fromMs) + " ms";
        }
    }

    private final InetSocketAddress[] targets;
    private final String[] names;
    private final SplittableRandom random;
    private final AtomicLong ids;
    private final Queue<Exchange> exchanges;
    private final BooleanSupplier going;
    private Socket socket;
    private InputStream in;
    private OutputStream out;

    ChaosClient(final InetSocketAddress[] targets, final String[] names, final long seed, final AtomicLong ids,
            final Queue<Exchange> exchanges, final BooleanSupplier going) {
        this.targets = targets;
        this.names = names;
        this.random = new SplittableRandom(seed);
        this.ids = ids;
        this.exchanges = exchanges;
        this.going = going;
    }

    @Override
    public void run() {
        while (going.getAsBoolean()) {
            final int which = random.nextInt(targets.length);
            try (Socket opened = new Socket()) {
                opened.setTcpNoDelay(true);
                opened.setSoTimeout(PATIENCE_MS);
                opened.connect(targets[which], CONNECT_MS);
                socket = opened;
                in = new BufferedInputStream(opened.getInputStream());
                out = opened.getOutputStream();
                converse(names[which], Manner.of(random));
            } catch (final IOException e) {
                final Exchange none = new Exchange(ids.incrementAndGet(), names[which], Manner.KEEPS, true);
                end(none, Outcome.HUNG);
                none.wrong = "can't connect: " + e;
            }
            pause(random.nextInt(30));
        }
    }

    private static void pause(final long durationMs) {
        LockSupport.parkNanos(durationMs * MS);
    }

    private void end(final Exchange exchange, final Outcome outcome) {
        exchange.toMs = System.currentTimeMillis();
        exchange.outcome = outcome;
        exchanges.add(exchange);
    }

    private void converse(final String proxy, final Manner manner) throws IOException {
        final int count = switch (manner) {
            case KEEPS, POSTS, POSTS_CHUNKED -> 1 + random.nextInt(8);
            case PIPELINES -> 3;
            default -> 1 + random.nextInt(2);
        };
        if (manner == Manner.PIPELINES) {
            pipeline(proxy, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            // Bad manners are shown at the end.
            final Manner now = i < count - 1 && manner.ordinal() > Manner.POSTS_CHUNKED.ordinal()
                    ? Manner.KEEPS
                    : manner;
            if (!exchange(new Exchange(ids.incrementAndGet(), proxy, now, i == 0))) {
                return;
            }
            pause(random.nextInt(20));
        }
    }

    private void pipeline(final String proxy, final int count) throws IOException {
        final List<Exchange> all = new ArrayList<>();
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            final Exchange each = new Exchange(ids.incrementAndGet(), proxy, Manner.PIPELINES, i == 0);
            each.sent = true;
            all.add(each);
            text.append(get(each.id));
        }
        send(text.toString());
        boolean open = true;
        for (final Exchange each : all) {
            if (open) {
                open = receive(each);
            } else {
                // It may not even have been read.
                end(each, Outcome.ABORTED);
            }
        }
    }

    private static String get(final long id) {
        return "GET /r/" + id + " HTTP/1.1\r\nHost: chaos\r\nX-Id: " + id + "\r\n\r\n";
    }

    private void send(final String text) {
        try {
            ChaosBody.write(out, text);
        } catch (final IOException e) {
            // What the proxy said before it closed is still to be read.
        }
    }

    /** @return whether the connection can be used for another */
    private boolean exchange(final Exchange exchange) throws IOException {
        switch (exchange.manner) {
            case POSTS, POSTS_CHUNKED -> post(exchange);
            case HALF_HEAD -> {
                send("GET /half HTTP/1.1\r\nHost: chaos\r\nX-Id: " + exchange.id + "\r\nX-Ha");
                if (random.nextBoolean()) {
                    end(exchange, Outcome.ABORTED);
                    return false;
                }
            }
            case HALF_BODY -> {
                send("POST /r/" + exchange.id + " HTTP/1.1\r\nHost: chaos\r\nX-Id: " + exchange.id
                        + "\r\nContent-Length: 1000\r\n\r\n" + new String(ChaosBody.of(exchange.id, 0, 500),
                                StandardCharsets.ISO_8859_1));
                if (random.nextBoolean()) {
                    pause(random.nextInt(100));
                    end(exchange, Outcome.ABORTED);
                    return false;
                }
            }
            default -> {
                exchange.sent = true;
                send(get(exchange.id));
            }
        }
        switch (exchange.manner) {
            case LEAVES, RESETS -> {
                pause(random.nextInt(120));
                socket.setSoLinger(exchange.manner == Manner.RESETS, 0);
                end(exchange, Outcome.ABORTED);
                return false;
            }
            case LEAVES_IN_ANSWER -> {
                try {
                    in.readNBytes(40);
                } catch (final IOException e) {
                    // Then somebody else left.
                }
                socket.setSoLinger(random.nextBoolean(), 0);
                end(exchange, Outcome.ABORTED);
                return false;
            }
            case HALF_CLOSES -> {
                try {
                    socket.shutdownOutput();
                } catch (final IOException e) {
                    // Closed by the proxy.
                }
            }
            default -> {
                // Waits.
            }
        }
        return receive(exchange) && exchange.manner != Manner.HALF_CLOSES && exchange.sent;
    }

    private void post(final Exchange exchange) {
        final int length = random.nextInt(4) == 0 ? random.nextInt(150_000) : 1 + random.nextInt(2_000);
        final boolean chunked = exchange.manner == Manner.POSTS_CHUNKED;
        try {
            ChaosBody.write(out, "POST /r/" + exchange.id + " HTTP/1.1\r\nHost: chaos\r\nX-Id: " + exchange.id
                    + "\r\nX-Bytes: " + length + "\r\n"
                    + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: " + length + "\r\n\r\n"));
            for (int from = 0; from < length;) {
                final int to = Math.min(length, from + 1 + random.nextInt(40_000));
                if (chunked) {
                    ChaosBody.write(out, Integer.toHexString(to - from) + "\r\n");
                }
                out.write(ChaosBody.of(exchange.id, from, to));
                if (chunked) {
                    ChaosBody.write(out, "\r\n");
                }
                from = to;
            }
            if (chunked) {
                ChaosBody.write(out, "0\r\n\r\n");
            }
            exchange.sent = true;
        } catch (final IOException e) {
            // What the proxy said before it closed is still to be read.
        }
    }

    /** @return whether the connection can be used for another */
    private boolean receive(final Exchange exchange) {
        boolean open = false;
        try {
            String line = ChaosBody.line(in);
            while (line != null && line.startsWith("HTTP/1.1 1")) {
                while (!line.isEmpty()) {
                    line = ChaosBody.line(in);
                }
                line = ChaosBody.line(in);
            }
            if (line == null) {
                end(exchange, Outcome.NOTHING);
                return false;
            }
            exchange.status = Integer.parseInt(line.substring(9, 12));
            open = answer(exchange);
            end(exchange, Outcome.WHOLE);
        } catch (final SocketTimeoutException e) {
            end(exchange, Outcome.HUNG);
        } catch (final IOException e) {
            end(exchange, exchange.status < 0 ? Outcome.NOTHING : Outcome.CUT);
        } catch (final RuntimeException e) {
            exchange.wrong = e.toString();
            end(exchange, Outcome.CUT);
        }
        return open;
    }

    /** Behind the first line. */
    private boolean answer(final Exchange exchange) throws IOException {
        long id = -1;
        int length = -1;
        boolean chunked = false;
        boolean close = false;
        for (String line = field(); !line.isEmpty(); line = field()) {
            final String value = line.substring(line.indexOf(':') + 1).strip();
            switch (line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT)) {
                case "x-id" -> id = Long.parseLong(value);
                case "content-length" -> length = Integer.parseInt(value);
                case "transfer-encoding" -> chunked = true;
                case "connection" -> close = "close".equals(value);
                default -> {
                    // Of no interest.
                }
            }
        }
        // The proxy's own answers have none.
        final boolean own = id < 0;
        if (own ? exchange.status == 200 : id != exchange.id) {
            exchange.wrong = "the answer is " + id + "'s";
        }
        if (chunked) {
            int position = 0;
            for (int size = Integer.parseInt(field(), 16); size > 0; size = Integer.parseInt(field(), 16)) {
                body(exchange, own, position, size);
                position += size;
                field();
            }
            field();
        } else if (length >= 0) {
            body(exchange, own, 0, length);
        } else {
            final ByteArrayOutputStream all = new ByteArrayOutputStream();
            in.transferTo(all);
            check(exchange, own, 0, all.toByteArray());
        }
        return !close && (length >= 0 || chunked);
    }

    private String field() throws IOException {
        final String line = ChaosBody.line(in);
        if (line == null) {
            throw new IOException("closed in the head");
        }
        return line;
    }

    private void body(final Exchange exchange, final boolean own, final int from, final int length)
            throws IOException {
        for (int at = from; at < from + length;) {
            final byte[] some = new byte[Math.min(4096, from + length - at)];
            final int read = in.read(some);
            if (read < 0) {
                throw new IOException("closed in the body");
            }
            check(exchange, own, at, Arrays.copyOf(some, read));
            at += read;
            if (exchange.manner == Manner.READS_SLOWLY) {
                pause(3);
            }
        }
    }

    private static void check(final Exchange exchange, final boolean own, final int from, final byte[] bytes) {
        if (!own && !ChaosBody.isRight(exchange.id, from, bytes, bytes.length)) {
            exchange.wrong = "wrong bytes in " + from + ".." + (from + bytes.length);
        }
    }
}
