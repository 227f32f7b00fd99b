package io.netchannel.samples.interop;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine. Missing, the test is skipped by name; with netchannel.test.noSkip it fails. */
final class Requirements {

    private static final boolean NO_SKIP = Boolean.getBoolean("netchannel.test.noSkip");

    private Requirements() {
    }

    static void rootAndTap() {
        require("root".equals(System.getProperty("user.name")), "needs root");
        require(Files.exists(Path.of("/dev/net/tun")), "needs /dev/net/tun");
        programs("ip");
    }

    static void programs(final String... names) {
        for (final String name : names) {
            require(find(name).isPresent(), "needs the program " + name);
        }
    }

    /** Of Debian's own interpreter, whatever else is called python3. */
    static void pythonModule(final String name) {
        require(Files.isExecutable(Path.of("/usr/bin/python3"))
                && Command.run("/usr/bin/python3", "-c", "import " + name).status() == 0,
                "needs the module " + name + " of /usr/bin/python3");
    }

    private static Optional<Path> find(final String program) {
        final String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin" + File.pathSeparator + "/sbin";
        return Arrays.stream(path.split(File.pathSeparator)).map(dir -> Path.of(dir, program))
                .filter(Files::isExecutable).findFirst();
    }

    private static void require(final boolean present, final String what) {
        if (NO_SKIP) {
            Assertions.assertTrue(present, what + ", and this run forbids skipping");
        } else {
            Assumptions.assumeTrue(present, what);
        }
    }
}
