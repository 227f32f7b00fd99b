package io.netchannel.samples.haproxy.expression.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine calls itself. */
public final class Machine {

    private static final String HOST_NAME = read();

    private Machine() {
    }

    /** As gethostname(2) has it. */
    public static String hostName() {
        return HOST_NAME;
    }

    private static String read() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname"), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }
}
