package io.netchannel.samples.memcached.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.spotify.folsom.AsciiMemcacheClient;
import com.spotify.folsom.BinaryMemcacheClient;
import com.spotify.folsom.ConnectFuture;
import com.spotify.folsom.GetResult;
import com.spotify.folsom.MemcacheClient;
import com.spotify.folsom.MemcacheClientBuilder;
import com.spotify.folsom.MemcacheStatus;
import io.netchannel.kernel.sched.SystemNanoClock;
import io.netchannel.samples.memcached.options.ArgumentParser;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import net.spy.memcached.CASResponse;
import net.spy.memcached.CASValue;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.ConnectionFactoryBuilder.Protocol;
import net.spy.memcached.MemcachedClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The libraries that Java programs talk to memcached with. */
@Timeout(60)
final class ClientLibraryTest {

    private static final int OPERATION_TIMEOUT_MS = 20_000;
    /** A date in 1970: gone at once, so that nothing waits for a clock. The binary protocol has no negative ones. */
    private static final int EXPIRED = 30 * 24 * 3600 + 1;
    private static final int LARGE_BYTES = 900_000;

    private MemcachedServer server;
    private KernelServer kernel;
    private int port;

    @BeforeEach
    void start() throws Exception {
        server = new MemcachedServer(new ArgumentParser(List.of("-l", "127.0.0.1", "-p", "-1", "-t", "2")).settings(),
                2,
                SystemNanoClock.INSTANCE.nowNs(), Instant.now().getEpochSecond(), 0, () -> {
                });
        kernel = new KernelServer(server);
        kernel.start();
        final String line = kernel.ports().getFirst();
        port = Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
    }

    @AfterEach
    void stop() throws IOException {
        kernel.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void shouldServeSpymemcached(final Protocol protocol) throws Exception {
        final MemcachedClient client = new MemcachedClient(new ConnectionFactoryBuilder().setProtocol(protocol)
                .setOpTimeout(OPERATION_TIMEOUT_MS).build(), List.of(new InetSocketAddress("127.0.0.1", port)));
        try {
            assertThat(client.set("a", 0, "one").get()).isTrue();
            assertThat(client.get("a")).isEqualTo("one");
            assertThat(client.add("a", 0, "two").get()).isFalse();
            assertThat(client.replace("a", 0, "two").get()).isTrue();
            assertThat(client.append("a", "!").get()).isTrue();
            assertThat(client.prepend("a", ">").get()).isTrue();
            checkCas(client);
            assertThat(client.incr("n", 5, 40)).isEqualTo(40);
            assertThat(client.incr("n", 5)).isEqualTo(45);
            assertThat(client.decr("n", 50)).isZero();
            assertThat(client.incr("missing", 1)).isEqualTo(-1);
            assertThat(client.touch("a", 100).get()).isTrue();
            assertThat(client.set("over", EXPIRED, "x").get()).isTrue();
            assertThat(client.get("over")).isNull();
            checkMany(client);
            assertThat(client.delete("a").get()).isTrue();
            assertThat(client.delete("a").get()).isFalse();
            assertThat(client.getStats().values().iterator().next()).containsEntry("version", "1.6.18");
            assertThat(client.flush().get()).isTrue();
            assertThat(client.get("n")).isNull();
        } finally {
            client.shutdown();
        }
    }

    private static void checkCas(final MemcachedClient client) {
        final CASValue<Object> value = client.gets("a");
        assertThat(value.getValue()).isEqualTo(">two!");
        assertThat(client.cas("a", value.getCas(), "three")).isEqualTo(CASResponse.OK);
        assertThat(client.cas("a", value.getCas(), "four")).isEqualTo(CASResponse.EXISTS);
        assertThat(client.cas("missing", value.getCas(), "four")).isEqualTo(CASResponse.NOT_FOUND);
        assertThat(client.get("a")).isEqualTo("three");
    }

    private static void checkMany(final MemcachedClient client) throws Exception {
        final Map<String, Object> expected = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            expected.put("many" + i, "value" + i);
            client.set("many" + i, 0, "value" + i);
        }
        final byte[] large = new byte[LARGE_BYTES];
        Arrays.fill(large, (byte) 'x');
        final List<String> keys = new ArrayList<>(expected.keySet());
        keys.add("absent");
        assertThat(client.getBulk(keys)).isEqualTo(expected);
        assertThat(client.set("large", 0, large).get()).isTrue();
        assertThat((byte[]) client.get("large")).isEqualTo(large);
    }

