package io.netchannel.cpu.litmus;

import io.netchannel.cpu.litmus.axiom.Execution;
import io.netchannel.cpu.litmus.axiom.Executions;
import io.netchannel.cpu.litmus.thread.AccessSizes;
import io.netchannel.cpu.litmus.thread.Kind;
import io.netchannel.cpu.litmus.thread.Trace;
import io.netchannel.cpu.litmus.thread.Traces;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Runs one test: traces of each thread, then their executions, then the states that those end in. */
final class LitmusRun implements Execution {

    private final LitmusTest test;
    private final Map<Key, long[]> states = new HashMap<>();
    private long positive;
    private long negative;

    LitmusRun(final LitmusTest test) {
        this.test = test;
    }

    LitmusResult result() {
        final Traces traces = new Traces(test.programs(), test.registers(), test.order(), test.features());
        final List<List<Trace>> all = traces.enumerate(test.memory());
        final Map<Long, Integer> observed = new HashMap<>();
        test.places().stream().filter(Place::isMemory)
                .forEach(place -> observed.put(place.address(), place.sizeBytes()));
        AccessSizes.check(all, test.memory(), observed);
        new Executions(all, test.memory(), test.order().toleratesOwnWrites(), test.features(),
                new Executions.Budget(), this)
                .enumerate();
        final TreeSet<String> texts = new TreeSet<>();
        states.values().forEach(state -> texts.add(StateText.of(test, state)));
        return new LitmusResult(test.name(), test.condition(), List.copyOf(texts), positive, negative,
                traces.hasCutLoop());
    }

    @Override
    public void allowed(final List<Trace> traces, final FinalMemory memory) {
        final long[] state = new long[test.places().size()];
        for (int i = 0; i < state.length; i++) {
            final Place place = test.places().get(i);
            state[i] = valueOf(place, traces, memory);
        }
        if (!test.filter().holds(state)) {
            return;
        }
        if (test.condition().formula().holds(state)) {
            positive++;
        } else {
            negative++;
        }
        states.putIfAbsent(new Key(state), state);
    }

    private static long valueOf(final Place place, final List<Trace> traces, final FinalMemory memory) {
        if (place.isMemory()) {
            return memory.valueAt(place.address());
        }
        final Trace trace = traces.get(place.thread());
        return place.fault() == null ? trace.registers()[place.register()] : faultOf(place.fault(), trace);
    }

    /** @return 0 if there was none such; else its type + 1 and the address */
    private static long faultOf(final Place.Fault wanted, final Trace trace) {
        for (int i = 0; i < trace.length(); i++) {
            final long code = trace.values()[i];
            if ((trace.kinds()[i] & Kind.FAULT) != 0 && code >> 8 == wanted.instruction()
                    && (wanted.address() == 0 || wanted.address() == trace.addresses()[i])
                    && (wanted.type() == null || wanted.type().ordinal() == (code & 0xFF))) {
                return trace.addresses()[i] << 4 | (code & 0xF) + 1;
            }
        }
        return 0;
    }

    private record Key(long[] state) {

        @Override
        public boolean equals(final Object other) {
            return other instanceof final Key key && Arrays.equals(state, key.state);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(state);
        }
    }
}
