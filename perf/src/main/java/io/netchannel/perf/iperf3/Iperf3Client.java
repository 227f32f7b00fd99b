package io.netchannel.perf.iperf3;

import io.netchannel.node.Application;
import io.netchannel.node.LoopContext;
import io.netchannel.perf.loops.LoopGroup;
import io.netchannel.tcpip.wire.IpAddress;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * iperf3's client on a node: one test against a server, its streams spread over the loops in turn.
 *
 * <p>Threading: {@link #terminate} and {@link #result} any.
 */
public final class Iperf3Client implements Application {

    /** The two sizes that iperf3 has for a block if none is given. */
    public static final int DEFAULT_TCP_BLOCK_BYTES = 128 << 10;
    public static final int DEFAULT_UDP_BLOCK_BYTES = 1460;

    private final IpAddress server;
    private final int port;
    private final TestParameters parameters;
    private final boolean blockBytesGiven;
    private final ReportOptions options;
    private final RandomGenerator random;
    private final LoopGroup loops = new LoopGroup();
    private final CompletableFuture<Boolean> result = new CompletableFuture<>();
    private volatile ClientSession session;

    /** @param blockBytesGiven false to make datagrams as large as the path takes uncut */
    public Iperf3Client(final IpAddress server, final int port, final TestParameters parameters,
            final boolean blockBytesGiven, final ReportOptions options) {
        AddressFamily.checkPort(port);
        this.server = server;
        this.port = port;
        this.parameters = parameters;
        this.blockBytesGiven = blockBytesGiven;
        this.options = options;
        this.random = new SecureRandom();
    }

    @Override
    public String name() {
        return "iperf3";
    }

    @Override
    public void start(final LoopContext loop) {
        if (loops.join(loop)) {
            loops.execute(loops.loop(0), () -> {
                session = new ClientSession(this, loops.loop(0));
                session.connect();
            });
        }
    }

    @Override
    public void stop(final LoopContext loop) {
        loops.stop();
        result.complete(false);
    }

    /** Whether the test went well; completed when all is reported. */
    public CompletableFuture<Boolean> result() {
        return result;
    }

    /** Ends the test early; the server is told. */
    public void terminate() {
        final ClientSession current = session;
        if (current != null) {
            loops.execute(loops.loop(0), current::terminate);
        }
        result.completeOnTimeout(false, 1, TimeUnit.SECONDS);
    }

    IpAddress server() {
        return server;
    }

    int port() {
        return port;
    }

    TestParameters parameters() {
        return parameters;
    }

    boolean blockBytesGiven() {
        return blockBytesGiven;
    }

    ReportOptions options() {
        return options;
    }

    LoopGroup loops() {
        return loops;
    }

    /** Letters and digits, and a zero. */
    byte[] newCookie() {
        final String alphabet = "abcdefghijklmnopqrstuvwxyz234567";
        final byte[] cookie = new byte[State.COOKIE_BYTES];
        for (int i = 0; i < State.COOKIE_BYTES - 1; i++) {
            cookie[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
        }
        return cookie;
    }

    void ended(final boolean well) {
        result.complete(well);
    }
}
