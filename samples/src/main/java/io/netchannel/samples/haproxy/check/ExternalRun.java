package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.proxy.ServerTraffic;
import io.netchannel.samples.haproxy.proxy.TrafficSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * A check by a program ({@code option external-check}): it ends by 0 if the server works. Threading: the proxy's loop, but for the
 * start of the program, which takes its time.
 */
final class ExternalRun {

    /** @param command of {@code external-check command} @param path where commands are looked for; may be "" */
    record Program(String command, String path) {
    }

    /** What it came to. */
    @FunctionalInterface
    interface Outcome {

        void ended(ExternalRun run, CheckRun.Result result);
    }

    private static final String NOT_USED = "NOT_USED";

    private final Program program;
    private final ProcessBuilder builder;
    private final Executor loop;
    private final Outcome outcome;
    private Process process;
    private boolean over;

    ExternalRun(final Program program, final CheckedServer server, final Executor loop, final Outcome outcome) {
        this.program = program;
        this.loop = loop;
        this.outcome = outcome;
        this.builder = new ProcessBuilder().redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        describe(server);
    }

    private void describe(final CheckedServer server) {
        final List<String> proxy = server.backend().get(ProxySettings.BINDS).stream().flatMap(bind -> bind.addresses()
                .stream()).findFirst().map(ExternalRun::place).orElse(List.of(NOT_USED, NOT_USED));
        final List<String> own = place(server.address());
        builder.command(program.command(), proxy.getFirst(), proxy.getLast(), own.getFirst(), own.getLast());
        final Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", program.path());
        environment.put("HAPROXY_PROXY_NAME", server.backend().name());
        environment.put("HAPROXY_PROXY_ID", server.backend().get(TrafficSettings.ID).toString());
        environment.put("HAPROXY_PROXY_ADDR", used(proxy.getFirst()));
        environment.put("HAPROXY_PROXY_PORT", used(proxy.getLast()));
        environment.put("HAPROXY_SERVER_NAME", server.settings().name());
        environment.put("HAPROXY_SERVER_ID", server.settings().get(ServerTraffic.ID).toString());
        environment.put("HAPROXY_SERVER_ADDR", used(own.getFirst()));
        environment.put("HAPROXY_SERVER_PORT", used(own.getLast()));
        environment.put("HAPROXY_SERVER_MAXCONN", server.settings().get(ServerTraffic.MAXCONN).toString());
        environment.put("HAPROXY_SERVER_CURCONN", Integer.toString(server.sessions()));
        environment.put("HAPROXY_SERVER_SSL", server.settings().get(ServerTraffic.TLS) ? "1" : "0");
        environment.put("HAPROXY_SERVER_PROTO", server.backend().get(ProxySettings.MODE) == ProxySettings.Mode.HTTP
                ? "h1"
                : "tcp");
    }

    private static String used(final String word) {
        return NOT_USED.equals(word) ? "" : word;
    }

    private static List<String> place(final Address address) {
        return switch (address) {
            case Address.Ip ip -> {
                final InetAddress host = ip.ip();
                yield List.of(host == null ? ip.host() : host.getHostAddress(), Integer.toString(ip.port()));
            }
            case Address.Unix unix -> List.of(unix.path(), NOT_USED);
            default -> List.of(NOT_USED, NOT_USED);
        };
    }

    void start() {
        Thread.ofVirtual().start(() -> {
            try {
                builder.command().set(0, found());
                final Process started = builder.start();
                loop.execute(() -> started(started));
            } catch (final IOException e) {
                loop.execute(() -> end(CheckStatus.SOCKERR, 0, e.getMessage()));
            }
        });
    }

    /** As {@code execvp} does, by the path that the program is given. */
    private String found() {
        if (program.command().indexOf('/') < 0) {
            for (final String directory : program.path().split(":")) {
                final Path file = Path.of(directory, program.command());
                if (Files.isExecutable(file)) {
                    return file.toString();
                }
            }
        }
        return program.command();
    }

    private void started(final Process running) {
        process = running;
        if (over) {
            running.destroy();
            return;
        }
        running.onExit().thenAccept(ended -> loop.execute(() -> end(ended.exitValue() == 0
                ? CheckStatus.PROCOK
                : CheckStatus.PROCERR, ended.exitValue(), "")));
    }

    void timeOut() {
        cancel();
        over = false;
        end(CheckStatus.PROCTOUT, 0, "");
    }

    /** Nobody wants to know any more. */
    void cancel() {
        over = true;
        if (process != null) {
            process.destroy();
        }
    }

    private void end(final CheckStatus status, final int code, final String description) {
        if (!over) {
            over = true;
            outcome.ended(this, new CheckRun.Result(status, code, description));
        }
    }
}
