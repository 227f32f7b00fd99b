package io.netchannel.perf.cpu;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.cost.Operation;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/**
 * What a line's way to another CPU takes. One thread writes all lines of a chain, then the other reads them, and so on; each
 * times its own walk. On odd turns each access needs the one before, so they can't overlap; on even turns they are made in a
 * row, as fast as the CPU likes.
 *
 * <p>Nobody polls the lines that are counted. The time of a polled word alone is no cost: how often the reader looks, and when,
 * makes it 30 or 80 ns on one and the same machine.
 */
final class LineCosts {

    private static final int LINES = 256;
    private static final int LINE_BYTES = 64;
    private static final int VALUE_OFFSET = 8;
    private static final int TURNS = 40;

    private final OrderedMemory memory = HostMemory.INSTANCE;
    private final long written;
    private final long walked;
    private final long[] chain = new long[LINES];
    private final long lines;
    private final Series fetches = new Series();
    private final Series claims = new Series();
    private final Series rows = new Series();

    LineCosts(final Arena arena) {
        written = arena.allocate(256, 128).address();
        walked = written + 128;
        lines = arena.allocate((long) LINES * LINE_BYTES, LINE_BYTES).address();
        for (int i = 0; i < LINES; i++) {
            chain[i] = lines + (long) i * LINE_BYTES;
        }
        // In an order that no prefetcher knows.
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = LINES - 1; i > 0; i--) {
            final int other = random.nextInt(i + 1);
            final long swapped = chain[i];
            chain[i] = chain[other];
            chain[other] = swapped;
        }
        for (int i = 0; i < LINES; i++) {
            memory.putLong(chain[i], chain[(i + 1) % LINES]);
        }
    }

    /** One more round; what it came to. */
    LineFigures round(final Duet duet) {
        memory.putLong(written, 0);
        memory.putLong(walked, 0);
        final Writer writer = new Writer();
        final Reader reader = new Reader();
        duet.play(writer, reader, TURNS);
        final LineFigures figures = new LineFigures(reader.chained.sample().medianNs(),
                writer.chained.sample().medianNs(),
                writer.inRow.sample().medianNs() + reader.inRow.sample().medianNs());
        fetches.add(figures.transferNs());
        claims.add(figures.claimNs());
        rows.add(figures.inRowNs());
        return figures;
    }

    /** Forgets the rounds so far: they were to warm up. */
    void clear() {
        claims.clear();
        fetches.clear();
        rows.clear();
    }

    void report(final CostSheet sheet) {
        sheet.add(Operation.LINE_TRANSFER, fetches.sample());
        sheet.add(Operation.LINE_CLAIM, claims.sample());
        sheet.add(Operation.LINE_IN_ROW, rows.sample());
    }

    private void await(final long address, final long value, final Patience patience) {
        // Pairs with the release of the other side: its walk is over.
        while (memory.getLongAcquire(address) != value) {
            patience.look();
        }
        patience.rest();
    }

    private final class Writer implements Duet.Part {

        private final Patience patience = new Patience();
        private final Series chained = new Series();
        private final Series inRow = new Series();
        private long value;

        @Override
        public long play(final int turns) {
            long at = chain[0];
            for (int i = 0; i < turns; i++) {
                value++;
                final long startNs = System.nanoTime();
                if ((value & 1) != 0) {
                    at = claimChain(at);
                } else {
                    claimRow();
                }
                ((value & 1) != 0 ? chained : inRow).add((double) (System.nanoTime() - startNs) / LINES);
                memory.putLongRelease(written, value);
                await(walked, value, patience);
            }
            return at;
        }

        private long claimChain(final long from) {
            long at = from;
            for (int i = 0; i < LINES; i++) {
                // Adds nothing, and so finds the next line; but the line is this CPU's now.
                at = memory.getAndAddLong(at, 0);
            }
            return at;
        }

        private void claimRow() {
            for (int i = 0; i < LINES; i++) {
                memory.putLong(lines + (long) i * LINE_BYTES + VALUE_OFFSET, value);
            }
            // Without a pair: all stores are to have been performed when the clock is read.
            memory.fullFence();
        }
    }

    private final class Reader implements Duet.Part {

        private final Patience patience = new Patience();
        private final Series chained = new Series();
        private final Series inRow = new Series();
        private long value;

        @Override
        public long play(final int turns) {
            long sum = chain[0];
            for (int i = 0; i < turns; i++) {
                await(written, ++value, patience);
                final long startNs = System.nanoTime();
                sum += (value & 1) != 0 ? fetchChain() : fetchRow();
                ((value & 1) != 0 ? chained : inRow).add((double) (System.nanoTime() - startNs) / LINES);
                memory.putLongRelease(walked, value);
            }
            return sum;
        }

        private long fetchChain() {
            long at = chain[0];
            for (int i = 0; i < LINES; i++) {
                at = memory.getLong(at);
            }
            return at;
        }

        private long fetchRow() {
            long sum = 0;
            for (int i = 0; i < LINES; i++) {
                sum += memory.getLong(lines + (long) i * LINE_BYTES + VALUE_OFFSET);
            }
            return sum;
        }
    }
}
