package io.netchannel.samples.memcached.stats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * CPU time of this process.
 *
 * @param user in seconds, as getrusage(2) is printed
 */
record ProcessTimes(String user, String system) {

    /** proc(5): after the name in parentheses, which may hold spaces itself, utime is the 12th word, stime the 13th. */
    private static final int USER_WORD = 11;
    /** USER_HZ, the same on every machine of ours. */
    private static final double TICKS_PER_SECOND = 100;

    static ProcessTimes read() {
        try {
            final String stat = Files.readString(Path.of("/proc/self/stat"));
            final String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return new ProcessTimes(seconds(words[USER_WORD]), seconds(words[USER_WORD + 1]));
        } catch (final IOException e) {
            return new ProcessTimes(seconds("0"), seconds("0"));
        }
    }

    private static String seconds(final String ticks) {
        return String.format(Locale.ROOT, "%.6f", Long.parseLong(ticks) / TICKS_PER_SECOND);
    }
}
