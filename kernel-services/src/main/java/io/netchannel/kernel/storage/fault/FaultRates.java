package io.netchannel.kernel.storage.fault;

/**
 * How often something goes wrong by itself, 0 to 1.
 *
 * @param writeBack that a store has the kernel write some dirty sector, before anybody forces it
 * @param forceError that a force fails with {@code EIO}; some of its pages are written, the others the kernel forgets
 * @param spaceError that space can't be had, {@code ENOSPC}, although there is some
 * @param deleteError that a file can't be deleted, {@code EIO}
 */
public record FaultRates(double writeBack, double forceError, double spaceError, double deleteError) {

    /** A disk that loses what it may lose, and no more. */
    public static final FaultRates NONE = new FaultRates(0.05, 0, 0, 0);
}
