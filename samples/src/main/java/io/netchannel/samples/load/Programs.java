package io.netchannel.samples.load;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Programs that a comparison needs, and this project doesn't have. */
public final class Programs {

    private Programs() {
    }

    /** Why a program can't be started by its name; null if it can. */
    public static String unavailability(final String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator)))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)))
                        ? null
                        : "needs the program " + program;
    }
}
