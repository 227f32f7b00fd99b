package io.netchannel.samples.interop;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** One answer of a {@link ChaosServer}, whole or spoiled as its {@link ChaosBehaviour} says. */
final class ChaosAnswer {

    private static final int LARGE_BYTES = 300_000;
    private static final int SHORT_BYTES = 200;
    private static final long MS = 1_000_000;

    private final String name;
    private final Socket socket;
    private final OutputStream out;
    private final long id;
    private final Runnable gate;
    private final Runnable over;
    private final int length;

    /**
     * @param name of the server
     * @param gate waits while the server is frozen
     * @param over called when the proxy may take the request for answered
     */
    ChaosAnswer(final String name, final Socket socket, final long id, final Runnable gate, final Runnable over)
            throws IOException {
        this.name = name;
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.id = id;
        this.gate = gate;
        this.over = over;
        this.length = 20 + (int) (id * 7919 % 3_000);
    }

    /** The last bytes follow: for the proxy it may be over before this server's thread goes on. */
    private void over() {
        over.run();
    }

    private String head(final String status, final String more) {
        return "HTTP/1.1 " + status + "\r\nX-Id: " + id + "\r\nX-Server: " + name + "\r\n" + more + "\r\n";
    }

    private void text(final String text) throws IOException {
        gate.run();
        ChaosBody.write(out, text);
    }

    private void body(final int from, final int to) throws IOException {
        gate.run();
        out.write(ChaosBody.of(id, from, to));
    }

    private String withLength(final String status, final int of) {
        return head(status, "Content-Length: " + of + "\r\n");
    }

    private boolean reset() throws IOException {
        over();
        socket.setSoLinger(true, 0);
        return false;
    }

    private boolean closed() {
        over();
        return false;
    }

    private boolean last(final int from, final int to) throws IOException {
        over();
        body(from, to);
        return true;
    }

    private void chunk(final int from, final int to) throws IOException {
        text(Integer.toHexString(to - from) + "\r\n");
        body(from, to);
        text("\r\n");
    }

    private void pause(final long durationMs) {
        LockSupport.parkNanos(durationMs * MS);
        gate.run();
    }

    /** @return whether the connection stays open */
    boolean send(final ChaosBehaviour behaviour) throws IOException {
        return switch (behaviour) {
            case LENGTH, EARLY_ANSWER -> {
                text(withLength("200 OK", length));
                yield last(0, length);
            }
            case CHUNKED -> {
                text(head("200 OK", "Transfer-Encoding: chunked\r\n"));
                chunk(0, length / 2);
                chunk(length / 2, length);
                over();
                text("0\r\n\r\n");
                yield true;
            }
            case LARGE -> {
                text(withLength("200 OK", LARGE_BYTES));
                yield last(0, LARGE_BYTES);
            }
            case SAYS_CLOSE -> {
                text(head("200 OK", "Connection: close\r\nContent-Length: " + length + "\r\n"));
                last(0, length);
                yield false;
            }
            case CLOSES_UNSAID -> {
                text(withLength("200 OK", length));
                last(0, length);
                pause(id % 3 * 10);
                yield false;
            }
            case TO_THE_END -> {
                text(head("200 OK", "Connection: close\r\n"));
                last(0, length);
                yield false;
            }
            case DRIP -> {
                text(withLength("200 OK", length));
                for (int i = 0; i < 10; i++) {
                    body(i, i + 1);
                    pause(40);
                }
                yield last(10, length);
            }
            case THINK -> {
                pause(50 + id % 300);
                text(withLength("200 OK", length));
                yield last(0, length);
            }
            case ERROR_500 -> {
                text(withLength("500 Internal Server Error", length));
                yield last(0, length);
            }
            case EARLY_HINTS -> {
                text("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                pause(5);
                text(withLength("200 OK", length));
                yield last(0, length);
            }
            case TOO_MUCH -> {
                // All in one segment: what comes alone could be for the next request as well.
                over();
                text(withLength("200 OK", SHORT_BYTES) + new String(ChaosBody.of(id, 0, SHORT_BYTES),
                        StandardCharsets.ISO_8859_1) + withLength("200 OK", 0));
                yield true;
            }
            case SILENT -> {
                while (socket.getInputStream().read() >= 0) {
                    // The proxy gives up.
                }
                yield closed();
            }
            case RESET_BEFORE -> reset();
            case CLOSE_BEFORE -> closed();
            case RESET_IN_HEAD, CLOSE_IN_HEAD -> {
                text("HTTP/1.1 200 OK\r\nX-Id: " + id + "\r\nX-Ser");
                pause(5);
                yield behaviour == ChaosBehaviour.RESET_IN_HEAD ? reset() : closed();
            }
            case RESET_IN_BODY, CUT_LENGTH -> {
                text(withLength("200 OK", length));
                body(0, length / 2);
                pause(5);
                yield behaviour == ChaosBehaviour.RESET_IN_BODY ? reset() : closed();
            }
            case CUT_CHUNK -> {
                text(head("200 OK", "Transfer-Encoding: chunked\r\n"));
                chunk(0, length / 2);
                text("ff\r\n");
                body(length / 2, length / 2 + 4);
                pause(5);
                yield closed();
            }
            case JUNK -> {
                over();
                text("NONSENSE " + id + "\r\n\r\n");
                pause(5);
                yield false;
            }
            case BAD_CHUNK -> {
                text(head("200 OK", "Transfer-Encoding: chunked\r\n"));
                chunk(0, length / 2);
                pause(5);
                over();
                text("xyz\r\nabc\r\n");
                yield true;
            }
            case STALLS -> {
                text(withLength("200 OK", length));
                body(0, length / 2);
                while (socket.getInputStream().read() >= 0) {
                    // The proxy gives up.
                }
                yield closed();
            }
        };
    }
}
