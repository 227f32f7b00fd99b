package io.netchannel.cpu.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.netchannel.cpu.Cpu;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CostModelTest {

    private static final CpuCosts COSTS = CpuCosts.of("test", Cpu.Architecture.X86_64, List.of(
            cost(Operation.LINE_TRANSFER, 100, CostKind.PUBLISHED),
            cost(Operation.LINE_CLAIM, 10, CostKind.MEASURED_HERE),
            cost(Operation.LINE_IN_ROW, 1, CostKind.UNCALIBRATED), cost(Operation.YIELD, 500, CostKind.MEASURED_HERE),
            cost(Operation.SWITCH, 2000, CostKind.MEASURED_HERE)));
    private static final CostModel MODEL = new CostModel(COSTS);

    private static Cost cost(final Operation operation, final double ns, final CostKind kind) {
        return new Cost(operation, ns, kind, "test");
    }

    @Test
    void shouldAddOneLineForEightSlots() {
        final Prediction prediction = MODEL.ringHandOver(32, 7, CostKind.MEASURED_HERE);
        assertThat(prediction.ns()).isCloseTo(7 + 10 + 100 + 4 * 50 + 4 * 1, within(1e-9));
        assertThat(prediction.uncalibratedShare()).isCloseTo(4.0 / 321, within(1e-9));
    }

    @Test
    void shouldCountBothWaysOfATransaction() {
        assertThat(MODEL.tcpRequestResponseInline(1000, CostKind.MEASURED_HERE, 2).ns())
                .isCloseTo(1000 + 2 * (10 + 100 + 3 * 100 + 2 * 1 + 250), within(1e-9));
    }

    @Test
    void shouldSwitchWhereThreadsShareACpu() {
        assertThat(MODEL.tcpRequestResponseInline(1000, CostKind.MEASURED_HERE, 1).ns())
                .isCloseTo(1000 + 2 * 2000, within(1e-9));
        final double two = MODEL.tcpRequestResponseChannel(1000, CostKind.MEASURED_HERE, 2).ns();
        final double four = MODEL.tcpRequestResponseChannel(1000, CostKind.MEASURED_HERE, 4).ns();
        assertThat(two - four).isCloseTo(6 * (2000 - 250), within(1e-9));
    }

    @Test
    void shouldNotPredictFromACostThatIsMissing() {
        final CostModel empty = new CostModel(CpuCosts.of("empty", Cpu.Architecture.X86_64, List.of()));
        assertThatThrownBy(() -> empty.ringHandOver(1, 1, CostKind.MEASURED_HERE))
                .hasMessageContaining("empty has no cost of LINE_CLAIM");
    }
}
