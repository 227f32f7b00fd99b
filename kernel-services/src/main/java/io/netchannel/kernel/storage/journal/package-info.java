/**
 * A journal on mapped memory: what was acknowledged is there after a kill at any instruction and a power cut at any write.
 *
 * <p>{@link io.netchannel.kernel.storage.journal.Journal} appends, commits, truncates and is read; start there.
 * {@code RecordLayout} and {@code SegmentLayout} are what lies on the disk, {@code Recovery} is what makes a journal of it
 * again. Proved on {@code kernel.storage.fault}.
 */
package io.netchannel.kernel.storage.journal;
