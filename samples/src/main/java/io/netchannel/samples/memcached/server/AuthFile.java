package io.netchannel.samples.memcached.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** Users and passwords, a line {@code user:password} each. */
final class AuthFile {

    private static final int MAX_ENTRIES = 8;

    private final List<Entry> entries = new ArrayList<>();

    private record Entry(byte[] user, byte[] password) {
    }

    /** @throws IOException if it can't be read, or a line has no colon */
    AuthFile(final Path file) throws IOException {
        for (final String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            final int colon = line.indexOf(':');
            if (colon < 0) {
                throw new IOException("Authfile " + file + " has a line without a colon: write user:password");
            }
            if (entries.size() < MAX_ENTRIES) {
                entries.add(new Entry(bytes(line.substring(0, colon)), bytes(line.substring(colon + 1))));
            }
        }
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** In a time that doesn't tell how much of a password was right. */
    boolean knows(final byte[] user, final byte[] password) {
        boolean known = false;
        for (final Entry entry : entries) {
            known |= MessageDigest.isEqual(entry.user, user) & MessageDigest.isEqual(entry.password, password);
        }
        return known;
    }
}
