package io.netchannel.kernel.storage.ramfs;

/**
 * What a file system holds, of a moment.
 *
 * @param usedBytes of pages that files have
 * @param maxBytes the quota, or the memory where that is less
 * @param freeBytes that can still be had: of the quota, and of the memory
 * @param refusedWrites that found no room: ENOSPC
 * @param refusedInodes that were one too many: ENOSPC
 * @param copiedPages that were copied to be changed, because they were being sent
 */
public record RamFsUsage(long usedBytes, long maxBytes, long freeBytes, int usedInodes, int maxInodes,
        long refusedWrites, long refusedInodes, long copiedPages) {
}
