package io.netchannel.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SharedPagesTest {

    private final Region region = Region.create("shared-pages-test", 1 << 20);

    @AfterEach
    void close() {
        region.close();
    }

    @Test
    void shouldGiveOutEachPageOnce() {
        final SharedPages pages = SharedPages.create(region, 10, 4096);
        final List<Long> addresses = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            addresses.add(pages.address(pages.allocate()));
        }
        assertThat(addresses).doesNotHaveDuplicates().allMatch(address -> address % 4096 == 0);
        assertThat(pages.allocate()).isEqualTo(SharedPages.NONE);
        assertThat(pages.available()).isZero();
    }

    @Test
    void shouldKeepAPageUntilTheLastHolderReleasesIt() {
        final SharedPages pages = SharedPages.create(region, 1, 4096);
        final int page = pages.allocate();
        assertThat(pages.isShared(page)).isFalse();
        pages.retain(page);
        assertThat(pages.isShared(page)).isTrue();
        pages.release(page);
        assertThat(pages.allocate()).isEqualTo(SharedPages.NONE);
        assertThatIllegalStateException().isThrownBy(pages::checkNoLeaks).withMessageContaining("references=1");
        pages.release(page);
        pages.checkNoLeaks();
        assertThat(pages.allocate()).isEqualTo(page);
    }

    @Test
    void shouldRefuseASecondReleaseAndALateRetain() {
        final SharedPages pages = SharedPages.create(region, 2, 4096);
        final int page = pages.allocate();
        pages.release(page);
        assertThatIllegalStateException().isThrownBy(() -> pages.release(page)).withMessageContaining("twice");
        assertThatIllegalStateException().isThrownBy(() -> pages.retain(page)).withMessageContaining("after");
        pages.checkNoLeaks();
    }

    @Test
    void shouldRefuseSizesThatAreNoPages() {
        assertThatIllegalArgumentException().isThrownBy(() -> SharedPages.create(region, 1, 5000))
                .withMessageContaining("pageBytes=5000");
        assertThatIllegalArgumentException().isThrownBy(() -> SharedPages.create(region, 0, 4096))
                .withMessageContaining("count=0");
    }

    @Test
    void shouldBeBuffersOfAPacketMemoryToo() {
        final PacketMemory packets = new PacketMemory(region, 8, 4096, 3);
        final SharedPages pages = packets.sharedPages();
        final PacketPool pool = new PacketPool(packets);
        assertThat(pool.capacity()).isEqualTo(5);
        final int page = pages.allocate();
        assertThat(page).isBetween(5, 7);
        assertThat(pages.address(page)).isEqualTo(packets.bufferAddress(page));
        pool.retain(page);
        pages.release(page);
        assertThat(pool.isShared(page)).isTrue();
        assertThat(pages.available()).isEqualTo(2);
        pool.release(page);
        pages.checkNoLeaks();
        pool.checkNoLeaks();
    }

    @Test
    void shouldLoseNoPageAmongThreads() throws InterruptedException {
        final SharedPages pages = SharedPages.create(region, 3, 4096);
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final CountDownLatch start = new CountDownLatch(1);
        final List<Thread> threads = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            final long mark = i;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    start.await();
                    for (int round = 0; round < 20_000; round++) {
                        final int page = pages.allocate();
                        if (page != SharedPages.NONE) {
                            pages.memory().putLong(pages.address(page), mark);
                            pages.retain(page);
                            pages.release(page);
                            assertThat(pages.memory().getLong(pages.address(page))).isEqualTo(mark);
                            pages.release(page);
                        }
                    }
                } catch (final Throwable e) {
                    failure.set(e);
                }
            }));
        }
        start.countDown();
        for (final Thread thread : threads) {
            thread.join();
        }
        assertThat(failure.get()).isNull();
        pages.checkNoLeaks();
    }
}
