package io.netchannel.kernel.storage.block;

/** Told what became of a request, on the thread that polls its queue. May submit the next one. */
@FunctionalInterface
public interface BlockCompletion {

    /**
     * @param token of the request
     * @param result negated errno; else 0, of a read or a write the bytes that were moved: as with any file
     *            perhaps fewer than asked for, and none only if the file was cut short
     */
    void completed(long token, int result);
}
