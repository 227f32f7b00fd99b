package io.netchannel.samples.interop;

import io.netchannel.samples.interop.ChaosClient.Exchange;
import io.netchannel.samples.interop.ChaosClient.Manner;
import io.netchannel.samples.interop.ChaosClient.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether what a client saw, what the proxy logged and what servers did fit together, and whether an error is one that
 * haproxy gives in such a case: configuration manual, 8.5.
 */
final class ChaosJudge {

    static final String LOG_FORMAT = "chaos %[capture.req.hdr(0)] %ST %ts %b %s %rc %B";
    static final int TIMEOUT_SERVER_MS = 1_500;
    static final int TIMEOUT_CONNECT_MS = 500;
    static final int TIMEOUT_QUEUE_MS = 700;
    static final int RETRIES = 3;

    /** Clocks of the proxy and of its clients begin at different places. */
    private static final int TOLERANCE_MS = 20;
    private static final int RECENT_LINES = 200;
    /** What a disturbance leaves behind: connections reset at the next use, servers that are down until checked. */
    private static final int TRACES_MS = 3_000;

    private final Map<Long, Line> lines = new HashMap<>();
    private final Map<String, Integer> anonymous = new HashMap<>();
    private final Map<String, Set<String>> up = new HashMap<>();
    private final Map<String, Integer> allDownAt = new HashMap<>();
    private final boolean strict;
    private int number;
    private String doubled;

    private record Line(int status, String flags, String proxy, String server, int retries, boolean allDown) {
    }

    /**
     * @param servers of each proxy, which are up at the start
     * @param strict without the flaws of the original
     */
    ChaosJudge(final List<String> proxies, final List<String> servers, final boolean strict) {
        this.strict = strict;
        proxies.forEach(proxy -> up.put(proxy, new HashSet<>(servers)));
    }

    void read(final Path log) throws IOException {
        try (Stream<String> all = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            all.forEach(this::read);
        }
    }

    private void read(final String text) {
        number++;
        final String[] words = text.split(" ");
        if (text.startsWith("Server ")) {
            final String[] name = words[1].split("/");
            final Set<String> there = up.get(name[0]);
            if (words[3].startsWith("UP")) {
                there.add(name[1]);
            } else {
                there.remove(name[1]);
            }
            if (there.isEmpty()) {
                allDownAt.put(name[0], number);
            }
        } else if (text.startsWith("chaos ")) {
            final String proxy = words[4];
            final boolean allDown = up.get(proxy).isEmpty()
                    || number - allDownAt.getOrDefault(proxy, -RECENT_LINES) < RECENT_LINES;
            if ("-".equals(words[1])) {
                anonymous.merge(words[2] + " " + words[3], 1, Integer::sum);
                return;
            }
            final Line line = new Line(Integer.parseInt(words[2]), words[3], proxy, words[5], Integer.parseInt(words[6]
                    .replace("+", "")), allDown);
            if (lines.put(Long.parseLong(words[1]), line) != null) {
                doubled = text;
            }
        }
    }

    /** @return null if nothing is wrong with all of it */
    String judgeLog() {
        if (doubled != null) {
            return "logged twice: " + doubled;
        }
        for (final String each : anonymous.keySet()) {
            if (!List.of("408 cR", "400 CR", "-1 CR").contains(each)) {
                return "without a request: " + each;
            }
        }
        return null;
    }

    String label(final Exchange exchange) {
        final Line line = lines.get(exchange.id);
        return line == null ? "-" : line.status + " " + line.flags;
    }

    String server(final Exchange exchange) {
        final Line line = lines.get(exchange.id);
        return line == null ? "" : " by " + line.server + " after " + line.retries + " retries";
    }

