package io.netchannel.samples.haproxy.load;

import io.netchannel.perf.startup.OwnProgram;
import io.netchannel.samples.load.ChildProcess;
import io.netchannel.samples.load.LoadFailure;
import io.netchannel.samples.load.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where proxies over sockets send requests: haproxy, which answers by itself; without it our own server of files. */
final class BackendProcess {

    static final String HAPROXY = "haproxy";

    private BackendProcess() {
    }

    /** For the report. */
    static String description() {
        return isOriginal() ? "haproxy in C, one thread" : "netchannel http --kernel: there is no program haproxy";
    }

    private static boolean isOriginal() {
        return Programs.unavailability(HAPROXY) == null;
    }

    /** Starts it, and waits until it listens. */
    static ChildProcess start(final Place place, final LoadProfile profile) {
        final Path directory = ChildProcess.newDirectory(ProxyloadCommand.NAME);
        final ChildProcess process = ChildProcess.start(directory, place.line(line(place, profile, directory)),
                Map.of());
        process.await(() -> place.call(() -> Probe.isAnswered(place.localBackend(), profile)));
        return process;
    }

    private static List<String> line(final Place place, final LoadProfile profile, final Path directory) {
        final Path body = directory.resolve(LoadProfile.RESOURCE.substring(1));
        try {
            Files.writeString(body, "x".repeat(profile.bodyBytes()));
            if (isOriginal()) {
                final Path configuration = Files.writeString(directory.resolve("backend.cfg"),
                        Configurations.backend(profile, place.backendBind() + ":" + place.backendPort(), body));
                return List.of(HAPROXY, "-db", "-f", configuration.toString());
            }
            final List<String> line = new ArrayList<>(OwnProgram.line(ProxyloadCommand.NAME));
            line.addAll(List.of("http", "--kernel", "-p", String.valueOf(place.backendPort()), "--root",
                    directory.toString()));
            return line;
        } catch (final IOException e) {
            throw new LoadFailure("no backend: " + e.getMessage(), e);
        }
    }
}
