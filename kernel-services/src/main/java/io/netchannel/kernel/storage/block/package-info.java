/**
 * Block devices: what is stored in blocks, read and written by requests that complete later, on the loop that made them.
 *
 * <p>A {@link io.netchannel.kernel.storage.block.BlockDevice} has {@link io.netchannel.kernel.storage.block.BlockQueue}s,
 * one for each loop that uses it: a poller, which hands over what its loop has submitted once a turn, and tells a
 * {@link io.netchannel.kernel.storage.block.BlockCompletion} what became of it.
 * {@link io.netchannel.kernel.storage.block.BlockFiles} opens a file as one: by io_uring, and where that is refused by
 * threads that read and write for the loop. First to read: {@code BlockQueue}, then {@code IoUringBlockQueue}.
 *
 * <p>The protocol of io_uring's rings is in two classes that know nothing but memory, {@code SubmissionRing} and
 * {@code CompletionRing}; they run on the memory-model explorer against a modelled kernel.
 */
package io.netchannel.kernel.storage.block;
