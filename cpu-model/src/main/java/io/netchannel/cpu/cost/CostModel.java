package io.netchannel.cpu.cost;

import io.netchannel.cpu.cost.Prediction.Term;
import java.util.ArrayList;
import java.util.List;

/**
 * Composes costs of operations into costs of hand-overs between threads.
 *
 * <p>The length of a path is measured on one thread, with every line in its cache. What two threads add is predicted: lines
 * that move, looks that come late, switches. How often each occurs follows from the layouts of rings and queues.
 *
 * <p>A word that one CPU writes while another polls it: the writer takes the line back from its reader (claim), the reader
 * fetches it (transfer). What was written before it and lies where the reader looks anyway comes as lines in a row; what the
 * reader finds only through what it has just read costs a transfer each.
 */
public final class CostModel {

    /** Slots of a ring in a line. */
    private static final int SLOTS_PER_LINE = 8;
    /**
     * What an out-of-order CPU hides of a load that nothing waits for by its address: it works ahead until its window is full.
     * An estimate, and the one figure here that follows from no layout and no measurement: some 320 instructions (Zen 4's
     * retire queue) at 4 a cycle, of 0.25 ns. That a time is hidden, not a share, was seen between both kinds of neighbour: a
     * slot's line is hidden where its way is short, and hardly where it is long.
     */
    private static final double WINDOW_NS = 20;
    /** Frames each way in a transaction: request and response carry the acknowledgments. */
    private static final int WAYS = 2;
    /**
     * Behind the available index of a split queue: ring entry, descriptor, headers; each address is in what was read before.
     */
    private static final int DEPENDENT_LINES = 3;
    /** Second line of the headers, payload: known as soon as the descriptors are. */
    private static final int PACKET_LINES = 2;
    /** Loop to driver, driver to driver, driver to loop. */
    private static final int HAND_OVERS_OF_A_WAY = 3;
    /** Two loops and two drivers. */
    private static final int CHANNEL_THREADS = 4;

    private final CpuCosts costs;

    public CostModel(final CpuCosts costs) {
        this.costs = costs;
    }

    /**
     * A burst through a NetChannel, from its first offer until the other thread has taken all of it. All bursts are of the
     * same length.
     *
     * @param burst elements
     * @param capacity slots of the ring
     * @param pathNs of the burst on one thread
     * @param pathKind where that figure stands for this CPU
     */
    public Prediction ringHandOver(final int burst, final int capacity, final double pathNs, final CostKind pathKind) {
        final double lines = slotLines(burst);
        // The producer remembers a head until the ring is full by it.
        final double looksAtTheHead = (double) burst / capacity;
        return new Prediction("ring hand-over, burst of " + burst, costs.name(), List.of(
                path(pathNs, pathKind),
                tail(pathNs / 2),
                term("the tail, to the consumer", 1, Operation.LINE_TRANSFER),
                slots(lines),
                term("the head, once a lap, to the producer", looksAtTheHead, Operation.LINE_TRANSFER),
                term("the head, once a lap, back from it", looksAtTheHead, Operation.LINE_CLAIM)));
    }

    /**
     * Lines that a burst touches, on average: it begins where the last one ended, in the middle of a line if lengths don't
     * divide. A single slot has a line to itself as much as eight: the consumer has read the line since the slot before.
     */
    static double slotLines(final int burst) {
        int step = SLOTS_PER_LINE;
        while (burst % step != 0) {
            step /= 2;
        }
        return 1 + (double) (burst - step) / SLOTS_PER_LINE;
    }

    /**
     * A transaction of netperf's TCP_RR between two loops that poll their own queues.
     *
     * @param pathNs of the transaction through both nodes on one thread
     * @param idle how a loop waits for the other
     * @param cpus that the threads may use; two loops need two
     */
    public Prediction tcpRequestResponseInline(final double pathNs, final CostKind pathKind, final IdleTurns idle,
            final int cpus) {
        final List<Term> terms = new ArrayList<>(List.of(path(pathNs, pathKind)));
        if (cpus < 2) {
            terms.add(term("to the other loop", WAYS, Operation.SWITCH));
        } else {
            terms.add(term("available index", WAYS, Operation.LINE_CLAIM));
            terms.add(term("available index", WAYS, Operation.LINE_TRANSFER));
            terms.add(term("ring entry, descriptor, headers", WAYS * DEPENDENT_LINES, Operation.LINE_TRANSFER));
            terms.add(term("rest of the packet", WAYS * PACKET_LINES, Operation.LINE_IN_ROW));
            terms.add(untilItLooks(WAYS, pathNs, pathKind, idle));
        }
        return new Prediction("TCP_RR transaction, inline", costs.name(), terms);
    }

