package io.netchannel.samples.echo;

/**
 * The pattern that RFC 864 suggests: lines of 72 printable characters and CR LF, each line beginning one character later
 * in the ring of 95.
 */
final class ChargenPattern {

    static final int LINE_BYTES = 74;
    private static final int FIRST = ' ';
    private static final int PRINTABLE = 95;
    private static final int CHARACTERS_PER_LINE = 72;

    /** After this many bytes the pattern repeats. */
    static final int PERIOD_BYTES = PRINTABLE * LINE_BYTES;

    private ChargenPattern() {
    }

    /** {@code periods} whole periods. */
    static byte[] bytes(final int periods) {
        final byte[] pattern = new byte[periods * PERIOD_BYTES];
        for (int line = 0, at = 0; at < pattern.length; line++) {
            for (int i = 0; i < CHARACTERS_PER_LINE; i++) {
                pattern[at++] = (byte) (FIRST + (line + i) % PRINTABLE);
            }
            pattern[at++] = '\r';
            pattern[at++] = '\n';
        }
        return pattern;
    }
}