    private MemcacheClientBuilder<String> folsom() {
        return MemcacheClientBuilder.newStringClient().withAddress("127.0.0.1", port);
    }

    private static <T> T get(final CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(OPERATION_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    @Test
    void shouldServeFolsomsTextProtocol() throws Exception {
        final AsciiMemcacheClient<String> client = folsom().connectAscii();
        try {
            get(ConnectFuture.connectFuture(client));
            checkFolsom(client);
            assertThat(get(client.set("n", "7", 0))).isEqualTo(MemcacheStatus.OK);
            assertThat(get(client.incr("n", 3))).isEqualTo(10);
            assertThat(get(client.decr("n", 11))).isZero();
            assertThat(get(client.incr("missing", 3))).isNull();
        } finally {
            client.shutdown();
        }
    }

    @Test
    void shouldServeFolsomsBinaryProtocol() throws Exception {
        final BinaryMemcacheClient<String> client = folsom().connectBinary();
        try {
            get(ConnectFuture.connectFuture(client));
            checkFolsom(client);
            assertThat(get(client.incr("n", 3, 7, 0))).isEqualTo(7);
            assertThat(get(client.incr("n", 3, 7, 0))).isEqualTo(10);
            assertThat(get(client.decr("n", 11, 7, 0))).isZero();
            // A number that has become shorter is filled up with spaces, as by the original.
            assertThat(get(client.getAndTouch("n", 100))).isEqualTo("0 ");
            get(client.noop());
        } finally {
            client.shutdown();
        }
    }

    private static void checkFolsom(final MemcacheClient<String> client) throws Exception {
        assertThat(get(client.set("a", "one", 0))).isEqualTo(MemcacheStatus.OK);
        assertThat(get(client.get("a"))).isEqualTo("one");
        assertThat(get(client.add("a", "two", 0))).isIn(MemcacheStatus.ITEM_NOT_STORED, MemcacheStatus.KEY_EXISTS);
        assertThat(get(client.replace("a", "two", 0))).isEqualTo(MemcacheStatus.OK);
        assertThat(get(client.append("a", "!"))).isEqualTo(MemcacheStatus.OK);
        final GetResult<String> value = get(client.casGet("a"));
        assertThat(value.getValue()).isEqualTo("two!");
        assertThat(get(client.set("a", "three", 0, value.getCas()))).isEqualTo(MemcacheStatus.OK);
        assertThat(get(client.set("a", "four", 0, value.getCas()))).isEqualTo(MemcacheStatus.KEY_EXISTS);
        assertThat(get(client.get(List.of("a", "absent", "a")))).containsExactly("three", null, "three");
        assertThat(get(client.touch("a", 100))).isEqualTo(MemcacheStatus.OK);
        checkExpiry(client);
        final String large = "x".repeat(LARGE_BYTES);
        assertThat(get(client.set("large", large, 0))).isEqualTo(MemcacheStatus.OK);
        assertThat(get(client.get("large")).getBytes(StandardCharsets.US_ASCII)).hasSize(LARGE_BYTES);
        assertThat(get(client.delete("a"))).isEqualTo(MemcacheStatus.OK);
        assertThat(get(client.delete("a"))).isEqualTo(MemcacheStatus.KEY_NOT_FOUND);
    }

    /** In a second that really passes, since this library sends no time of the past. */
    private static void checkExpiry(final MemcacheClient<String> client) throws Exception {
        assertThat(get(client.set("over", "x", 1))).isEqualTo(MemcacheStatus.OK);
        while (get(client.get("over")) != null) {
            Thread.onSpinWait();
        }
    }
}
