package io.netchannel.cpu.litmus.axiom;

import io.netchannel.cpu.litmus.LitmusException;
import io.netchannel.cpu.litmus.thread.Features;
import io.netchannel.cpu.litmus.thread.InitialMemory;
import io.netchannel.cpu.litmus.thread.Kind;
import io.netchannel.cpu.litmus.thread.Trace;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Combines traces of the threads: each choice of one trace per thread where every value that is read was also written. For
 * each it looks for the ways in which reads take from writes and writes follow each other.
 */
public final class Executions {

    private final List<List<Trace>> traces;
    private final InitialMemory initial;
    private final Candidate candidate;
    private final Budget budget;
    private final Map<Long, Map<Long, Integer>> valueNumbers = new HashMap<>();
    private final List<List<BitSet>> reads = new ArrayList<>();
    private final List<List<BitSet>> writes = new ArrayList<>();
    /** Per thread, what it and the threads after it may write. */
    private final List<BitSet> laterWrites = new ArrayList<>();
    private final List<Trace> chosen = new ArrayList<>();

    public Executions(final List<List<Trace>> traces, final InitialMemory initial, final boolean toleratesOwnWrites,
            final Features features, final Budget budget, final Execution execution) {
        this.traces = traces;
        this.initial = initial;
        this.budget = budget;
        this.candidate = new Candidate(initial, toleratesOwnWrites, features, budget, execution);
        traces.forEach(this::number);
        for (int thread = 0; thread <= traces.size(); thread++) {
            final BitSet later = new BitSet();
            for (int i = thread; i < traces.size(); i++) {
                writes.get(i).forEach(later::or);
            }
            laterWrites.add(later);
        }
    }

    private void number(final List<Trace> ofThread) {
        final List<BitSet> readValues = new ArrayList<>();
        final List<BitSet> writtenValues = new ArrayList<>();
        for (final Trace trace : ofThread) {
            final BitSet read = new BitSet();
            final BitSet written = new BitSet();
            for (int i = 0; i < trace.length(); i++) {
                final long address = trace.addresses()[i];
                final long value = trace.values()[i];
                if (trace.isWrite(i)) {
                    written.set(numberOf(address, value));
                } else if ((trace.kinds()[i] & Kind.R) != 0 && value != initial.valueAt(address)) {
                    read.set(numberOf(address, value));
                }
            }
            readValues.add(read);
            writtenValues.add(written);
        }
        reads.add(readValues);
        writes.add(writtenValues);
    }

    private int numberOf(final long address, final long value) {
        final Map<Long, Integer> numbers = valueNumbers.computeIfAbsent(address, _ -> new HashMap<>());
        return numbers.computeIfAbsent(value, _ -> valueNumbers.values().stream().mapToInt(Map::size).sum());
    }

    /** @throws LitmusException if the budget ran out */
    public void enumerate() {
        choose(0, new BitSet(), new BitSet());
    }

    private void choose(final int thread, final BitSet read, final BitSet written) {
        if (thread == traces.size()) {
            candidate.search(chosen);
            return;
        }
        for (int i = 0; i < traces.get(thread).size(); i++) {
            budget.spend();
            final BitSet nowRead = (BitSet) read.clone();
            nowRead.or(reads.get(thread).get(i));
            final BitSet nowWritten = (BitSet) written.clone();
            nowWritten.or(writes.get(thread).get(i));
            final BitSet missing = (BitSet) nowRead.clone();
            missing.andNot(nowWritten);
            missing.andNot(laterWrites.get(thread + 1));
            if (missing.isEmpty()) {
                chosen.add(traces.get(thread).get(i));
                choose(thread + 1, nowRead, nowWritten);
                chosen.removeLast();
            }
        }
    }

    /** Work that is left. Time would make results depend on the machine; steps don't. */
    public static final class Budget {

        public static final long MAX_STEPS = 200_000_000L;

        private long left = MAX_STEPS;

        void spend() {
            if (--left < 0) {
                throw new LitmusException(LitmusException.Reason.TOO_LARGE, 1, "test",
                        "steps of the search > MAX_STEPS=" + MAX_STEPS);
            }
        }
    }

}
