package io.netchannel.samples.memcached.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.memcached.store.Slabs;
import io.netchannel.samples.memcached.store.Store;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests cut anywhere, and requests that are none. */
final class FragmentationTest {

    private static final String TEXT = "set a 1 0 5\r\nhello\r\nget a b\r\nset big 0 0 9000\r\n"
            + "0123456789".repeat(900)
            + "\r\nappend a 0 0 1\r\n!\r\nget a big\r\nms m 2 T0 k c O1\r\nhi\r\nmg m v t f k s\r\nma n N0 J7 v\r\n"
            + "incr n 5\r\ndecr n 1 noreply\r\nget n\r\nset x 0 0 20000\r\n" + "z".repeat(20_000)
            + "\r\ngat 0 a\r\ntouch a 5\r\ndelete a\r\ndelete a\r\ngets " + "key ".repeat(300) + "\r\nbogus\r\nmn\r\n";

    private static byte[] binary() {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(BinaryRequest.of(0x01).key("k").extras("0000002a00000000").value("value").bytes());
        all.writeBytes(BinaryRequest.of(0x0c).key("k").bytes());
        all.writeBytes(BinaryRequest.of(0x09).key("missing").bytes());
        all.writeBytes(BinaryRequest.of(0x05).key("n").extras("000000000000000100000000000000ff00000000").bytes());
        all.writeBytes(BinaryRequest.of(0x0e).key("k").value("-more").bytes());
        all.writeBytes(BinaryRequest.of(0x00).key("k").bytes());
        all.writeBytes(BinaryRequest.of(0x77).key("k").value("unknown").bytes());
        all.writeBytes(BinaryRequest.of(0x0a).bytes());
        return all.toByteArray();
    }

    private static String answer(final byte[] request, final int cut, final String... arguments) {
        try (TestServer server = new TestServer(arguments)) {
            final TestServer.Client client = server.connect();
            final ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(client.send(Arrays.copyOf(request, cut)));
            all.writeBytes(client.send(Arrays.copyOfRange(request, cut, request.length)));
            client.close();
            return HexFormat.of().formatHex(all.toByteArray());
        }
    }

    @Test
    void shouldAnswerTextTheSameWhereverItIsCut() {
        final byte[] request = TEXT.getBytes(StandardCharsets.ISO_8859_1);
        final String[] arguments = {"-I", "16k", "-o", "slab_chunk_max=4096"};
        final String whole = answer(request, 0, arguments);
        final int firstLongValue = TEXT.indexOf("0123456789");
        final int secondLongValue = TEXT.indexOf("zzz");
        for (int cut = 1; cut < request.length; cut++) {
            assertThat(answer(request, cut, arguments).equals(whole)).as("cut at " + cut).isTrue();
            // In the middle of a long value one place is like another.
            if (cut > firstLongValue && cut < firstLongValue + 8900 || cut > secondLongValue
                    && cut < secondLongValue + 19_900) {
                cut += 90;
            }
        }
    }

    @Test
    void shouldAnswerBinaryTheSameWhereverItIsCut() {
        final byte[] request = binary();
        final String whole = answer(request, 0);
        for (int cut = 1; cut < request.length; cut++) {
            assertThat(answer(request, cut)).as("cut at " + cut).isEqualTo(whole);
        }
    }

