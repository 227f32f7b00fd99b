package io.netchannel.perf.conventional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeWire;
import io.netchannel.tcpip.wire.IpAddress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocking sockets over the engine, two nodes on a wire; {@code close} fails the test if a buffer is missing. */
@Timeout(60)
final class ConventionalNodeTest {

    private static final IpAddress SERVER = IpAddress.parse("10.78.0.2");
    private static final int PORT = 5001;
    private static final int SHARDS = 4;
    private static final int FLOWS = 256;
    private static final int SHORT_CONNECTIONS = 2 * FLOWS * SHARDS;

    private final NodeWire wire = NodeWire.lossless();
    private final ConventionalNode server = open("server", "10.78.0.2/24", wire, true);
    private final ConventionalNode client = open("client", "10.78.0.1/24", wire, false);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    ConventionalNodeTest() {
        server.start();
        client.start();
    }

    private static ConventionalNode open(final String name, final String prefix, final NodeWire wire,
            final boolean first) {
        return ConventionalNode.open(NodeConfig.builder(name).address(prefix).buffersPerLoop(512)
                .flowsPerLoop(FLOWS).build(), SHARDS,
                first ? wire.a() : wire.b());
    }

    @AfterEach
    void close() throws InterruptedException {
        client.close();
        server.close();
        threads.shutdownNow();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private static MemorySegment pattern(final int bytes, final int seed) {
        final MemorySegment memory = Arena.ofAuto().allocate(bytes);
        for (int i = 0; i < bytes; i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31 + seed + (i >>> 8)));
        }
        return memory;
    }

    private static void readFully(final ConventionalSocket socket, final MemorySegment into) throws IOException {
        for (int done = 0; done < into.byteSize();) {
            final int n = socket.read(into.address() + done, (int) into.byteSize() - done);
            assertThat(n).isPositive();
            done += n;
        }
    }

    /** Echoes messages of one size until the peer finishes. */
    private Callable<Long> echo(final ConventionalServerSocket listener, final int bytes) {
        return () -> {
            final ConventionalSocket socket = listener.accept();
            final MemorySegment buffer = Arena.ofAuto().allocate(bytes);
            long total = 0;
            for (int n; (n = socket.read(buffer.address(), bytes)) >= 0; total += n) {
                socket.write(buffer.address(), n);
            }
            socket.close();
            return total;
        };
    }

    @Test
    void shouldCarryBytesUnchangedBothWays() throws Exception {
        final ConventionalServerSocket listener = server.listen(PORT, 8);
        final Future<Long> echoed = threads.submit(echo(listener, 100_000));
        final ConventionalSocket socket = client.connect(SERVER, PORT);
        final MemorySegment back = Arena.ofAuto().allocate(65_536);
        for (int round = 0; round < 50; round++) {
            final MemorySegment sent = pattern(1 + round * 1300, round);
            socket.write(sent.address(), (int) sent.byteSize());
            final MemorySegment part = back.asSlice(0, sent.byteSize());
            readFully(socket, part);
            assertThat(part.mismatch(sent)).isEqualTo(-1);
        }
        socket.shutdownOutput();
        assertThat(socket.read(back.address(), 1)).isEqualTo(-1);
        socket.close();
        assertThat(echoed.get()).isEqualTo(50 + 1300L * 49 * 50 / 2);
        listener.close();
    }

    @Test
    void shouldStreamMoreThanTheBuffersHoldOnSeveralConnections() throws Exception {
        final int bytes = 8 << 20;
        final ConventionalServerSocket listener = server.listen(PORT, 8);
        final List<Future<Long>> received = new ArrayList<>();
        final List<Future<?>> sent = new ArrayList<>();
        for (int i = 0; i < SHARDS; i++) {
            received.add(threads.submit(() -> {
                final ConventionalSocket socket = listener.accept();
                final MemorySegment buffer = Arena.ofAuto().allocate(70_000);
                long total = 0;
                for (int n; (n = socket.read(buffer.address(), 70_000)) >= 0; total += n) {
                    // Discarded.
                }
                socket.close();
                return total;
            }));
            sent.add(threads.submit(() -> {
                final ConventionalSocket socket = client.connect(SERVER, PORT);
                final MemorySegment message = pattern(65_536, 1);
                for (int done = 0; done < bytes; done += 65_536) {
                    socket.write(message.address(), 65_536);
                }
                socket.close();
                return null;
            }));
        }
        for (final Future<?> each : sent) {
            each.get();
        }
        for (final Future<Long> each : received) {
            assertThat(each.get()).isEqualTo(bytes);
        }
        listener.close();
    }

    /** The server finishes first, so all of them wait in its flow table. */
    @Test
    void shouldServeMoreShortConnectionsThanTheFlowTableHolds() throws Exception {
        final ConventionalServerSocket listener = server.listen(PORT, 8);
        final Future<?> served = threads.submit(() -> {
            final MemorySegment one = Arena.ofAuto().allocate(1);
            for (int i = 0; i < SHORT_CONNECTIONS; i++) {
                final ConventionalSocket socket = listener.accept();
                socket.shutdownOutput();
                while (socket.read(one.address(), 1) >= 0) {
                    // The client has nothing to say.
                }
                socket.close();
            }
            return null;
        });
        final MemorySegment one = Arena.ofAuto().allocate(1);
        for (int i = 0; i < SHORT_CONNECTIONS; i++) {
            final ConventionalSocket socket = client.connect(SERVER, PORT);
            assertThat(socket.read(one.address(), 1)).isEqualTo(-1);
            socket.close();
        }
        served.get();
        listener.close();
    }

    @Test
    void shouldExchangeDatagrams() throws Exception {
        final ConventionalDatagramSocket a = client.datagrams();
        final ConventionalDatagramSocket b = server.datagrams();
        a.connect(SERVER, b.localPort());
        b.connect(IpAddress.parse("10.78.0.1"), a.localPort());
        final Future<?> answers = threads.submit(() -> {
            final MemorySegment buffer = Arena.ofAuto().allocate(1500);
            for (int i = 0; i < 500; i++) {
                b.send(buffer.address(), b.receive(buffer.address(), 1500));
            }
            return null;
        });
        final MemorySegment back = Arena.ofAuto().allocate(1500);
        for (int i = 0; i < 500; i++) {
            final MemorySegment sent = pattern(1 + i * 2, i);
            a.send(sent.address(), (int) sent.byteSize());
            assertThat(a.receive(back.address(), 1500)).isEqualTo(sent.byteSize());
            assertThat(back.asSlice(0, sent.byteSize()).mismatch(sent)).isEqualTo(-1);
        }
        answers.get();
        a.close();
        b.close();
    }

    @Test
    void shouldRefuseWhereNobodyListens() {
        assertThatThrownBy(() -> client.connect(SERVER, 9)).isInstanceOf(IOException.class)
                .hasMessageContaining("REFUSED");
    }

    @Test
    void shouldWakeAReaderWhenTheNodeCloses() throws Exception {
        final ConventionalServerSocket listener = server.listen(PORT, 8);
        final ConventionalSocket socket = client.connect(SERVER, PORT);
        final MemorySegment buffer = Arena.ofAuto().allocate(1);
        final Future<Integer> read = threads.submit(() -> socket.read(buffer.address(), 1));
        listener.accept();
        client.close();
        assertThatThrownBy(read::get).hasRootCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> socket.write(buffer.address(), 1)).isInstanceOf(IOException.class);
        listener.close();
    }

    @Test
    void shouldRefuseTooManyShards() {
        assertThatThrownBy(() -> ConventionalNode.open(NodeConfig.builder("n").address("10.78.0.1/24").build(), 65,
                NodeWire.lossless().a())).hasMessageContaining("shards=65");
    }
}
