package io.netchannel.cpu.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.cpu.Cpu;
import org.junit.jupiter.api.Test;

final class CostTablesTest {

    private static final CostTables TABLES = CostTables.load();

    @Test
    void shouldNameSourceAndKindOfEveryFigure() {
        assertThat(TABLES.all()).hasSizeGreaterThan(7).allSatisfy(costs -> assertThat(costs.costs().values())
                .isNotEmpty().allSatisfy(cost -> {
                    assertThat(cost.source()).isNotBlank();
                    assertThat(cost.kind()).isNotNull();
                    assertThat(cost.ns()).isPositive();
                }));
    }

    @Test
    void shouldBeginWithAWholeTableThatWasMeasuredHere() {
        final CpuCosts first = TABLES.all().getFirst();
        assertThat(first.costs().keySet()).containsExactlyInAnyOrder(Operation.values());
        assertThat(first.costs().values()).allMatch(cost -> cost.kind() == CostKind.MEASURED_HERE);
    }

    @Test
    void shouldMarkBarriersOfNeoverseAsUncalibrated() {
        TABLES.all().stream().filter(costs -> costs.architecture() == Cpu.Architecture.AARCH64)
                .forEach(costs -> assertThat(costs.cost(Operation.FULL_FENCE).kind())
                        .isEqualTo(CostKind.UNCALIBRATED));
    }

    @Test
    void shouldCompleteATableWithoutClaimingToHaveMeasured() {
        final CpuCosts stand = TABLES.all().getFirst();
        final CpuCosts whole = TABLES.of("Milan (EPYC 7R13)").completedBy(stand);
        assertThat(whole.costs().keySet()).containsExactlyInAnyOrder(Operation.values());
        assertThat(whole.cost(Operation.LINE_TRANSFER).kind()).isEqualTo(CostKind.PUBLISHED);
        assertThat(whole.cost(Operation.YIELD).kind()).isEqualTo(CostKind.UNCALIBRATED);
        assertThat(whole.cost(Operation.YIELD).ns()).isEqualTo(stand.cost(Operation.YIELD).ns());
        final double between = 107 / stand.cost(Operation.LINE_TRANSFER).ns();
        assertThat(whole.cost(Operation.LINE_CLAIM).ns())
                .isEqualTo(between * stand.cost(Operation.LINE_CLAIM).ns());
    }

    @Test
    void shouldNameTheLineThatIsWrong() {
        final String good = "A\tX86_64\tYIELD\t1\tPUBLISHED\tsomewhere\n";
        assertThatThrownBy(() -> CostTables.parse("f", good + "A\tX86_64\tYIELD\n")).hasMessage(
                "f:2: 3 columns; write 6");
        assertThatThrownBy(() -> CostTables.parse("f", good + good)).hasMessageContaining("two costs");
        assertThatThrownBy(() -> CostTables.parse("f", "A\tX86_64\tYIELD\t1\tPUBLISHED\t \n"))
                .hasMessage("f:1: YIELD: a cost needs a source");
        assertThatThrownBy(() -> CostTables.parse("f", "A\tX86_64\tYIELD\t-1\tPUBLISHED\tx\n"))
                .hasMessageContaining("ns=-1.0");
        assertThatThrownBy(() -> TABLES.of("Z80")).hasMessageContaining("Z80");
    }
}
