package io.netchannel.cpu.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.litmus.LitmusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Small programs from seeds. */
final class RandomProgramsTest {

    private static final String[] KINDS = {"W", "W", "W", "Wr", "Wv", "R", "R", "R", "Ra", "Rv", "F", "Fa", "Fr", "X",
        "A", "C"};
    private static final String[] LOCATIONS = {"x", "y", "z"};
    private static final int SEEDS = Integer.getInteger("netchannel.explore.seeds", 1000);
    private static final int MAX_OPS = 7;

    private static final String[] PLAIN_TOO = {"W", "Wr", "Wp", "Wp", "Wp", "R", "Ra", "Ra", "Rp", "Rp", "Rp", "F",
        "X"};

    static Litmus random(final long seed) {
        return random(seed, KINDS, false);
    }

    private static Litmus random(final long seed, final String[] kinds, final boolean conditions) {
        final Random random = new Random(seed);
        final int threads = 2 + random.nextInt(2);
        final int locations = 2 + random.nextInt(2);
        final List<List<String>> code = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            code.add(new ArrayList<>());
        }
        final int ops = 4 + random.nextInt(MAX_OPS - 3);
        for (int i = 0; i < ops || code.stream().anyMatch(List::isEmpty); i++) {
            final String kind = kinds[i == 0 ? 0 : random.nextInt(kinds.length)];
            final String location = LOCATIONS[random.nextInt(locations)];
            final String condition = conditions && random.nextInt(3) == 0 ? "?" : "";
            code.get(i % threads).add(condition + (kind.startsWith("F")
                    ? kind
                    : kind + ' ' + location
                            + (kind.startsWith("R") ? "" : " " + (kind.equals("C") ? random.nextInt(2) : i + 1))
                            + (kind.equals("C") ? " " + (i + 1) : "")));
        }
        return Litmus.parse("seed " + seed, String.join(" | ", code.stream().map(t -> String.join("; ", t)).toList()));
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldFindTheSameStatesWithoutOrdersThatOthersStandFor(final MemoryModel model) {
        for (long seed = 0; seed < SEEDS; seed++) {
            compare(random(seed), model);
            compare(random(seed, KINDS, true), model);
        }
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldFindTheSameRacesWithoutOrdersThatOthersStandFor(final MemoryModel model) {
        for (long seed = 0; seed < SEEDS; seed++) {
            compare(random(seed, PLAIN_TOO, false), model);
            compare(random(seed, PLAIN_TOO, true), model);
        }
    }

    private static void compare(final Litmus litmus, final MemoryModel model) {
        final Exploration some = Explorer.check(litmus.program(true), model);
        final Exploration every = Explorer.check(litmus.program(true), model, Bounds.DEFAULT.withEveryOrder());
        assertThat(some.violation() == null).as(litmus.name() + ": " + litmus + " on " + model)
                .isEqualTo(every.violation() == null);
        if (some.violation() == null) {
            assertThat(some.states()).as(litmus.name() + ": " + litmus + " on " + model).isEqualTo(every.states());
        }
    }

    @ParameterizedTest
    @EnumSource(value = MemoryModel.class, names = {"X86_TSO", "ARMV8"})
    void shouldFindTheStatesThatTheAxiomsAllow(final MemoryModel model) {
        for (long seed = 0; seed < 1000; seed++) {
            final Litmus litmus = random(seed);
            final String file = litmus.file(model == MemoryModel.ARMV8);
            assertThat(Explorer.check(litmus.program(true), model).assertHolds().states())
                    .as("seed " + seed + ": " + litmus + "\n" + file).isEqualTo(axiomatic(file));
        }
    }

    static Set<String> axiomatic(final String file) {
        try {
            return LitmusTest.parse(file).run().states().stream().map(Litmus::state).collect(Collectors.toSet());
        } catch (final RuntimeException failed) {
            throw new AssertionError(file, failed);
        }
    }
}
