package io.netchannel.cpu.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * One execution as text: {@code cells;heap;stores;choices of each thread}. Each part is a list of numbers, because an
 * execution is the sequence of stores and what each thread chose against it.
 *
 * @param cuts {@link Cells#cuts}
 * @param heap {@link HeapWords#words}
 * @param stores four for each: offset, size, value, thread
 * @param choices of each thread
 */
record Replay(long[] cuts, long[] heap, long[] stores, List<int[]> choices) {

    private static final String PART = ";";
    private static final String ITEM = ".";
    private static final int RADIX = 36;

    static Replay of(final Cells cells, final HeapWords heap, final WriteLog log, final Outcome[] threads) {
        final long[] stores = new long[4 * log.size()];
        for (int time = 1, i = 0; time <= log.size(); time++) {
            stores[i++] = log.offset(time);
            stores[i++] = log.sizeBytes(time);
            stores[i++] = log.value(time);
            stores[i++] = log.thread(time);
        }
        final List<int[]> choices = new ArrayList<>();
        for (final Outcome thread : threads) {
            choices.add(thread.choices);
        }
        return new Replay(cells.cuts(), heap.words(), stores, choices);
    }

    /** @throws IllegalArgumentException if the vector is not one that {@link #toString} wrote */
    static Replay parse(final String vector) {
        final String[] parts = vector.split(PART, -1);
        if (parts.length < 4) {
            throw new IllegalArgumentException("vector=" + vector + " is not one of a violation");
        }
        final List<int[]> choices = new ArrayList<>();
        for (int i = 3; i < parts.length; i++) {
            final long[] items = numbers(parts[i]);
            final int[] vectorOf = new int[items.length];
            for (int k = 0; k < items.length; k++) {
                vectorOf[k] = (int) items[k];
            }
            choices.add(vectorOf);
        }
        return new Replay(numbers(parts[0]), numbers(parts[1]), numbers(parts[2]), choices);
    }

    private static long[] numbers(final String part) {
        if (part.isEmpty()) {
            return new long[0];
        }
        final String[] items = part.split("\\" + ITEM);
        final long[] numbers = new long[items.length];
        for (int i = 0; i < items.length; i++) {
            numbers[i] = Long.parseLong(items[i], RADIX);
        }
        return numbers;
    }

    /** Puts the stores into an empty log. */
    void fill(final WriteLog log) {
        for (int i = 0; i < stores.length; i += 4) {
            log.push((int) stores[i], (int) stores[i + 1], stores[i + 2], (int) stores[i + 3]);
        }
    }

    @Override
    public String toString() {
        final StringJoiner text = new StringJoiner(PART);
        text.add(join(cuts)).add(join(heap)).add(join(stores));
        for (final int[] vector : choices) {
            final StringJoiner items = new StringJoiner(ITEM);
            for (final int item : vector) {
                items.add(Integer.toString(item, RADIX));
            }
            text.add(items.toString());
        }
        return text.toString();
    }

    private static String join(final long[] numbers) {
        final StringJoiner items = new StringJoiner(ITEM);
        for (final long number : numbers) {
            items.add(Long.toString(number, RADIX));
        }
        return items.toString();
    }
}
