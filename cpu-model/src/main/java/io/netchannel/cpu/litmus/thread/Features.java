package io.netchannel.cpu.litmus.thread;

import java.util.Set;

/**
 * Parts of the architecture that a test turns on with Variant=.
 *
 * @param vmsa        each access reads its page-table entry first
 * @param ifetch      instructions at labels whose address is taken are fetched from memory
 * @param dic         instruction caches need no invalidation
 * @param idc         data caches need no cleaning
 * @param userThreads run at EL0
 */
public record Features(boolean vmsa, boolean ifetch, boolean dic, boolean idc, Set<Integer> userThreads) {

    public static final Features NONE = new Features(false, false, false, false, Set.of());
}
