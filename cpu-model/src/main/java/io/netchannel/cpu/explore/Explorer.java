package io.netchannel.cpu.explore;

import java.util.List;
import java.util.function.Consumer;

/** Tries every execution of a {@link Program} that a CPU allows. */
public final class Explorer {

    private Explorer() {
    }

    public static Exploration check(final Program program, final MemoryModel model) {
        return check(program, model, Bounds.DEFAULT);
    }

    /** Explores within the bounds, up to the first violation. */
    public static Exploration check(final Program program, final MemoryModel model, final Bounds bounds) {
        final long startNs = System.nanoTime();
        final Cells cells = new Cells((int) program.sizeBytes());
        while (true) {
            try {
                return explore(program, model, bounds, cells, startNs);
            } catch (final Cells.Refined again) {
                // An access cut a cell; the cells are smaller now.
            }
        }
    }

    private static Exploration explore(final Program program, final MemoryModel model, final Bounds bounds,
            final Cells cells, final long startNs) {
        final ModelledMemory memory = new ModelledMemory(program.heap());
        final byte[] initial = setUp(program, memory);
        final int threads = program.threads().size();
        final Observations observations = new Observations(cells.count(), threads);
        FinalStates finals;
        Search search;
        WriteLog log;
        boolean holds;
        do {
            log = new WriteLog(cells, initial, threads);
            finals = new FinalStates(program, bounds, cells, log, memory, initial, observations);
            search = new Search(program, model, bounds, cells, log, memory, observations, finals);
            holds = search.explore();
        } while (holds && observations.takeStale());
        Violation violation = null;
        if (!holds) {
            final Trace trace = new Trace(program, memory.heap(), log);
            search.replay(finals.found(), trace);
            violation = violation(finals, trace);
        }
        return new Exploration(program.name(), model, bounds, finals.states(), finals.executions(), search.memories(),
                System.nanoTime() - startNs, List.copyOf(observations.reached()), violation);
    }

    private static Violation violation(final FinalStates finals, final Trace trace) {
        final Race race = finals.race();
        final String what = race == null
                ? finals.failure()
                : "data race: " + trace.describe(race.firstThread(), race.firstAccess()) + " and "
                        + trace.describe(race.secondThread(), race.secondAccess()) + " are not ordered";
        return new Violation(what, trace.text(), finals.found().toString(), finals.cause());
    }

    /**
     * Runs the execution of a {@link Violation} again, each thread once, for a debugger.
     *
     * @param bounds those of the exploration
     * @param vector {@link Violation#vector()}
     * @return the trace
     */
    public static String replay(final Program program, final MemoryModel model, final Bounds bounds,
            final String vector) {
        final Replay replay = Replay.parse(vector);
        if (replay.choices().size() != program.threads().size()) {
            throw new IllegalArgumentException("vector is of " + replay.choices().size() + " threads; the program has "
                    + program.threads().size());
        }
        final Cells cells = Cells.of((int) program.sizeBytes(), replay.cuts());
        final ModelledMemory memory = new ModelledMemory(program.heap());
        final byte[] initial = setUp(program, memory);
        memory.heap().restore(replay.heap());
        final int threads = program.threads().size();
        final WriteLog log = new WriteLog(cells, initial, threads);
        final Trace trace = new Trace(program, memory.heap(), log);
        final Observations observations = new Observations(cells.count(), threads);
        final FinalStates finals = new FinalStates(program, bounds, cells, log, memory, initial, observations);
        new Search(program, model, bounds, cells, log, memory, observations, finals).replay(replay, trace);
        return trace.text();
    }

    /** Like {@link #replay(Program, MemoryModel, Bounds, String)} with {@link Bounds#DEFAULT}. */
    public static String replay(final Program program, final MemoryModel model, final String vector) {
        return replay(program, model, Bounds.DEFAULT, vector);
    }

    private static byte[] setUp(final Program program, final ModelledMemory memory) {
        final byte[] bytes = new byte[(int) program.sizeBytes()];
        memory.current(new FlatMemory(bytes));
        for (final Consumer<ModelledMemory> setup : program.setups()) {
            setup.accept(memory);
        }
        return bytes;
    }
}