    /**
     * The same with a driver loop in each node, so with three hand-overs each way.
     *
     * <p>With fewer CPUs than threads, and threads placed by chance: the next loop shares the CPU of the one that hands over, and
     * waits until that one has looked for work in vain and yields; or the loops that wait on another CPU have it in turns, each
     * for one look, and half a round is left until the next one's.
     */
    public Prediction tcpRequestResponseChannel(final double pathNs, final CostKind pathKind, final IdleTurns idle,
            final int cpus) {
        final int handOvers = WAYS * HAND_OVERS_OF_A_WAY;
        final List<Term> terms = new ArrayList<>(List.of(path(pathNs, pathKind)));
        if (cpus >= 2) {
            terms.add(term("tails and indices", handOvers, Operation.LINE_CLAIM));
            terms.add(term("tails and indices", handOvers, Operation.LINE_TRANSFER));
            terms.add(term("ring entry, descriptor, headers", WAYS * DEPENDENT_LINES, Operation.LINE_TRANSFER));
            terms.add(term("rest of the packet", handOvers * PACKET_LINES, Operation.LINE_IN_ROW));
        }
        if (cpus >= CHANNEL_THREADS) {
            terms.add(untilItLooks(handOvers, pathNs, pathKind, idle));
        } else {
            final double together = (CHANNEL_THREADS / (double) cpus - 1) / (CHANNEL_THREADS - 1);
            final double halfARound = CHANNEL_THREADS / (2.0 * cpus);
            terms.add(new Term("turns without work, before the other loop yields", handOvers * together,
                    idle.untilSharedYieldNs(), pathKind));
            terms.add(term("until the loop has the CPU that it shares",
                    handOvers * (together + (1 - together) * halfARound), Operation.SWITCH));
        }
        return new Prediction("TCP_RR transaction, channel", costs.name(), terms);
    }

    /** Work comes, on the average, in the middle of what a loop does meanwhile. It waits while the other side has its half. */
    private Term untilItLooks(final int handOvers, final double pathNs, final CostKind pathKind, final IdleTurns idle) {
        return pathNs / 2 < idle.untilYieldNs()
                ? new Term("half a turn without work, until the loop looks again", handOvers * 0.5, idle.turnNs(),
                        pathKind)
                : term("half of one, until the loop looks again", handOvers * 0.5, Operation.YIELD);
    }

    private static Term path(final double ns, final CostKind kind) {
        return new Term("path, on one thread", 1, ns, kind);
    }

    /** Where the tail is, is known before the first offer: the CPU claims its line while it fills slots. */
    private Term tail(final double producersPathNs) {
        final Cost claim = costs.cost(Operation.LINE_CLAIM);
        return new Term(claim.operation().title() + ": the tail, but what the offers hide", 1,
                Math.max(0, claim.ns() - producersPathNs), claim.kind());
    }

    /** Their claims are under way together, and with the tail's; so a line takes at least what one in a row does. */
    private Term slots(final double count) {
        final Cost transfer = costs.cost(Operation.LINE_TRANSFER);
        final Cost inRow = costs.cost(Operation.LINE_IN_ROW);
        final double waitedForNs = transfer.ns() - WINDOW_NS;
        return waitedForNs > inRow.ns()
                ? new Term(transfer.operation().title() + ": slots, but what the CPU hides", count, waitedForNs,
                        transfer.kind())
                : Term.of("slots", count, inRow);
    }

    private Term term(final String why, final double count, final Operation operation) {
        return Term.of(why, count, costs.cost(operation));
    }
}
