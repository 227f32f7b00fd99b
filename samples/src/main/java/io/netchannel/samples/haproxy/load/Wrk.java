package io.netchannel.samples.haproxy.load;

import io.netchannel.samples.load.ChildProcess;
import io.netchannel.samples.load.FlowClient;
import io.netchannel.samples.load.LoadFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program wrk with one thread: connects, and counts, anew in each round. */
final class Wrk implements LoadSource {

    static final String PROGRAM = "wrk";

    /** Called by wrk at its end; its own summary rounds. */
    private static final String SCRIPT = """
            done = function(summary, latency, requests)
              local e = summary.errors
              io.write(string.format("counted %d %d %d %.0f %.0f %d %d\\n", summary.requests, summary.duration,
                summary.bytes, latency:percentile(50), latency:percentile(99), e.status,
                e.connect + e.read + e.write + e.timeout))
            end
            """;
    private static final Pattern COUNTED = Pattern.compile("counted (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (\\d+)");

    private final Place place;
    private final LoadProfile profile;

    Wrk(final Place place, final LoadProfile profile) {
        this.place = place;
        this.profile = profile;
    }

    @Override
    public RequestCounts run(final long durationNs) {
        final long seconds = durationNs / 1_000_000_000L;
        final Path directory = ChildProcess.newDirectory(ProxyloadCommand.NAME);
        final Path script = directory.resolve("script.lua");
        try {
            Files.writeString(script, SCRIPT);
        } catch (final IOException e) {
            throw new LoadFailure(script + ": " + e.getMessage(), e);
        }
        try (ChildProcess wrk = ChildProcess.start(directory, place.line(List.of(PROGRAM, "-t1",
                "-c" + profile.connections(), "-d" + seconds + "s", "--timeout",
                FlowClient.SILENCE_SECONDS + "s", "-s", script.toString(), "http://"
                        + place.proxyHost() + ":" + place.proxyPort() + LoadProfile.RESOURCE)),
                Map.of())) {
            final int status = wrk.awaitEnd(seconds + FlowClient.SILENCE_SECONDS);
            if (status != 0) {
                throw new LoadFailure("wrk ended with status " + status + ": " + wrk.words());
            }
            return counts(wrk.words(), profile);
        }
    }

    /** @throws LoadFailure if a response was wrong, or none came */
    static RequestCounts counts(final String words, final LoadProfile profile) {
        final Matcher counted = COUNTED.matcher(words);
        if (!counted.find()) {
            throw new LoadFailure("wrk doesn't say what it counted: " + words);
        }
        final long requests = Long.parseLong(counted.group(1));
        final long bytes = Long.parseLong(counted.group(3));
        final long refused = Long.parseLong(counted.group(6));
        final long failed = Long.parseLong(counted.group(7));
        if (refused + failed > 0) {
            throw new LoadFailure(refused + " responses of " + requests + " have a status of 400 or more, " + failed
                    + " requests failed or took longer than "
                    + FlowClient.SILENCE_SECONDS + " s");
        }
        if (bytes < requests * profile.bodyBytes()) {
            throw new LoadFailure(requests + " responses have " + bytes + " bytes: bodies are shorter than "
                    + profile.bodyBytes() + " bytes");
        }
        return new RequestCounts(requests, requests, Long.parseLong(counted.group(2)) * 1000,
                Double.parseDouble(counted.group(4)), Double.parseDouble(counted.group(5)));
    }
}
