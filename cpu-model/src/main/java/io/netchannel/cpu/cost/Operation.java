package io.netchannel.cpu.cost;

import java.util.Arrays;
import java.util.List;

/**
 * What has a cost. Instructions are counted as the JIT emits them for an access mode of
 * {@link io.netchannel.cpu.OrderedMemory}, many in a row, on words that no other CPU touches: throughput, not latency.
 */
public enum Operation {

    PLAIN_LOAD("plain load", Group.INSTRUCTION), PLAIN_STORE("plain store", Group.INSTRUCTION), OPAQUE_LOAD(
            "opaque load", Group.INSTRUCTION), OPAQUE_STORE("opaque store",
                    Group.INSTRUCTION), ACQUIRE_LOAD("acquire load", Group.INSTRUCTION), RELEASE_STORE("release store",
                            Group.INSTRUCTION), VOLATILE_STORE("volatile store", Group.INSTRUCTION),
    /** What the fence adds to the store before it. */
    FULL_FENCE("full fence", Group.INSTRUCTION), COMPARE_AND_SET("compare-and-set", Group.INSTRUCTION), GET_AND_ADD(
            "get-and-add", Group.INSTRUCTION), GET_AND_SET("get-and-set", Group.INSTRUCTION),

    /** A load that depends on the one before, in a working set that fits. */
    L1_HIT("load from L1", Group.MEMORY), L2_HIT("load from L2", Group.MEMORY), L3_HIT("load from L3",
            Group.MEMORY), DRAM_ACCESS("load from DRAM", Group.MEMORY), COPY_KIB("copy 1 KiB within L1", Group.MEMORY),

    /** A load of a line that another CPU has written; published core-to-core figures are of this kind. */
    LINE_TRANSFER("line from another CPU", Group.TRANSFER),
    /** A store to a line that another CPU has read since the last one: its copy has to go. */
    LINE_CLAIM("line back from its readers", Group.TRANSFER),
    /** One of many lines that one CPU writes in a row and another then reads in a row: what both spend on it. */
    LINE_IN_ROW("line of many in a row, both CPUs", Group.TRANSFER),

    SYSTEM_CALL("system call that does nothing", Group.KERNEL), FUTEX_WAKE("futex wake, nobody waits",
            Group.KERNEL), EVENTFD_WRITE_READ("eventfd write and read",
                    Group.KERNEL), YIELD("sched_yield, nobody else", Group.KERNEL),
    /** A yield to a thread that waits for the same CPU. */
    SWITCH("switch by sched_yield", Group.KERNEL), WAKE_SAME_CPU("eventfd wake until ppoll returns, same CPU",
            Group.KERNEL), WAKE_OTHER_CPU("eventfd wake until ppoll returns, other CPU", Group.KERNEL), PARK_SAME_CPU(
                    "LockSupport hand-over, same CPU",
                    Group.KERNEL), PARK_OTHER_CPU("LockSupport hand-over, other CPU", Group.KERNEL);

    /** Where the time goes. */
    public enum Group {
        INSTRUCTION("instructions"), MEMORY("memory"), TRANSFER("between CPUs"), KERNEL("kernel");

        private final String title;

        Group(final String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }

        public List<Operation> operations() {
            return Arrays.stream(Operation.values()).filter(operation -> operation.group == this).toList();
        }
    }

    private final String title;
    private final Group group;

    Operation(final String title, final Group group) {
        this.title = title;
        this.group = group;
    }

    /** For tables. */
    public String title() {
        return title;
    }

    public Group group() {
        return group;
    }
}
