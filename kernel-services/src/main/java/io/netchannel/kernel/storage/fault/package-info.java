/**
 * A disk that fails from a seed, for what is written on {@code kernel.storage.mapped}: power cuts, kills, torn pages, {@code EIO},
 * {@code ENOSPC}. Start at {@link io.netchannel.kernel.storage.fault.SimulatedDisk}.
 */
package io.netchannel.kernel.storage.fault;
