package io.netchannel.cpu.litmus.thread;

import io.netchannel.cpu.litmus.LitmusException;
import io.netchannel.cpu.litmus.axiom.Relation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All ways in which the threads of a test may run, each thread alone. */
public final class Traces {

    /** Jumps back to one instruction; a run with more is left out, as herd does. */
    public static final int MAX_UNROLL = 2;
    public static final int MAX_TRACES = 20_000;
    public static final int MAX_INSTRUCTIONS = 400;
    /** Rows of the order are one word. */
    public static final int MAX_ACCESSES = 64;

    private final List<Program> programs;
    private final List<long[]> registers;
    private final LocalOrder order;
    private final Features features;
    private final EventLog log = new EventLog();
    private boolean hasCutLoop;

    public Traces(final List<Program> programs, final List<long[]> registers, final LocalOrder order,
            final Features features) {
        this.features = features;
        this.programs = programs;
        this.registers = registers;
        this.order = order;
    }

    /** Whether a run was left out since a loop went on longer than {@link #MAX_UNROLL}. */
    public boolean hasCutLoop() {
        return hasCutLoop;
    }

    /** @return per thread its traces, over all values that the other threads may give it */
    public List<List<Trace>> enumerate(final InitialMemory initial) {
        final Domains domains = new Domains(initial);
        final List<List<Trace>> all = new ArrayList<>(programs.size());
        // A value that an execution reads passed through at most all writes: no more rounds are needed. Without this
        // bound two counters that feed each other would grow forever.
        int writes = 0;
        for (int round = 0; round <= writes + 1; round++) {
            all.clear();
            writes = 0;
            boolean hasGrown = false;
            for (int thread = 0; thread < programs.size(); thread++) {
                final List<Trace> traces = tracesOf(thread, domains);
                all.add(traces);
                writes += maxWrites(traces);
            }
            for (final List<Trace> traces : all) {
                for (final Trace trace : traces) {
                    hasGrown |= addWrites(trace, domains);
                }
            }
            if (!hasGrown) {
                break;
            }
        }
        return all;
    }

    private static int maxWrites(final List<Trace> traces) {
        int max = 0;
        for (final Trace trace : traces) {
            int writes = 0;
            for (int i = 0; i < trace.length(); i++) {
                writes += trace.isWrite(i) ? 1 : 0;
            }
            max = Math.max(max, writes);
        }
        return max;
    }

    private static boolean addWrites(final Trace trace, final Domains domains) {
        boolean hasGrown = false;
        for (int i = 0; i < trace.length(); i++) {
            hasGrown |= trace.isWrite(i) && domains.add(trace.addresses()[i], trace.values()[i]);
        }
        return hasGrown;
    }

    private List<Trace> tracesOf(final int thread, final Domains domains) {
        final List<Trace> traces = new ArrayList<>();
        final Choices choices = new Choices();
        final List<Instruction> instructions = programs.get(thread).instructions();
        int runs = 0;
        do {
            choices.rewind();
            log.clear();
            final ThreadRun run = new ThreadRun(choices, domains, log, registers.get(thread),
                    features, thread);
            if (runs(run, instructions, thread)) {
                traces.add(traceOf(run));
            }
            if (++runs > MAX_TRACES) {
                throw new LitmusException(LitmusException.Reason.TOO_LARGE, 1, "P" + thread,
                        "runs of this thread > MAX_TRACES=" + MAX_TRACES);
            }
        } while (choices.next());
        return traces;
    }

    private boolean runs(final ThreadRun run, final List<Instruction> instructions, final int thread) {
        final int[] backwards = new int[instructions.size() + 1];
        try {
            while (run.programCounter() < instructions.size()) {
                final int current = run.programCounter();
                run.step(current);
                instructions.get(current).execute(run);
                final int next = run.programCounter();
                if (run.instructionsRun() > MAX_INSTRUCTIONS) {
                    throw new LitmusException(LitmusException.Reason.TOO_LARGE, 1, "P" + thread,
                            "instructions of a run > MAX_INSTRUCTIONS=" + MAX_INSTRUCTIONS);
                }
                if (next <= current && !run.isJumpByConstants() && ++backwards[next] > MAX_UNROLL) {
                    hasCutLoop = true;
                    return false;
                }
            }
            return true;
        } catch (final ThreadRun.Ended e) {
            return e == ThreadRun.Ended.FAULTED;
        }
    }

    private Trace traceOf(final ThreadRun run) {
        final int[] accesses = new int[log.count()];
        int count = 0;
        for (int event = 0; event < log.count(); event++) {
            if (log.is(event, Kind.GLOBAL)) {
                accesses[count++] = event;
            }
        }
        if (count > MAX_ACCESSES) {
            throw new LitmusException(LitmusException.Reason.TOO_LARGE, 1, Integer.toString(count),
                    "accesses to memory of one thread > MAX_ACCESSES=" + MAX_ACCESSES);
        }
        final Orders orders = order.ordersOf(log);
        final int[] kinds = new int[count];
        final long[] addresses = new long[count];
        final long[] values = new long[count];
        final int[] sizes = new int[count];
        final int[] instruction = new int[count];
        for (int i = 0; i < count; i++) {
            final int event = accesses[i];
            kinds[i] = log.kind(event);
            addresses[i] = log.place(event);
            values[i] = log.value(event);
            sizes[i] = log.sizeBytes(event);
            instruction[i] = log.instruction(event);
        }
        return new Trace(kinds, addresses, values, sizes, instruction, rows(orders.ordered(), accesses, count),
                rows(orders.maintenance(), accesses, count), rows(orders.translation(), accesses, count),
                ReadModifyWrites.readOfWrite(log, Arrays.copyOf(accesses, count)), run.registers());
    }

    private static long[] rows(final Relation relation, final int[] events, final int count) {
        final long[] rows = new long[count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                rows[i] |= relation.has(events[i], events[j]) ? 1L << j : 0;
            }
        }
        return rows;
    }
}
