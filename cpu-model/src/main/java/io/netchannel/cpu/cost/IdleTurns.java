package io.netchannel.cpu.cost;

/**
 * How a loop waits: turns that find no work, until it yields its CPU.
 *
 * @param turnNs of one such turn
 * @param beforeYield turns that it makes
 */
public record IdleTurns(double turnNs, int beforeYield) {

    double untilYieldNs() {
        return turnNs * beforeYield;
    }
}
