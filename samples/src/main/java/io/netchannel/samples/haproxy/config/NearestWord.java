package io.netchannel.samples.haproxy.config;

/** Which known word an unknown one was perhaps meant to be: the one that shares most of its pairs of letters. */
public final class NearestWord {

    private static final int CLASSES = 32;
    private static final int DIGIT = 27;
    private static final int OTHER_OR_EDGE = 28;

    private NearestWord() {
    }

    /** @return null if none is near */
    public static String of(final String word, final Iterable<String> known) {
        final int[] pairs = pairs(word);
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (final String candidate : known) {
            final int distance = distance(pairs, pairs(candidate));
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return best == null || bestDistance > 2 * Math.min(word.length(), best.length()) ? null : best;
    }

    /** Counts of pairs of neighbours; in the first row, which classes there are at all. */
    private static int[] pairs(final String word) {
        final int[] counts = new int[CLASSES * CLASSES];
        int from = OTHER_OR_EDGE;
        for (int i = 0; i < word.length(); i++) {
            final char c = Character.toLowerCase(word.charAt(i));
            final int to;
            if (c >= 'a' && c <= 'z') {
                to = c - 'a' + 1;
            } else {
                to = c >= '0' && c <= '9' ? DIGIT : OTHER_OR_EDGE;
            }
            counts[to] = 1;
            counts[CLASSES * from + to]++;
            from = to;
        }
        counts[CLASSES * from + OTHER_OR_EDGE]++;
        return counts;
    }

    private static int distance(final int[] a, final int[] b) {
        int distance = 0;
        for (int i = 0; i < a.length; i++) {
            distance += Math.abs(a[i] - b[i]);
        }
        return distance;
    }
}
