package io.netchannel.samples.haproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BalancerTest {

    private static final class Node implements Candidate {

        private final int id;
        private final boolean backup;
        private int weight;
        private boolean usable = true;
        private int served;
        private int limit;
        private int rampPercent = 100;

        Node(final int id, final int weight, final boolean backup) {
            this.id = id;
            this.weight = weight;
            this.backup = backup;
        }

        @Override
        public int id() {
            return id;
        }

        @Override
        public boolean isBackup() {
            return backup;
        }

        @Override
        public boolean isUsable() {
            return usable && weight > 0;
        }

        @Override
        public int weight() {
            return weight;
        }

        @Override
        public int rampPercent() {
            return rampPercent;
        }

        @Override
        public int served() {
            return served;
        }

        @Override
        public int queued() {
            return 0;
        }

        @Override
        public int limit() {
            return limit;
        }
    }

    private final Random random = new Random(1);

    private static List<Node> nodes(final int... weights) {
        final List<Node> nodes = new ArrayList<>();
        for (final int weight : weights) {
            nodes.add(new Node(nodes.size() + 1, weight, false));
        }
        return nodes;
    }

    private Balancer<Node> balancer(final Algorithm.Kind kind, final HashType type, final List<Node> nodes) {
        return new Balancer<>(Algorithm.of(kind), type, false, 0, nodes, random::nextInt);
    }

    private static HashKey key(final int value) {
        return (_, function) -> RequestKey.text(function, "key" + value);
    }

    private static Map<Integer, Integer> spread(final Balancer<Node> balancer, final int requests) {
        final Map<Integer, Integer> counts = new HashMap<>();
        for (int i = 0; i < requests; i++) {
            counts.merge(balancer.choose(key(i), null).id, 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void shouldHashAsHaproxyDoes() {
        final byte[] text = "abc".getBytes(StandardCharsets.US_ASCII);
        assertThat(HashFunction.DJB2.hash(text)).isEqualTo(193485963);
        assertThat(HashFunction.SDBM.hash(text)).isEqualTo(807794786);
        assertThat(HashFunction.CRC32.hash(text)).isEqualTo(0x352441c2);
    }

    @Test
    void shouldGoRoundByWeight() {
        assertThat(spread(balancer(Algorithm.Kind.ROUND_ROBIN, HashType.DEFAULT, nodes(1, 2, 3)), 600))
                .isEqualTo(Map.of(1, 100, 2, 200, 3, 300));
        assertThat(spread(balancer(Algorithm.Kind.STATIC_ROUND_ROBIN, HashType.DEFAULT, nodes(1, 2, 3)), 600))
                .isEqualTo(Map.of(1, 100, 2, 200, 3, 300));
    }

    @Test
    void shouldGoRoundInTheOrderOfDeclaration() {
        final Balancer<Node> balancer = balancer(Algorithm.Kind.ROUND_ROBIN, HashType.DEFAULT, nodes(1, 1, 1));
        for (int i = 0; i < 9; i++) {
            assertThat(balancer.choose(null, null).id).isEqualTo(i % 3 + 1);
        }
    }

    @Test
    void shouldSkipSaturatedAndAvoidedServers() {
        final List<Node> nodes = nodes(1, 1);
        nodes.get(0).limit = 1;
        nodes.get(0).served = 1;
        for (final Algorithm.Kind kind : List.of(Algorithm.Kind.ROUND_ROBIN, Algorithm.Kind.STATIC_ROUND_ROBIN,
                Algorithm.Kind.LEAST_CONNECTIONS, Algorithm.Kind.FIRST)) {
            final Balancer<Node> balancer = balancer(kind, HashType.DEFAULT, nodes);
            assertThat(balancer.choose(null, null).id).as("%s", kind).isEqualTo(2);
            assertThat(balancer.choose(null, nodes.get(1)).id).as("%s", kind).isEqualTo(2);
            nodes.get(1).limit = 1;
            nodes.get(1).served = 1;
            assertThat(balancer.choose(null, null)).as("%s", kind).isNull();
            nodes.get(1).limit = 0;
            nodes.get(1).served = 0;
        }
    }

    @Test
    void shouldPreferWhoHasLeastToDoForItsWeight() {
        final List<Node> nodes = nodes(1, 4);
        nodes.get(0).served = 1;
        nodes.get(1).served = 3;
        final Balancer<Node> balancer = balancer(Algorithm.Kind.LEAST_CONNECTIONS, HashType.DEFAULT, nodes);
        assertThat(balancer.choose(null, null).id).isEqualTo(2);
        nodes.get(1).served = 5;
        assertThat(balancer.choose(null, null).id).isEqualTo(1);
    }

    @Test
    void shouldUseOneBackupWhenNoActiveServerIsLeft() {
        final List<Node> nodes = new ArrayList<>(nodes(1));
        nodes.add(new Node(2, 1, true));
        nodes.add(new Node(3, 1, true));
        final Balancer<Node> balancer = balancer(Algorithm.Kind.ROUND_ROBIN, HashType.DEFAULT, nodes);
        assertThat(spread(balancer, 10)).isEqualTo(Map.of(1, 10));
        nodes.get(0).usable = false;
        balancer.changed();
        assertThat(spread(balancer, 10)).isEqualTo(Map.of(2, 10));
        nodes.get(1).usable = false;
        nodes.get(2).usable = false;
        balancer.changed();
        assertThat(balancer.choose(null, null)).isNull();
        assertThat(balancer.hasServers()).isFalse();
    }

    @Test
    void shouldSpreadHashesByWeight() {
        for (final boolean consistent : new boolean[]{false, true}) {
            final Map<Integer, Integer> counts = spread(balancer(Algorithm.Kind.URI, new HashType(consistent,
                    HashFunction.CRC32, true), nodes(1, 2, 5)), 8000);
            assertThat(counts.get(1)).as("consistent %s", consistent).isBetween(600, 1500);
            assertThat(counts.get(3)).as("consistent %s", consistent).isBetween(4300, 5700);
        }
    }

    @Test
    void shouldPassOnWhatWouldLoadAServerAboveTheBalanceFactor() {
        final List<Node> nodes = nodes(1, 1, 1);
        final Balancer<Node> balancer = new Balancer<>(Algorithm.of(Algorithm.Kind.URI),
                new HashType(true, HashFunction.SDBM, true), false, 150, nodes, random::nextInt);
        for (int i = 0; i < 30; i++) {
            balancer.choose(key(7), null).served++;
        }
        // At the last, 1.5 times 30 requests were to be dealt out to three.
        assertThat(nodes).extracting(node -> node.served).allMatch(served -> served <= 15);
        assertThat(nodes).extracting(node -> node.served).filteredOn(served -> served > 0).hasSize(2);
    }

    @Test
    void shouldMoveOnlyKeysOfTheServerThatGoes() {
        final List<Node> nodes = nodes(1, 1, 1, 1);
        final Balancer<Node> balancer = balancer(Algorithm.Kind.URI, new HashType(true, HashFunction.SDBM, true),
                nodes);
        final int[] before = new int[2000];
        for (int i = 0; i < before.length; i++) {
            before[i] = balancer.choose(key(i), null).id;
        }
        nodes.get(2).usable = false;
        balancer.changed();
        for (int i = 0; i < before.length; i++) {
            if (before[i] != 3) {
                assertThat(balancer.choose(key(i), null).id).as("key %d", i).isEqualTo(before[i]);
            }
        }
        nodes.get(2).usable = true;
        balancer.changed();
        for (int i = 0; i < before.length; i++) {
            assertThat(balancer.choose(key(i), null).id).as("key %d", i).isEqualTo(before[i]);
        }
    }

    @Test
    void shouldFallBackToTurnsWhereThereIsNothingToHash() {
        final Balancer<Node> balancer = balancer(Algorithm.Kind.URL_PARAMETER, HashType.DEFAULT, nodes(1, 1));
        assertThat(balancer.choose((_, _) -> null, null).id).isEqualTo(1);
        assertThat(balancer.choose((_, _) -> null, null).id).isEqualTo(2);
    }

    @Test
    void shouldGiveAStartingServerMoreOfARingAsItMay() {
        final Node starting = new Node(2, 1, false);
        starting.rampPercent = 1;
        final Balancer<Node> balancer = new Balancer<>(Algorithm.of(Algorithm.Kind.SOURCE),
                new HashType(true, HashFunction.SDBM, true), false, 0, List.of(new Node(1, 1, false), starting),
                () -> 0);
        final int few = shareOf(starting, balancer);
        starting.rampPercent = 100;
        assertThat(shareOf(starting, balancer)).isEqualTo(few);
        balancer.ramped();
        assertThat(shareOf(starting, balancer)).isGreaterThan(2 * few);
    }

    private static int shareOf(final Node server, final Balancer<Node> balancer) {
        int chosen = 0;
        for (int key = 0; key < 1_000; key++) {
            final int hash = key;
            chosen += balancer.choose((_, _) -> hash, null) == server ? 1 : 0;
        }
        return chosen;
    }
}
