package io.netchannel.cpu.litmus.axiom;

import io.netchannel.cpu.litmus.thread.Trace;
import java.util.List;

/** Called for each execution that the model allows. */
public interface Execution {

    /**
     * @param traces one per thread
     * @param memory what the location holds in the end
     */
    void allowed(List<Trace> traces, FinalMemory memory);

    /** What memory holds when all is done. */
    interface FinalMemory {

        long valueAt(long address);
    }
}
