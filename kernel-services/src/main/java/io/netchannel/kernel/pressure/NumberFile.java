package io.netchannel.kernel.pressure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Numbers in the kernel's text files, which may be of another machine's kernel: what isn't one is an error that says so. */
final class NumberFile {

    /** Of a limit that isn't set, in cgroup v2. */
    private static final String MAX = "max";

    private NumberFile() {
    }

    /** The one number that the file holds; {@link Long#MAX_VALUE} for {@code max}. */
    static long read(final Path file) throws IOException {
        final String text = Files.readString(file).strip();
        return text.equals(MAX) ? Long.MAX_VALUE : parse(text, file);
    }

    /** The number behind {@code key} at the start of a line; {@code missing} if there is no such line. */
    static long field(final Path file, final String key, final long missing) throws IOException {
        for (final String line : Files.readAllLines(file)) {
            if (line.startsWith(key) && line.length() > key.length() && line.charAt(key.length()) == ' ') {
                return word(line, file, 1);
            }
        }
        return missing;
    }

    /** A word of a line as a number. */
    static long word(final String line, final Path file, final int position) throws IOException {
        final String[] words = line.strip().split("\\s+");
        if (position >= words.length) {
            throw new IOException(file + ": '" + line + "' has no word " + position);
        }
        return parse(words[position], file);
    }

    static long parse(final String text, final Path file) throws IOException {
        try {
            return Long.parseLong(text);
        } catch (final NumberFormatException e) {
            throw new IOException(file + ": '" + text + "' is no number", e);
        }
    }
}
