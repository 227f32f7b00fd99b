package io.netchannel.samples.haproxy.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Numbers of the host's users and groups. */
final class Accounts {

    private static final Path USERS = Path.of("/etc/passwd");
    private static final Path GROUPS = Path.of("/etc/group");

    private Accounts() {
    }

    /** @return -1 if there is no such user */
    static int uid(final String name) {
        return number(USERS, name);
    }

    /** @return -1 if there is no such group */
    static int gid(final String name) {
        return number(GROUPS, name);
    }

    private static int number(final Path file, final String name) {
        try {
            for (final String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                final String[] fields = line.split(":");
                if (fields.length > 2 && fields[0].equals(name)) {
                    return Integer.parseInt(fields[2]);
                }
            }
        } catch (final IOException | NumberFormatException e) {
            // As with a name that isn't there.
        }
        return -1;
    }
}
