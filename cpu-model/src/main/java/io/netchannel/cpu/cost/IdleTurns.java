package io.netchannel.cpu.cost;

/**
 * How a loop waits: turns that find no work, until it yields its CPU.
 *
 * @param turnNs of one such turn
 * @param beforeYield turns that it makes on a CPU of its own
 * @param beforeSharedYield where others have the CPU while it yields
 */
public record IdleTurns(double turnNs, int beforeYield, int beforeSharedYield) {

    double untilYieldNs() {
        return turnNs * beforeYield;
    }

    double untilSharedYieldNs() {
        return turnNs * beforeSharedYield;
    }
}
