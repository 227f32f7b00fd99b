package io.netchannel.samples.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.load.Turns.Measurement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

final class TurnsTest {

    private static final long ROUND_NS = 30;
    private static final long WARM_UP_NS = 10;

    private final List<String> told = new ArrayList<>();
    private final List<String> done = new ArrayList<>();

    private Measurement<Long> measurement(final String path) {
        return new Measurement<>(path, path, ns -> {
            done.add(path + ns);
            return ns;
        });
    }

    @Test
    void shouldLetPathsTakeTurnsBehindAnUncountedRound() {
        final Turns turns = new Turns(2, 1, ROUND_NS, WARM_UP_NS, told::add);
        final List<Measurement<Long>> all = List.of(measurement("a"), measurement("b"));

        turns.execute(all);

        assertThat(done).containsExactly("a10", "b10", "a30", "b30", "a30", "b30");
        assertThat(all).allSatisfy(one -> assertThat(one.done()).containsExactly(ROUND_NS, ROUND_NS));
        assertThat(told).containsExactly("warm-up: a", "warm-up: b", "round 1 of 2: a", "round 1 of 2: b",
                "round 2 of 2: a", "round 2 of 2: b");
        assertThat(turns.failure("a")).isNull();
    }

    @Test
    void shouldLeaveOutAPathThatHasFailed() {
        final Turns turns = new Turns(3, 0, ROUND_NS, WARM_UP_NS, told::add);
        final Measurement<Long> failing = new Measurement<>("a", "a", ns -> {
            done.add("a");
            if (done.size() > 1) {
                throw new LoadFailure("no more");
            }
            return ns;
        });
        final Measurement<Long> other = measurement("b");

        turns.execute(List.of(failing, other));

        assertThat(done).containsExactly("a", "b30", "a", "b30", "b30");
        assertThat(failing.done()).containsExactly(ROUND_NS);
        assertThat(other.done()).hasSize(3);
        assertThat(turns.failure("a")).isEqualTo("no more");
        assertThat(turns.failure("b")).isNull();
        assertThat(told).contains("path a failed: no more");
    }

    @Test
    void shouldTakeTheMiddleOfRounds() {
        assertThat(Spread.of(DoubleStream.of(3, 9, 1))).isEqualTo(new Spread(3, 1, 9));
        assertThat(Spread.of(DoubleStream.of(4, 2)).median()).isEqualTo(3);
        assertThat(Spread.of(DoubleStream.of(7)).range()).isEqualTo("7..7");
    }
}
