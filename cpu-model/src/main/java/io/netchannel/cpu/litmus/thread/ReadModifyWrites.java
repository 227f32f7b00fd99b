package io.netchannel.cpu.litmus.thread;

import java.util.Arrays;

/** Which write is atomic with which read: that of the same instruction, or of an exclusive pair. */
public final class ReadModifyWrites {

    private ReadModifyWrites() {
    }

    /** @param accesses numbers of events in program order @return per access the index of its read, or -1 */
    public static int[] readOfWrite(final EventLog log, final int[] accesses) {
        final int[] reads = new int[accesses.length];
        Arrays.fill(reads, -1);
        int exclusive = -1;
        for (int i = 0; i < accesses.length; i++) {
            final int event = accesses[i];
            if (log.is(event, Kind.W) && log.is(event, Kind.X)) {
                reads[i] = readOfInstruction(log, accesses, i);
            } else if (log.is(event, Kind.W) && log.is(event, Kind.EX)) {
                // lxsx: no other exclusive access between the two.
                reads[i] = exclusive;
                exclusive = -1;
            } else if (log.is(event, Kind.R) && log.is(event, Kind.EX)) {
                exclusive = i;
            }
        }
        return reads;
    }

    private static int readOfInstruction(final EventLog log, final int[] accesses, final int write) {
        final int event = accesses[write];
        for (int i = write - 1; i >= 0 && log.instruction(accesses[i]) == log.instruction(event); i--) {
            if (log.is(accesses[i], Kind.R) && log.place(accesses[i]) == log.place(event)) {
                return i;
            }
        }
        return -1;
    }
}
