package io.netchannel.cpu.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts together what the threads do against a final memory, and checks each such end of the program once. */
final class FinalStates {

    private final Program program;
    private final Bounds bounds;
    private final Cells cells;
    private final WriteLog log;
    private final ModelledMemory memory;
    private final byte[] initial;
    private final Observations observations;
    private final RaceCheck races;
    private final Map<Outcome, Integer> known = new HashMap<>();
    private final Set<Key> checked = new LinkedHashSet<>();
    private final Set<String> states = new LinkedHashSet<>();
    private long executions;
    private Replay found;
    private String failure;
    private Throwable cause;
    private Race race;

    private record Key(int[] outcomes, long[] values) {
        @Override
        public boolean equals(final Object other) {
            return other instanceof final Key that && Arrays.equals(outcomes, that.outcomes)
                    && Arrays.equals(values, that.values);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(outcomes) + Arrays.hashCode(values);
        }
    }

    FinalStates(final Program program, final Bounds bounds, final Cells cells, final WriteLog log,
            final ModelledMemory memory, final byte[] initial, final Observations observations) {
        this.program = program;
        this.bounds = bounds;
        this.cells = cells;
        this.log = log;
        this.memory = memory;
        this.initial = initial;
        this.observations = observations;
        this.races = new RaceCheck(program.threads().size(), cells.count());
    }

    /** @return false if a violation was found */
    boolean add(final Summary[] threads) {
        final List<List<Outcome>> outcomes = new ArrayList<>();
        for (final Summary thread : threads) {
            outcomes.add(List.copyOf(thread.outcomes));
        }
        return combine(outcomes, 0, new Outcome[threads.length], new int[threads.length], finalValues());
    }

    private boolean combine(final List<List<Outcome>> outcomes, final int thread, final Outcome[] chosen,
            final int[] ids, final long[] values) {
        if (thread == chosen.length) {
            executions++;
            return !checked.add(new Key(ids.clone(), values)) || check(chosen);
        }
        for (final Outcome outcome : outcomes.get(thread)) {
            chosen[thread] = outcome;
            ids[thread] = known.computeIfAbsent(outcome, fresh -> known.size());
            if (!combine(outcomes, thread + 1, chosen, ids, values)) {
                return false;
            }
        }
        return true;
    }

    private long[] finalValues() {
        final long[] values = new long[cells.count()];
        for (int cell = 0; cell < values.length; cell++) {
            values[cell] = log.read(log.newest(cell), cells.startOf(cell), cells.bytesOf(cell));
        }
        return values;
    }

    private boolean check(final Outcome[] chosen) {
        final Results results = new Results();
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i].status == Outcome.Status.FAILED) {
                return violated(chosen, "thread " + program.threads().get(i).name() + " failed: " + chosen[i].failure,
                        chosen[i].failure);
            }
            if (chosen[i].status == Outcome.Status.LIMITED) {
                observations.reached("storingTries=" + bounds.storingTries() + " of an await of thread "
                        + program.threads().get(i).name() + " that stores for ever");
                return true;
            }
            results.putAll(chosen[i].results);
        }
        if (bounds.races()) {
            race = races.check(chosen);
            if (race != null) {
                return violated(chosen, race.toString(), null);
            }
        }
        final StringBuilder waiting = new StringBuilder();
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i].status == Outcome.Status.BLOCKED) {
                waiting.append(waiting.isEmpty() ? "" : ", ").append(program.threads().get(i).name());
            }
        }
        if (!waiting.isEmpty()) {
            return violated(chosen, "deadlock: waits for ever: " + waiting, null);
        }
        try {
            memory.current(new FlatMemory(finalBytes()));
            for (final Program.FinalCheck check : program.checks()) {
                check.check(results, memory);
            }
        } catch (final RuntimeException | AssertionError thrown) {
            return violated(chosen, "final state " + results + ": " + thrown, thrown);
        }
        states.add(results.toString());
        return true;
    }

    private byte[] finalBytes() {
        final byte[] bytes = initial.clone();
        for (int time = 1; time <= log.size(); time++) {
            for (int i = 0; i < log.sizeBytes(time); i++) {
                bytes[log.offset(time) + i] = (byte) (log.value(time) >>> 8 * i);
            }
        }
        return bytes;
    }

    private boolean violated(final Outcome[] chosen, final String what, final Throwable thrown) {
        found = Replay.of(cells, memory.heap(), log, chosen);
        failure = what;
        cause = thrown;
        return false;
    }

    Set<String> states() {
        return states;
    }

    long executions() {
        return executions;
    }

    /** The execution that breaks a rule. */
    Replay found() {
        return found;
    }

    String failure() {
        return failure;
    }

    Throwable cause() {
        return cause;
    }

    /** The race that it is, or null. */
    Race race() {
        return race;
    }
}
