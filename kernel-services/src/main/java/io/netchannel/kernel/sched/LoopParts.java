package io.netchannel.kernel.sched;

/** What the parts of one loop share. @param name of the loop @param activity null if nobody watches */
record LoopParts(String name, NanoClock clock, LoopCounters counters, LoopTimes times, ErrorReports errors,
        Overruns overruns, LoopActivity activity) {
}
