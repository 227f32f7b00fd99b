package io.netchannel.samples.memcached.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.storage.fault.FaultRates;
import io.netchannel.kernel.storage.fault.SimulatedDisk;
import io.netchannel.samples.memcached.store.Item;
import io.netchannel.samples.memcached.store.StoreMode;
import io.netchannel.samples.memcached.store.Updates;
import io.netchannel.samples.memcached.warm.WarmStore;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cache that can't keep its items on the disk any more: it goes on, and keeps nothing that is old. */
final class WarmStoreFaultTest {

    private static final int VALUE_BYTES = 100_000;
    private static final int SEGMENT_BYTES = 16 << 20;
    private static final long INTERVAL_NS = 20_000_000;

    private final SimulatedDisk disk = new SimulatedDisk(1, SEGMENT_BYTES);
    private final List<String> reports = new ArrayList<>();
    private final TestServer server = new TestServer("-m", "64");
    private final Arena arena = Arena.ofConfined();
    private final Updates updates = new Updates(server.store(), arena.allocate(Updates.MAX_NUMBER_BYTES).address());
    private final WarmStore warm = new WarmStore(disk, Runnable::run, server.store(), () -> {
    }, reports::add);

    @AfterEach
    void close() {
        warm.close();
        server.close();
        disk.close();
        arena.close();
    }

    private void set(final String key) {
        final long address = arena.allocate(key.length()).address();
        HostMemory.INSTANCE.copyFromArray(key.getBytes(StandardCharsets.US_ASCII), 0, address, key
                .length());
        final long item = server.store().allocate(address, key.length(), 0, 0, VALUE_BYTES);
        assertThat(server.store().values().append(item, 0, arena.allocate(VALUE_BYTES).address(), VALUE_BYTES))
                .isTrue();
        updates.store(item, StoreMode.SET, false);
        assertThat(server.store().get(address, key.length(), false)).isNotEqualTo(Item.NONE);
    }

    @Test
    void shouldGoOnWithoutWhenTheDiskIsFull() {
        for (int i = 0; i < 300; i++) {
            set("k" + i);
        }
        assertThat(reports).singleElement().asString().contains("ENOSPC").contains("starts empty the next time");
        assertThat(disk.names()).isEmpty();
        assertThat(warm.run(INTERVAL_NS)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldGoOnWithoutWhenTheDiskFails() {
        set("a");
        warm.run(INTERVAL_NS);
        disk.rates(new FaultRates(0, 1, 0, 0));
        set("b");
        warm.run(2 * INTERVAL_NS);
        warm.run(3 * INTERVAL_NS);
        assertThat(reports).singleElement().asString().contains("EIO");
        assertThat(disk.names()).isEmpty();
        set("c");
    }
}
