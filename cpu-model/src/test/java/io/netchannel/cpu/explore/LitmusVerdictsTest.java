package io.netchannel.cpu.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The numbers of final states are those of herd7, with aarch64.cat and x86tso-mixed.cat. */
final class LitmusVerdictsTest {

    private static int states(final String shape, final String observed, final MemoryModel model) {
        final Exploration exploration = Explorer.check(Litmus.parse("", shape).program(true), model).assertHolds();
        final Set<String> shown = Set.of(observed.split(" "));
        final Set<String> states = new TreeSet<>();
        for (final String state : exploration.states()) {
            states.add(Arrays.stream(state.split(" ")).filter(part -> shown.contains(part.split("=")[0]))
                    .collect(Collectors.joining(" ")));
        }
        return states.size();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = ',', value = {
        "SB,              W x 1; R y | W y 1; R x,                     0:r0 1:r0, 4, 4",
        "SB+fences,       W x 1; F; R y | W y 1; F; R x,               0:r0 1:r0, 3, 3",
        "SB+rel/acqpc,    Wr x 1; Ra y | Wr y 1; Ra x,                 0:r0 1:r0, 4, 4",
        "SB+volatile,     Wv x 1; Rv y | Wv y 1; Rv x,                 0:r0 1:r0, 3, 3",
        "SB+volatile/acq, Wv x 1; Ra y | Wv y 1; Ra x,                 0:r0 1:r0, 4, 3",
        "SB+swaps,        X x 1; R y | X y 1; R x,                     0:r1 1:r1, 3, 3",
        "SB+adds,         A x 1; R y | A y 1; R x,                     0:r1 1:r1, 3, 3",
        "SB+releaseFence, W x 1; Fr; R y | W y 1; Fr; R x,             0:r0 1:r0, 4, 4",
        "SB+fence+po,     W x 1; F; R y | W y 1; R x,                  0:r0 1:r0, 4, 4",
        "SB+rfi,          W x 1; R x; R y | W y 1; R y; R x,           0:r1 1:r1, 4, 4",
        "3.SB,            W x 1; R y | W y 1; R z | W z 1; R x,        0:r0 1:r0 2:r0, 8, 8",
        "MP,              W x 1; W y 1 | R y; R x,                     1:r0 1:r1, 4, 3",
        "MP+po+acq,       W x 1; W y 1 | Ra y; R x,                    1:r0 1:r1, 4, 3",
        "MP+rel+po,       W x 1; Wr y 1 | R y; R x,                    1:r0 1:r1, 4, 3",
        "MP+rel+acq,      W x 1; Wr y 1 | Ra y; R x,                   1:r0 1:r1, 3, 3",
        "MP+rel+volatile, W x 1; Wr y 1 | Rv y; R x,                   1:r0 1:r1, 3, 3",
        "MP+rel+add,      W x 1; Wr y 1 | A y 0; R x,                  1:r0 1:r1, 3, 3",
        "MP+rf+af,        W x 1; Fr; W y 1 | R y; Fa; R x,             1:r0 1:r1, 3, 3",
        "LB,              R x; W y 1 | R y; W x 1,                     0:r0 1:r0, 4, 3",
        "LB+rels,         R x; Wr y 1 | R y; Wr x 1,                   0:r0 1:r0, 3, 3",
        "LB+acqs,         Ra x; W y 1 | Ra y; W x 1,                   0:r0 1:r0, 3, 3",
        "LB+acq+po,       Ra x; W y 1 | R y; W x 1,                    0:r0 1:r0, 4, 3",
        "IRIW,            W x 1 | W y 1 | R x; R y | R y; R x,         2:r0 2:r1 3:r0 3:r1, 16, 15",
        "IRIW+acqs,       W x 1 | W y 1 | Ra x; R y | Ra y; R x,       2:r0 2:r1 3:r0 3:r1, 15, 15",
        "WRC,             W x 1 | R x; W y 1 | R y; R x,               1:r0 2:r0 2:r1, 8, 7",
        "WRC+rel+acq,     W x 1 | R x; Wr y 1 | Ra y; R x,             1:r0 2:r0 2:r1, 7, 7",
        "RWC,             W x 1 | R x; R y | W y 1; R x,               1:r0 1:r1 2:r0, 8, 8",
        "RWC+fence,       W x 1 | R x; R y | W y 1; F; R x,            1:r0 1:r1 2:r0, 8, 7",
        "R,               W x 1; W y 1 | W y 2; R x,                   1:r0 y, 4, 4",
        "R+fences,        W x 1; F; W y 1 | W y 2; F; R x,             1:r0 y, 3, 3",
        "R+rel+fence,     W x 1; Wr y 1 | W y 2; F; R x,               1:r0 y, 3, 3",
        "R+po+fence,      W x 1; W y 1 | W y 2; F; R x,                1:r0 y, 4, 3",
        "S,               W x 2; W y 1 | R y; W x 1,                   1:r0 x, 4, 3",
        "S+rel+acq,       W x 2; Wr y 1 | Ra y; W x 1,                 1:r0 x, 3, 3",
        "2+2W,            W x 1; W y 2 | W y 1; W x 2,                 x y, 4, 3",
        "2+2W+rels,       W x 1; Wr y 2 | W y 1; Wr x 2,               x y, 3, 3",
        "CoRR,            W x 1 | R x; R x,                            1:r0 1:r1, 3, 3",
        "CoWW,            W x 1; W x 2,                                x, 1, 1",
        "ISA2,            W x 1; W y 1 | R y; W z 1 | R z; R x,        1:r0 2:r0 2:r1, 8, 7",
        "ISA2+rel+acq,    W x 1; Wr y 1 | Ra y; Wr z 1 | Ra z; R x,    1:r0 2:r0 2:r1, 7, 7",
        "two CAS,         C x 0 1 | C x 0 2,                           0:r0 1:r0, 2, 2",
        "two additions,   A x 1 | A x 1,                               x, 1, 1",
        "increments,      R x; W x 1 | R x; W x 1,                     x, 1, 1"})
    void shouldAgreeWithHerd(final String name, final String shape, final String observed, final int arm,
            final int x86) {
        assertThat(states(shape, observed, MemoryModel.ARMV8)).as(name + " on AArch64").isEqualTo(arm);
        assertThat(states(shape, observed, MemoryModel.X86_TSO)).as(name + " on x86_64").isEqualTo(x86);
        agree(shape, MemoryModel.ARMV8);
        agree(shape, MemoryModel.X86_TSO);
    }

    private static void agree(final String shape, final MemoryModel model) {
        final Litmus litmus = Litmus.parse("", shape);
        assertThat(Explorer.check(litmus.program(true), model).states()).as(shape + " on " + model)
                .isEqualTo(RandomProgramsTest.axiomatic(litmus.file(model == MemoryModel.ARMV8)));
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldLetALoadOvertakeAnExclusiveStore(final MemoryModel model) {
        assertThat(states("X x 1; R y | X y 1; R x", "0:r1 1:r1", model))
                .isEqualTo(model == MemoryModel.ARMV8_NO_LSE ? 4 : 3);
    }
}