    /** @return null if nothing is wrong */
    String judge(final Exchange exchange, final List<ChaosServer.Attempt> attempts,
            final Map<String, ChaosServer> servers) {
        final Line line = lines.get(exchange.id);
        if (exchange.wrong != null) {
            return exchange.wrong;
        }
        if (exchange.outcome == Outcome.HUNG) {
            return "no answer";
        }
        final boolean left = exchange.outcome == Outcome.ABORTED;
        final ChaosServer.Attempt last = attempts.isEmpty() ? null : attempts.getLast();
        if (line == null) {
            return left || exchange.manner == Manner.HALF_HEAD && exchange.status == 408
                    || isRepeatedByClient(exchange, last, servers) ? null : "not logged";
        }
        if (attempts.size() > ("plain".equals(exchange.proxy) ? 1 : RETRIES + 1) || line.retries > RETRIES) {
            return "sent too often";
        }
        if (left) {
            return null;
        }
        final ChaosServer server = servers.get(line.server);
        final boolean disturbed = server != null && server.wasDisturbed(exchange.fromMs, exchange.toMs, TRACES_MS);
        // A server that was frozen reads some after they were given up: the last that it read needn't be the last sent.
        boolean as = attempts.stream().anyMatch(each -> each.server().equals(line.server) && each.behaviour().flags()
                .equals(line.flags));
        // The close of a server's connection may cross the request that uses it again, which the server never reads then.
        as |= "SH".equals(line.flags) && "eager".equals(line.proxy) && attempts.size() <= line.retries;
        if (!strict && isFlawOfTheOriginal(exchange, line)) {
            return null;
        }
        final String seen = seen(exchange, line);
        return seen != null ? seen : cause(exchange, line, as, disturbed);
    }

    /** Seen with HAProxy 2.6.12: an error that it logs and doesn't send, behind an attempt that came to nothing. */
    private static boolean isFlawOfTheOriginal(final Exchange exchange, final Line line) {
        return exchange.outcome == Outcome.NOTHING && ("eager".equals(line.proxy) && line.status == 503 && "SC".equals(
                line.flags) || line.status == -1 && "SD".equals(line.flags));
    }

    /** Not the first on its connection, and no answer: haproxy closes without a word, as the client knows what to do. */
    private static boolean isRepeatedByClient(final Exchange exchange, final ChaosServer.Attempt last,
            final Map<String, ChaosServer> servers) {
        return !exchange.first && exchange.outcome == Outcome.NOTHING && (last == null || "eager".equals(exchange.proxy)
                || "SH".equals(last.behaviour().flags()) || servers.get(last.server()).wasDisturbed(exchange.fromMs,
                        exchange.toMs, TRACES_MS));
    }

    /** What the client saw is what the log says. */
    private static String seen(final Exchange exchange, final Line line) {
        return switch (exchange.outcome) {
            case WHOLE -> exchange.status == line.status && !line.flags.endsWith("D") || line.status == 502
                    || line.status == 408 ? null : "a whole answer";
            case CUT -> line.flags.endsWith("D") ? null : "a cut answer";
            default -> {
                // Where a request isn't read to its end, a reset may overtake the answer.
                final boolean overtaken = exchange.manner == Manner.POSTS || exchange.manner == Manner.POSTS_CHUNKED;
                yield overtaken ? null : "no answer";
            }
        };
    }

    private static String cause(final Exchange exchange, final Line line, final boolean as, final boolean disturbed) {
        final long tookMs = exchange.toMs - exchange.fromMs + TOLERANCE_MS;
        final boolean possible = switch (line.flags) {
            case "--" -> as && (line.status == 200 || line.status == 500);
            case "SH" -> (as || disturbed) && line.status == 502;
            case "PH" -> as && line.status == 502;
            case "sH" -> line.status == 504 && tookMs >= TIMEOUT_SERVER_MS;
            case "SC" -> line.status == 503 && ("<NOSRV>".equals(line.server) ? line.allDown : disturbed);
            case "sC" -> line.status == 503 && tookMs >= TIMEOUT_CONNECT_MS && disturbed;
            case "sQ" -> line.status == 503 && tookMs >= TIMEOUT_QUEUE_MS;
            case "SQ" -> line.status == 503;
            case "SD" -> (as || disturbed) && (line.status == 200 || line.status == 500 || line.status == 502);
            case "sD" -> (as || disturbed) && tookMs >= TIMEOUT_SERVER_MS;
            // The client's end of its side, then the server's: haproxy takes the client for the one who left.
            case "CH" -> exchange.manner == Manner.HALF_CLOSES && line.status == 400;
            case "cD" -> exchange.manner == Manner.HALF_BODY && line.status == 408;
            default -> false;
        };
        return possible ? null : "an error that can't be";
    }
}
