package io.netchannel.cpu.cost;

/**
 * What an operation costs on one CPU.
 *
 * @param ns at least 0
 * @param source where the figure is from; for {@link CostKind#UNCALIBRATED}, what stands in for one
 */
public record Cost(Operation operation, double ns, CostKind kind, String source) {

    public Cost {
        if (!(ns >= 0 && ns < 1e9)) {
            throw new IllegalArgumentException(operation + ": ns=" + ns + " is not within 0..1e9");
        }
        if (source.isBlank()) {
            throw new IllegalArgumentException(operation + ": a cost needs a source");
        }
    }
}