    @Test
    void shouldAnswerTheSameByteForByte() {
        for (final byte[] request : new byte[][]{binary(), TEXT.replace("z", "").replace("20000", "0")
                .getBytes(StandardCharsets.ISO_8859_1)}) {
            final String whole = answer(request, 0);
            try (TestServer server = new TestServer()) {
                final TestServer.Client client = server.connect();
                final ByteArrayOutputStream all = new ByteArrayOutputStream();
                for (final byte each : request) {
                    all.writeBytes(client.send(new byte[]{each}));
                }
                assertThat(HexFormat.of().formatHex(all.toByteArray()).equals(whole)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldSurviveMutatedRequestsAndLoseNoMemory(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[][] templates = {TEXT.replace("z", "").getBytes(StandardCharsets.ISO_8859_1), binary()};
        try (TestServer server = new TestServer("-m", "16", "-o", "slab_chunk_max=16384")) {
            for (int round = 0; round < 400; round++) {
                final TestServer.Client client = server.connect();
                final byte[] template = templates[random.nextInt(templates.length)];
                final int from = random.nextInt(template.length);
                final byte[] request = Arrays.copyOfRange(template, random.nextBoolean() ? 0 : from,
                        template.length);
                for (int i = random.nextInt(20); i > 0; i--) {
                    request[random.nextInt(request.length)] = (byte) random.nextInt(256);
                }
                for (int at = 0; at < request.length && !client.isClosed();) {
                    final int end = Math.min(request.length, at + 1 + random.nextInt(3000));
                    client.send(Arrays.copyOfRange(request, at, end));
                    at = end;
                }
                client.close();
                if (round % 50 == 0) {
                    server.advanceSeconds(1);
                }
            }
            final TestServer.Client last = server.connect();
            assertThat(last.send("mn\r\n")).as("seed " + seed).isEqualTo("MN\r\n");
            last.send("flush_all\r\n");
            server.advanceSeconds(2);
            last.send("lru_crawler crawl all\r\n");
            server.advanceSeconds(100);
            assertThat(server.store().itemCount()).as("seed " + seed).isZero();
            assertThat(usedChunks(server.store())).as("seed " + seed).isZero();
        }
    }

    /** Chunks that are in no free list: with no items and no requests under way there are none. */
    private static int usedChunks(final Store store) {
        int used = 0;
        for (int id = Slabs.FIRST_CLASS; id <= store.slabs().largestClass(); id++) {
            used += store.slabs().pages(id) * store.slabs().chunksPerPage(id) - store.slabs().freeChunks(id);
        }
        return used;
    }

    @Test
    void shouldBoundWhatThousandsOfHalfRequestsCost() {
        try (TestServer server = new TestServer("-m", "8", "-c", "5000")) {
            final TestServer.Client other = server.connect();
            assertThat(other.send("set early 0 0 1\r\nx\r\n")).isEqualTo("STORED\r\n");
            final TestServer.Client[] clients = new TestServer.Client[4000];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = server.connect();
                clients[i].send("set key" + i + " 0 0 100000\r\nhalf");
            }
            assertThat(server.store().slabs().allocatedBytes()).isLessThanOrEqualTo(12L << 20);
            // Whoever asks for what there is memory for is served meanwhile.
            assertThat(other.send("set small 0 0 1\r\nx\r\nget small\r\n"))
                    .isEqualTo("STORED\r\nVALUE small 0 1\r\nx\r\nEND\r\n");
            for (final TestServer.Client client : clients) {
                client.close();
            }
            assertThat(other.send("delete early\r\ndelete small\r\n")).isEqualTo("DELETED\r\nDELETED\r\n");
            assertThat(usedChunks(server.store())).isZero();
            assertThat(server.connect().send("set a 0 0 100000\r\n" + "x".repeat(100_000) + "\r\n"))
                    .isEqualTo("STORED\r\n");
        }
    }

    @Test
    void shouldServeASizeThatHasNoMemoryYetWhileHalfRequestsHoldAll() {
        final long limitBytes = 8L << 20;
        try (TestServer server = new TestServer("-m", "8")) {
            final List<TestServer.Client> clients = new ArrayList<>();
            do {
                clients.add(server.connect());
            } while (clients.getLast().send("set key" + clients.size() + " 0 0 100000\r\nhalf").isEmpty());
            final TestServer.Client other = server.connect();
            for (final int bytes : new int[]{1, 1000, 10_000}) {
                final String value = "x".repeat(bytes);
                assertThat(
                        other.send("set k" + bytes + " 0 0 " + bytes + "\r\n" + value + "\r\nget k" + bytes + "\r\n"))
                        .isEqualTo("STORED\r\nVALUE k" + bytes + " 0 " + bytes + "\r\n" + value + "\r\nEND\r\n");
            }
            // As with the original: a page for each class that had none, and no more.
            assertThat(server.store().slabs().allocatedBytes()).isEqualTo(limitBytes + (3L << 20));
            clients.forEach(TestServer.Client::close);
            server.advanceSeconds(10);
            assertThat(server.store().slabs().allocatedBytes()).isLessThanOrEqualTo(limitBytes);
            assertThat(other.send("get k1\r\n")).isEqualTo("VALUE k1 0 1\r\nx\r\nEND\r\n");
        }
    }
}
