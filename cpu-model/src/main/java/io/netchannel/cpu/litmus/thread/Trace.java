package io.netchannel.cpu.litmus.thread;

/**
 * One way in which a thread alone may run: its accesses to memory in program order, what orders them whatever the other
 * threads do, and its registers in the end.
 *
 * @param kinds       bits of {@link Kind}
 * @param addresses   of each access
 * @param values      read or written
 * @param sizes       of the accesses, in bytes
 * @param instruction number of the instruction; accesses with the same one aren't in program order
 * @param orderedTo   row i has bit j if access i is locally ordered before access j: transitive
 * @param maintainedTo row i has bit j if a DSB or an ISB orders i before j: what TLB and cache maintenance waits with
 * @param translationOf row i has bit j if the read i of a page-table entry decides about access j
 * @param rmwReadOf   of a write, the read that it is atomic with; else -1
 * @param registers   in the end
 */
public record Trace(int[] kinds, long[] addresses, long[] values, int[] sizes, int[] instruction, long[] orderedTo,
        long[] maintainedTo, long[] translationOf, int[] rmwReadOf, long[] registers) {

    public int length() {
        return kinds.length;
    }

    public boolean isWrite(final int access) {
        return (kinds[access] & Kind.W) != 0;
    }

    public boolean isProgramOrdered(final int first, final int second) {
        return instruction[first] < instruction[second];
    }
}
