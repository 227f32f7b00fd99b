package io.netchannel.channels.model;

import static io.netchannel.channels.model.FlowTableProgram.*;

import io.netchannel.channels.flow.FlowKey;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.FlowTableLayout;
import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.Exploration;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.Fence;
import io.netchannel.cpu.explore.MemoryModel;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The writer and a reader of a flow table, in every execution that the CPUs allow; then with an ordering left out. */
final class FlowTableModelTest {

    private static final Side NO_ACQUIRE_FENCE = (memory, table) -> memory.without(Fence.ACQUIRE);
    private static final Side NO_RELEASE_FENCE = (memory, table) -> memory.without(Fence.RELEASE);
    private static final Side UNACQUIRED = (memory, table) -> memory.weakLoads(table.address, FlowTable.sizeBytes(4),
            AccessMode.OPAQUE);
    private static final Side UNRELEASED = (memory, table) -> memory.weakStores(table.address, FlowTable.sizeBytes(4),
            AccessMode.OPAQUE);
    private static final Side GENERATION_UNACQUIRED = (memory, table) -> memory
            .weakLoads(table.address + FlowTableLayout.GENERATION_OFFSET, Integer.BYTES, AccessMode.OPAQUE);

    private static void check(final FlowTableProgram table, final MemoryModel model) {
        Explorer.check(table.program, model).assertHolds();
    }

    /** Nothing on CPUs that keep loads and stores in order. */
    private static void findsOnArm(final FlowTableProgram table, final MemoryModel model, final String what) {
        final Exploration exploration = Explorer.check(table.program, model);
        if (model == MemoryModel.SC || model == MemoryModel.X86_TSO) {
            exploration.assertHolds();
        } else {
            exploration.finds(what);
        }
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldFindWhatWasInsertedUnderItsId(final MemoryModel model) {
        check(named("insert").with().inserts(A), model);
        check(named("insert behind another").with(B).inserts(A), model);
        check(named("insert, and tell").with(B).insertsAndTells(A), model);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNeverMixTwoFlowsOfOneSlot(final MemoryModel model) {
        for (final FlowKey wanted : List.of(A, B, MIXTURE)) {
            check(named("replace").with(A).replaces(A, B, wanted), model);
        }
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNotMissAFlowThatStays(final MemoryModel model) {
        check(named("erase in front").with(B, A).changesInFrontOf(A, B, null), model);
        check(named("replace in front").with(B, A).changesInFrontOf(A, B, MIXTURE), model);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNotTakeAVerdictForAnotherFlows(final MemoryModel model) {
        check(named("late verdict").with(A).judgesLate(A, B), model);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldForgetVerdictsWhenTheRulesChange(final MemoryModel model) {
        check(named("invalidate").with(A).changesTheRules(A), model);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldGiveTheIdOfAnotherFlowWithoutTheAcquireFence(final MemoryModel model) {
        findsOnArm(new FlowTableProgram("no acquire fence", INTACT, NO_ACQUIRE_FENCE).with(A).replaces(A, B, A), model,
                "id of the flow");
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldGiveTheIdOfAnotherFlowWithoutTheReleaseFence(final MemoryModel model) {
        findsOnArm(new FlowTableProgram("no release fence", NO_RELEASE_FENCE, INTACT).with(A).replaces(A, B, A), model,
                "id of the flow");
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldGiveNoIdWithoutTheAcquire(final MemoryModel model) {
        findsOnArm(new FlowTableProgram("control not acquired", INTACT, UNACQUIRED).with().inserts(A), model,
                "id of the flow");
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldGiveNoIdWithoutTheRelease(final MemoryModel model) {
        findsOnArm(new FlowTableProgram("control not released", UNRELEASED, INTACT).with().inserts(A), model,
                "id of the flow");
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldKeepAnOldVerdictWithoutTheAcquireOfTheGeneration(final MemoryModel model) {
        findsOnArm(new FlowTableProgram("generation not acquired", INTACT, GENERATION_UNACQUIRED).with(A)
                .changesTheRules(A), model, "a verdict of the old rules");
    }
}
