/**
 * Files that are mapped whole, under the journal: {@link io.netchannel.kernel.storage.mapped.DirectoryStorage} for those of
 * Linux, {@code kernel.storage.fault} for those of a disk that fails from a seed.
 */
package io.netchannel.kernel.storage.mapped;
