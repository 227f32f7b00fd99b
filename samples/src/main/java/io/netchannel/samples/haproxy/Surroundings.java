package io.netchannel.samples.haproxy;

import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** The process as haproxy would have it, where a JVM can't be so. */
final class Surroundings {

    private Surroundings() {
    }

    /** Of what {@code global} asks for and isn't done: a user other than this one's, a root directory. */
    static void warn(final GlobalSettings global, final Messages messages) {
        if (global.get(GlobalOptions.CHROOT) != null) {
            warn(messages,
                    "'chroot " + global.get(GlobalOptions.CHROOT) + "' is not done: a JVM can't change its root");
        }
        differs(messages, "uid", "Uid:", global.get(GlobalOptions.UID));
        differs(messages, "gid", "Gid:", global.get(GlobalOptions.GID));
    }

    private static void differs(final Messages messages, final String what, final String label, final int wanted) {
        final int own = own(label);
        if (wanted != 0 && wanted != own) {
            warn(messages, "the " + what + " stays " + own + " instead of " + wanted
                    + ": a JVM can't change it, start it as that user instead");
        }
    }

    private static void warn(final Messages messages, final String text) {
        messages.print(Diagnostics.Severity.WARNING, "[haproxy.main()] " + text + ".");
    }

    private static int own(final String label) {
        try {
            for (final String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith(label)) {
                    return Integer.parseInt(line.substring(label.length()).trim().split("\\s+")[0]);
                }
            }
        } catch (final IOException | NumberFormatException e) {
            // Then it isn't known.
        }
        return -1;
    }

    /** Instead of what is there: it may be another's, or a link. @return whether it could be written */
    static boolean writePid(final String file) {
        try {
            final Path path = Path.of(file);
            Files.deleteIfExists(path);
            Files.writeString(path, ProcessHandle.current().pid() + "\n");
            return true;
        } catch (final IOException | InvalidPathException e) {
            return false;
        }
    }

    /** {@code -sf} and {@code -st}: processes of before make room. */
    static void endOthers(final Arguments arguments, final Messages messages) {
        for (final int pid : arguments.oldPids) {
            if (!arguments.finishOld) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
                continue;
            }
            try {
                new ProcessBuilder(List.of("kill", "-USR1", Integer.toString(pid))).inheritIO().start();
            } catch (final IOException e) {
                warn(messages, "process " + pid + " could not be asked to finish: " + e.getMessage());
            }
        }
    }
}
