package io.netchannel.tcpip.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NeighborCacheTest {

    private static final long S = 1_000_000_000L;
    private static final long MAC = 0x0200_0000_0002L;
    private static final long OTHER_MAC = 0x0200_0000_0003L;

    private final Region region = Region.create("test", PacketMemory.requiredBytes(64, 256));
    private final PacketPool pool = new PacketPool(new PacketMemory(region, 64, 256));
    private final TimerWheel timers = new TimerWheel(0);
    private final Counters counters = new Counters();
    private final List<String> events = new ArrayList<>();
    private final List<String> reachability = new ArrayList<>();
    private final NeighborOutput output = new NeighborOutput() {

        @Override
        public void failed(final Neighbor neighbor, final long nowNs) {
            reachability.add("failed");
        }

        @Override
        public void reachable(final Neighbor neighbor) {
            reachability.add("reachable");
        }

        @Override
        public void solicit(final Neighbor neighbor, final boolean unicast, final long nowNs) {
            events.add((unicast ? "ask one" : "ask all") + " at " + nowNs);
        }

        @Override
        public void transmitResolved(final Neighbor neighbor, final long packet) {
            events.add("sent " + PacketHandle.index(packet));
            pool.releasePacket(packet);
        }

        @Override
        public void unreachable(final Neighbor neighbor, final long packet, final long nowNs) {
            events.add("lost " + PacketHandle.index(packet));
            pool.releasePacket(packet);
        }
    };
    private final NeighborCache cache = cache(new NeighborConfig(4, 3, 8, S, 3, 3, 30 * S, 5 * S));

    private NeighborCache cache(final NeighborConfig config) {
        return new NeighborCache(config, timers, output, pool, counters, new SplittableRandom(1));
    }

    @AfterEach
    void shouldGiveEveryBufferBack() {
        cache.close();
        pool.checkNoLeaks();
        assertThat(timers.size()).isZero();
        region.close();
    }

    private Neighbor neighbor(final int lastByte) {
        return cache.findOrCreate(0, IpAddress.lowOfIpv4(0x0A07_0000 | lastByte));
    }

    private int enqueue(final Neighbor neighbor, final long nowNs) {
        final int index = pool.allocate();
        cache.enqueue(neighbor, PacketHandle.of(index, 0, 60), nowNs);
        return index;
    }

    /** Where the wheel puts a deadline. */
    private static long tick(final long timeNs) {
        return (timeNs + TimerWheel.RESOLUTION_NS - 1) / TimerWheel.RESOLUTION_NS * TimerWheel.RESOLUTION_NS;
    }

    private long advance() {
        final long next = timers.nextDeadlineNs();
        timers.advance(next);
        return next;
    }

    private void advanceTo(final long untilNs) {
        while (timers.nextDeadlineNs() <= untilNs) {
            advance();
        }
        timers.advance(untilNs);
    }

    @Test
    void shouldAskThreeTimesASecondApartAndThenGiveUp() {
        final Neighbor neighbor = neighbor(2);
        final int first = enqueue(neighbor, 0);
        final int second = enqueue(neighbor, 10);
        final long t1 = tick(S);
        final long t2 = tick(t1 + S);
        final long t3 = tick(t2 + S);
        advanceTo(t3 - 1);
        assertThat(events).containsExactly("ask all at 0", "ask all at " + t1, "ask all at " + t2);
        assertThat(neighbor.state()).isEqualTo(NeighborState.INCOMPLETE);
        advanceTo(t3);
        assertThat(events.subList(3, events.size())).containsExactly("lost " + first, "lost " + second);
        assertThat(neighbor.state()).isEqualTo(NeighborState.NONE);
        assertThat(counters.get(Counter.NEIGHBOR_FAILURES)).isOne();
        enqueue(neighbor, t3);
        assertThat(events).last().isEqualTo("ask all at " + t3);
    }

    @Test
    void shouldSendWaitingPacketsInOrderWhenTheAnswerComes() {
        final Neighbor neighbor = neighbor(2);
        final int first = enqueue(neighbor, 0);
        final int second = enqueue(neighbor, 0);
        cache.onArp(neighbor, MAC, true, 5);
        assertThat(events).containsExactly("ask all at 0", "sent " + first, "sent " + second);
        assertThat(neighbor.state()).isEqualTo(NeighborState.REACHABLE);
        assertThat(neighbor.mac()).isEqualTo(MAC);
    }

    @Test
    void shouldDropTheOldestWhenTheQueueOfANeighborIsFull() {
        final Neighbor neighbor = neighbor(2);
        enqueue(neighbor, 0);
        final int second = enqueue(neighbor, 0);
        final int third = enqueue(neighbor, 0);
        final int fourth = enqueue(neighbor, 0);
        cache.onArp(neighbor, MAC, true, 5);
        assertThat(events).containsExactly("ask all at 0", "sent " + second, "sent " + third, "sent " + fourth);
        assertThat(counters.get(Counter.NEIGHBOR_QUEUE_DROPS)).isOne();
    }

    @Test
    void shouldBoundWaitingPacketsOverAllNeighbors() {
        for (int i = 0; i < 8; i++) {
            enqueue(neighbor(2 + i / 3), 0);
        }
        assertThat(pool.available()).isEqualTo(56);
        events.clear();
        enqueue(neighbor(9), 0);
        assertThat(events).as("asks although the packet is lost").containsExactly("ask all at 0");
        assertThat(pool.available()).isEqualTo(56);
        assertThat(counters.get(Counter.NEIGHBOR_QUEUE_DROPS)).isOne();
        enqueue(neighbor(2), 0);
        assertThat(pool.available()).isEqualTo(56);
        assertThat(neighbor(2).pendingCount()).isEqualTo(3);
    }

    @Test
    void shouldGoStaleAndThenDelayAndProbeAndBeConfirmed() {
        final Neighbor neighbor = neighbor(2);
        enqueue(neighbor, 0);
        cache.onArp(neighbor, MAC, true, 0);
        events.clear();
        final long staleNs = neighbor.deadlineNs();
        assertThat(staleNs).isBetween(15 * S, 45 * S + TimerWheel.RESOLUTION_NS);
        advanceTo(staleNs);
        assertThat(neighbor.state()).isEqualTo(NeighborState.STALE);
        assertThat(neighbor.isArmed()).isFalse();
        cache.onUse(neighbor, staleNs);
        assertThat(neighbor.state()).isEqualTo(NeighborState.DELAY);
        final long probeNs = tick(staleNs + 5 * S);
        advanceTo(probeNs);
        assertThat(events).containsExactly("ask one at " + probeNs);
        assertThat(neighbor.state()).isEqualTo(NeighborState.PROBE);
        assertThat(neighbor.isUsable()).isTrue();
        cache.onArp(neighbor, MAC, true, probeNs + 1);
        assertThat(neighbor.state()).isEqualTo(NeighborState.REACHABLE);
    }

    @Test
    void shouldForgetANeighborThatAnswersNoProbe() {
        final Neighbor neighbor = neighbor(2);
        cache.onSolicitationSource(neighbor, MAC, 0);
        assertThat(neighbor.state()).isEqualTo(NeighborState.STALE);
        cache.onUse(neighbor, 0);
        advanceTo(20 * S);
        assertThat(events).hasSize(3).allMatch(event -> event.startsWith("ask one"));
        assertThat(neighbor.state()).isEqualTo(NeighborState.NONE);
    }

    @Test
    void shouldStayReachableWhileTransportsConfirm() {
        final Neighbor neighbor = neighbor(2);
        cache.onSolicitationSource(neighbor, MAC, 0);
        for (long now = 0; now < 300 * S; now += S) {
            advanceTo(now);
            cache.confirm(neighbor, now);
            assertThat(neighbor.state()).isEqualTo(NeighborState.REACHABLE);
        }
        advanceTo(300 * S + 46 * S);
        assertThat(neighbor.state()).isEqualTo(NeighborState.STALE);
        assertThat(events).isEmpty();
    }

    @Test
    void shouldNotBelieveAnUnsolicitedChangeButAskEverybody() {
        final Neighbor neighbor = neighbor(2);
        enqueue(neighbor, 0);
        cache.onArp(neighbor, MAC, true, 0);
        events.clear();
        cache.onArp(neighbor, OTHER_MAC, false, 7);
        assertThat(neighbor.mac()).isEqualTo(MAC);
        assertThat(neighbor.isUsable()).isTrue();
        assertThat(events).containsExactly("ask all at 7");
        cache.onArp(neighbor, OTHER_MAC, false, 8);
        assertThat(events).as("one question at a time").hasSize(1);
        cache.onArp(neighbor, OTHER_MAC, true, 9);
        assertThat(neighbor.mac()).isEqualTo(OTHER_MAC);
        assertThat(neighbor.state()).isEqualTo(NeighborState.REACHABLE);
    }

    @Test
    void shouldNotBelieveAReplyThatNobodyAskedFor() {
        final Neighbor neighbor = neighbor(2);
        enqueue(neighbor, 0);
        cache.onArp(neighbor, MAC, true, 0);
        cache.onArp(neighbor, OTHER_MAC, true, 7);
        assertThat(neighbor.mac()).isEqualTo(MAC);
    }

    @Test
    void shouldFollowTheOverrideAndSolicitedFlagsOfAdvertisements() {
        final Neighbor neighbor = neighbor(2);
        cache.onAdvertisement(neighbor, MAC, true, true, false, 0);
        assertThat(neighbor.state()).as("no entry is made by an advertisement").isEqualTo(NeighborState.NONE);
        enqueue(neighbor, 0);
        cache.onAdvertisement(neighbor, -1, true, true, false, 0);
        assertThat(neighbor.state()).as("no link address").isEqualTo(NeighborState.INCOMPLETE);
        cache.onAdvertisement(neighbor, MAC, true, false, false, 0);
        assertThat(neighbor.state()).isEqualTo(NeighborState.REACHABLE);
        cache.onAdvertisement(neighbor, OTHER_MAC, true, false, false, 1);
        assertThat(neighbor.mac()).as("without override").isEqualTo(MAC);
        assertThat(neighbor.state()).isEqualTo(NeighborState.STALE);
        cache.onAdvertisement(neighbor, OTHER_MAC, false, true, false, 2);
        assertThat(neighbor.mac()).as("override").isEqualTo(OTHER_MAC);
        assertThat(neighbor.state()).isEqualTo(NeighborState.STALE);
        cache.onAdvertisement(neighbor, -1, true, true, false, 3);
        assertThat(neighbor.state()).as("solicited").isEqualTo(NeighborState.REACHABLE);
    }

    @Test
    void shouldEvictWhatIsNotInUseAndTellHoldersByTheGeneration() {
        final Neighbor used = neighbor(1);
        cache.onSolicitationSource(used, MAC, 0);
        cache.onUse(used, 0);
        final Neighbor gateway = neighbor(2);
        cache.pin(gateway);
        final Neighbor idle = neighbor(3);
        enqueue(neighbor(4), 0);
        final int generation = idle.generation();
        final Neighbor fifth = neighbor(5);
        assertThat(fifth).isSameAs(idle);
        assertThat(fifth.generation()).isNotEqualTo(generation);
        assertThat(cache.size()).isEqualTo(4);
        assertThat(cache.find(0, IpAddress.lowOfIpv4(0x0A07_0003))).isNull();
        for (int i = 6; i < 200; i++) {
            assertThat(neighbor(i)).isNotSameAs(gateway);
        }
        assertThat(counters.get(Counter.NEIGHBOR_EVICTIONS)).isEqualTo(195);
        assertThat(pool.available()).as("packets of evicted entries are released").isEqualTo(64);
    }

    @Test
    void shouldFindEntriesThroughRandomInsertionsAndEvictions() {
        final NeighborCache large = cache(new NeighborConfig(100, 1, 1, S, 1, 1, S, S));
        final SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 20_000; i++) {
            final long high = random.nextInt(3) == 0 ? IpAddress.LINK_LOCAL_HIGH : 0;
            final long low = random.nextInt(300);
            final Neighbor entry = large.findOrCreate(high, low);
            assertThat(entry.high()).isEqualTo(high);
            assertThat(entry.low()).isEqualTo(low);
            assertThat(large.find(high, low)).isSameAs(entry);
            assertThat(large.size()).isLessThanOrEqualTo(100);
        }
    }
}
