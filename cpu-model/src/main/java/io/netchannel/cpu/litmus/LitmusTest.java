package io.netchannel.cpu.litmus;

import io.netchannel.cpu.litmus.parse.LitmusParser;
import io.netchannel.cpu.litmus.thread.Features;
import io.netchannel.cpu.litmus.thread.InitialMemory;
import io.netchannel.cpu.litmus.thread.LocalOrder;
import io.netchannel.cpu.litmus.thread.Program;
import java.util.List;

/**
 * A litmus test in herd's format, for AArch64 or x86_64.
 *
 * @param name      the second word of its first line
 * @param programs  one per thread
 * @param registers of each thread at the start
 * @param memory    at the start
 * @param places    what a final state shows, in herd's order
 * @param filter    states that it rejects aren't looked at
 * @param order     what the architecture orders inside of a thread
 * @param features  that the test turns on
 */
public record LitmusTest(String name, List<Program> programs, List<long[]> registers, InitialMemory memory,
        List<Place> places, Condition condition, Condition.Formula filter, LocalOrder order,
        Features features) {

    /** @throws LitmusException if the text is no such test, or uses what isn't supported */
    public static LitmusTest parse(final String text) {
        return LitmusParser.parse(text);
    }

    /** @throws LitmusException if there are too many executions */
    public LitmusResult run() {
        return new LitmusRun(this).result();
    }
}
