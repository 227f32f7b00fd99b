package io.netchannel.samples.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What two ends of a connection do, such that the outcome doesn't depend on timing: each step waits for a number of
 * received bytes.
 *
 * @param a the steps of the end that connects
 * @param b the steps of the end that listens
 */
record Conversation(List<Step> a, List<Step> b) {

    /** {@code SHUTDOWN} sends FIN; {@code ABORT} a RST. An end whose steps are done closes when the peer has finished. */
    enum Action {
        SEND, SHUTDOWN, ABORT
    }

    record Step(int afterReceived, Action action, int bytes) {

        @Override
        public String toString() {
            return afterReceived + ":" + action + ":" + bytes;
        }
    }

    /** Bytes follow from their position. */
    static byte pattern(final int position) {
        return (byte) (position * 31 + (position >>> 8) * 7 + (position >>> 16));
    }

    /** Random sends back and forth, then an end of one of three kinds. */
    static Conversation random(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<Step> a = new ArrayList<>();
        final List<Step> b = new ArrayList<>();
        int sentA = 0;
        int sentB = 0;
        for (int rounds = random.nextInt(12); rounds > 0; rounds--) {
            final int bytes = 1 + (int) Math.pow(2, random.nextDouble(17));
            if (random.nextBoolean()) {
                a.add(new Step(last(a, random.nextInt(sentB + 1)), Action.SEND, bytes));
                sentA += bytes;
            } else {
                b.add(new Step(last(b, random.nextInt(sentA + 1)), Action.SEND, bytes));
                sentB += bytes;
            }
        }
        switch (random.nextInt(3)) {
            case 0 -> {
                // Both finish as soon as they have sent all.
                a.add(new Step(0, Action.SHUTDOWN, 0));
                b.add(new Step(0, Action.SHUTDOWN, 0));
            }
            case 1 -> {
                // One waits for the other's last byte.
                a.add(new Step(sentB, Action.SHUTDOWN, 0));
                b.add(new Step(0, Action.SHUTDOWN, 0));
            }
            default -> {
                // One byte says that all has arrived; only then is it a RST that nothing is lost by.
                b.add(new Step(sentA, Action.SEND, 1));
                a.add(new Step(sentB + 1, Action.ABORT, 0));
            }
        }
        return new Conversation(a, b);
    }

    // Steps are in order, so waiting for less than the step before is waiting for that.
    private static int last(final List<Step> steps, final int after) {
        return steps.isEmpty() ? after : Math.max(after, steps.getLast().afterReceived());
    }

    static String text(final List<Step> steps) {
        return String.join(",", steps.stream().map(Step::toString).toList());
    }

    static List<Step> parse(final String text) {
        final List<Step> steps = new ArrayList<>();
        for (final String part : text.split(",")) {
            if (!part.isEmpty()) {
                final String[] fields = part.split(":");
                steps.add(new Step(Integer.parseInt(fields[0]), Action.valueOf(fields[1]),
                        Integer.parseInt(fields[2])));
            }
        }
        return steps;
    }
}
