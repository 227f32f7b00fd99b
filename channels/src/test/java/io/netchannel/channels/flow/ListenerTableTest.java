package io.netchannel.channels.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class ListenerTableTest {

    private static final long ANY_V4 = FlowKey.v4Mapped(0);
    private static final long HOST = FlowKey.v4Mapped(0x0A00_0001);

    private final ListenerTable table = new ListenerTable();

    private static FlowKey to(final long high, final long low, final int port, final int vlan) {
        return new FlowKey().protocol(6).local(high, low, port).vlanId(vlan);
    }

    private int found(final FlowKey key) {
        final ListenerTable.Listener listener = table.find(key);
        return listener == null ? -1 : listener.id();
    }

    @Test
    void shouldFindNothingInAnEmptyTable() {
        assertThat(table.find(to(0, HOST, 80, 0))).isNull();
        assertThat(table.size()).isZero();
    }

    @Test
    void shouldPreferTheMostSpecific() {
        final int any = table.listen(6, 0, 0, 80, ListenerTable.ANY_VLAN, 0);
        final int anyV4 = table.listen(6, 0, ANY_V4, 80, ListenerTable.ANY_VLAN, 0);
        final int host = table.listen(6, 0, HOST, 80, ListenerTable.ANY_VLAN, 0);
        final int hostVlan = table.listen(6, 0, HOST, 80, 9, 0);
        final int anyVlan = table.listen(6, 0, 0, 80, 9, 0);
        assertThat(found(to(0, HOST, 80, 9))).isEqualTo(hostVlan);
        assertThat(found(to(0, HOST, 80, 0))).isEqualTo(host);
        assertThat(found(to(0, HOST + 1, 80, 0))).isEqualTo(anyV4);
        assertThat(found(to(0, HOST + 1, 80, 9))).as("address before VLAN").isEqualTo(anyV4);
        assertThat(found(to(1, 2, 80, 0))).isEqualTo(any);
        assertThat(found(to(1, 2, 80, 9))).isEqualTo(anyVlan);
        assertThat(found(to(1, 2, 81, 9))).isEqualTo(-1);
        assertThat(found(to(1, 2, 80, 9).protocol(17))).isEqualTo(-1);
        assertThat(table.size()).isEqualTo(5);
    }

    @Test
    void shouldTakeServiceVlansOnlyWhereTheyAreNamed() {
        table.listen(6, 0, 0, 80, ListenerTable.ANY_VLAN, 0);
        assertThat(found(to(0, HOST, 80, 4094))).isZero();
        assertThat(found(to(0, HOST, 80, 1 << 12 | 5))).isEqualTo(-1);
        final int named = table.listen(6, 0, 0, 80, 1 << 12 | 5, 0);
        assertThat(found(to(0, HOST, 80, 1 << 12 | 5))).isEqualTo(named);
        assertThat(found(to(0, HOST, 80, 2 << 12 | 5))).isEqualTo(-1);
    }

    @Test
    void shouldGatherLoopsInOneListenerAndForgetItWithTheLast() {
        final int id = table.listen(6, 0, 0, 80, 0, 3);
        assertThat(table.listen(6, 0, 0, 80, 0, 63)).isEqualTo(id);
        assertThat(table.find(to(0, HOST, 80, 0)).loops()).isEqualTo(1L << 63 | 1 << 3);
        assertThat(table.unlisten(6, 0, 0, 80, 0, 4)).isFalse();
        assertThat(table.unlisten(6, 0, 0, 81, 0, 3)).isFalse();
        assertThat(table.unlisten(6, 0, 0, 80, 0, 3)).isTrue();
        assertThat(table.find(to(0, HOST, 80, 0)).loops()).isEqualTo(1L << 63);
        assertThat(table.unlisten(6, 0, 0, 80, 0, 63)).isTrue();
        assertThat(table.find(to(0, HOST, 80, 0))).isNull();
        assertThat(table.listen(6, 0, 0, 80, 0, 3)).isNotEqualTo(id);
    }

    @Test
    void shouldRefuseWhatIsOutOfRange() {
        assertThatThrownBy(() -> table.listen(6, 0, 0, 0, 0, 0)).hasMessageContaining("localPort=0");
        assertThatThrownBy(() -> table.listen(6, 0, 0, 65_536, 0, 0)).hasMessageContaining("localPort=65536");
        assertThatThrownBy(() -> table.listen(256, 0, 0, 1, 0, 0)).hasMessageContaining("protocol=256");
        assertThatThrownBy(() -> table.listen(6, 0, 0, 1, -2, 0)).hasMessageContaining("vlanId=-2");
        assertThatThrownBy(() -> table.listen(6, 0, 0, 1, 0, 64)).hasMessageContaining("loop=64");
    }

    @Test
    void shouldAgreeWithASearchOfAllListeners() {
        final long seed = 4711;
        final Random random = new Random(seed);
        final long[] lows = {0, ANY_V4, HOST, HOST + 1, 7};
        final List<ListenerTable.Listener> model = new ArrayList<>();
        for (int step = 0; step < 8_000; step++) {
            final String context = "seed " + seed + " step " + step;
            final int protocol = random.nextBoolean() ? 6 : 17;
            final long low = lows[random.nextInt(lows.length)];
            final int port = 1 + random.nextInt(20);
            final int vlan = random.nextInt(3) - 1;
            final boolean known = model.removeIf(l -> l.protocol() == protocol && l.localLow() == low
                    && l.localPort() == port && l.vlanId() == vlan);
            if (random.nextInt(3) > 0) {
                final int id = table.listen(protocol, 0, low, port, vlan, 0);
                model.add(new ListenerTable.Listener(id, protocol, 0, low, port, vlan, 1));
            } else {
                assertThat(table.unlisten(protocol, 0, low, port, vlan, 0)).as(context).isEqualTo(known);
            }
            final FlowKey asked = new FlowKey().protocol(random.nextBoolean() ? 6 : 17).vlanId(random.nextInt(3))
                    .local(random.nextInt(4) / 3, lows[random.nextInt(lows.length)], 1 + random.nextInt(20));
            assertThat(table.find(asked)).as(context).isEqualTo(model.stream().filter(l -> matches(l, asked))
                    .max(Comparator.comparingInt(ListenerTableTest::rank)).orElse(null));
        }
        assertThat(table.size()).isEqualTo(model.size());
    }

    private static boolean matches(final ListenerTable.Listener listener, final FlowKey key) {
        final boolean address = listener.localLow() == 0
                || listener.localLow() == ANY_V4 && key.localHigh() == 0 && key.localLow() >>> 32 == 0xFFFF
                || key.localHigh() == 0 && key.localLow() == listener.localLow();
        return address && listener.protocol() == key.protocol() && listener.localPort() == key.localPort()
                && (listener.vlanId() < 0 || listener.vlanId() == key.vlanId());
    }

    private static int rank(final ListenerTable.Listener listener) {
        return (listener.localLow() == 0 ? 0 : listener.localLow() == ANY_V4 ? 2 : 4) + (listener.vlanId() < 0 ? 0 : 1);
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldFindAStableListenerWhileOthersComeAndGo() throws Exception {
        final int stable = table.listen(6, 0, 0, 80, 0, 1);
        final AtomicBoolean stop = new AtomicBoolean();
        final ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            final Future<Long> reading = thread.submit(() -> {
                final FlowKey key = to(0, HOST, 80, 0);
                long rounds = 0;
                while (!stop.get()) {
                    final ListenerTable.Listener listener = table.find(key);
                    if (listener == null || listener.id() != stable) {
                        throw new AssertionError("found " + listener + " after " + rounds);
                    }
                    rounds++;
                }
                return rounds;
            });
            final Random random = new Random(8);
            for (int i = 0; i < 50_000 && !reading.isDone(); i++) {
                final int port = 70 + random.nextInt(30);
                table.listen(6, 1, 1, port, 0, 0);
                table.unlisten(6, 1, 1, 70 + random.nextInt(30), 0, 0);
            }
            stop.set(true);
            assertThat(reading.get()).isPositive();
        } finally {
            thread.shutdownNow();
        }
    }
}
