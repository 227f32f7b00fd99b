package io.netchannel.cpu.litmus.thread;

import io.netchannel.cpu.litmus.axiom.Relation;

/**
 * What is ordered inside of a thread.
 *
 * @param ordered     locally ordered before, transitive
 * @param maintenance ordered by a DSB or an ISB: what the end of cache and TLB maintenance is waited for with
 * @param translation from the read of a page-table entry to the access or the fault that it decides
 */
public record Orders(Relation ordered, Relation maintenance, Relation translation) {

    public static Orders of(final Relation ordered) {
        final Relation none = new Relation(ordered.count());
        return new Orders(ordered, none, none);
    }
}
