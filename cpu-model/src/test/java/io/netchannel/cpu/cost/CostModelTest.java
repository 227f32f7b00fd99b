package io.netchannel.cpu.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.netchannel.cpu.Cpu;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CostModelTest {

    private static final CpuCosts COSTS = CpuCosts.of("test", Cpu.Architecture.X86_64, List.of(
            cost(Operation.LINE_TRANSFER, 100, CostKind.PUBLISHED),
            cost(Operation.LINE_CLAIM, 10, CostKind.MEASURED_HERE),
            cost(Operation.LINE_IN_ROW, 1, CostKind.UNCALIBRATED), cost(Operation.YIELD, 500, CostKind.MEASURED_HERE),
            cost(Operation.SWITCH, 2000, CostKind.MEASURED_HERE)));
    private static final CostModel MODEL = new CostModel(COSTS);
    /** A loop that yields before the other side has done its half of a path of 1000. */
    private static final IdleTurns TURNS = new IdleTurns(50, 2, 1);

    private static Cost cost(final Operation operation, final double ns, final CostKind kind) {
        return new Cost(operation, ns, kind, "test");
    }

    @Test
    void shouldAddOneLineForEightSlots() {
        final Prediction prediction = MODEL.ringHandOver(32, 256, 7, CostKind.MEASURED_HERE);
        assertThat(prediction.ns()).isCloseTo(7 + (10 - 3.5) + 100 + 4 * 80 + 110.0 / 8, within(1e-9));
        assertThat(prediction.uncalibratedShare()).isZero();
    }

    @Test
    void shouldHideTheSlotsWhereLinesAreNear() {
        final CostModel near = new CostModel(COSTS.with(List.of(cost(Operation.LINE_TRANSFER, 5, CostKind.PUBLISHED))));
        final Prediction prediction = near.ringHandOver(8, 256, 7, CostKind.MEASURED_HERE);
        assertThat(prediction.ns()).isCloseTo(7 + (10 - 3.5) + 5 + 1 + 15.0 / 32, within(1e-9));
        assertThat(prediction.uncalibratedShare()).isCloseTo(1 / prediction.ns(), within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "8, 1", "12, 2", "9, 2", "32, 4"})
    void shouldCountTheLinesThatABurstTouches(final int burst, final double lines) {
        assertThat(CostModel.slotLines(burst)).isEqualTo(lines);
        // Slot by slot, over eight bursts, after which they begin at a line again.
        long touched = 0;
        for (int first = 0; first < 8 * burst; first += burst) {
            touched += (first + burst - 1) / 8 - first / 8 + 1;
        }
        assertThat(lines).isEqualTo(touched / 8.0);
    }

    @Test
    void shouldCountBothWaysOfATransaction() {
        assertThat(MODEL.tcpRequestResponseInline(1000, CostKind.MEASURED_HERE, TURNS, 2).ns())
                .isCloseTo(1000 + 2 * (10 + 100 + 3 * 100 + 2 * 1 + 250), within(1e-9));
    }

    @Test
    void shouldNotYieldWhileALoopWaitsForLessThanItsTurns() {
        final IdleTurns patient = new IdleTurns(50, 11, 1);
        assertThat(MODEL.tcpRequestResponseInline(1000, CostKind.MEASURED_HERE, patient, 2).ns())
                .isCloseTo(1000 + 2 * (10 + 100 + 3 * 100 + 2 * 1 + 25), within(1e-9));
    }

    @Test
    void shouldHideTheClaimOfTheTailBehindALongBurst() {
        assertThat(MODEL.ringHandOver(8, 256, 100, CostKind.MEASURED_HERE).ns())
                .isCloseTo(100 + 100 + 80 + 110.0 / 32, within(1e-9));
    }

    @Test
    void shouldSwitchWhereThreadsShareACpu() {
        assertThat(MODEL.tcpRequestResponseInline(1000, CostKind.MEASURED_HERE, TURNS, 1).ns())
                .isCloseTo(1000 + 2 * 2000, within(1e-9));
        final double two = MODEL.tcpRequestResponseChannel(1000, CostKind.MEASURED_HERE, TURNS, 2).ns();
        final double four = MODEL.tcpRequestResponseChannel(1000, CostKind.MEASURED_HERE, TURNS, 4).ns();
        assertThat(two - four).isCloseTo(2 * 50 + 6 * 2000 - 6 * 250, within(1e-9));
        final double one = MODEL.tcpRequestResponseChannel(1000, CostKind.MEASURED_HERE, TURNS, 1).ns();
        assertThat(one).isCloseTo(1000 + 6 * (50 + 2000), within(1e-9));
    }

    @Test
    void shouldNotPredictFromACostThatIsMissing() {
        final CostModel empty = new CostModel(CpuCosts.of("empty", Cpu.Architecture.X86_64, List.of()));
        assertThatThrownBy(() -> empty.ringHandOver(1, 256, 1, CostKind.MEASURED_HERE))
                .hasMessageContaining("empty has no cost of LINE_CLAIM");
    }
}
