package io.netchannel.perf.services;

import io.netchannel.perf.startup.OwnProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code ./netchannel memcached} as a process of its own in a control group, with a connection to it. */
final class CacheProcess implements AutoCloseable {

    private static final long START_SECONDS = 30;
    private static final int BURST = 100;

    private final Path ports = Files.createTempFile("netchannel-give-back", ".ports");
    private final Process process;
    private final Socket socket;
    private final OutputStream out;
    private final BufferedReader in;

    CacheProcess(final LimitedGroup group, final int megabytes) throws IOException, InterruptedException {
        Files.delete(ports);
        final List<String> line = new ArrayList<>(List.of("sh", "-c", "echo $$ > " + group.processes()
                + " && exec \"$@\"", "sh"));
        line.addAll(OwnProgram.line(ServicesCommand.NAME));
        line.addAll(List.of("memcached", "--kernel", "-t", "1", "-l", "127.0.0.1", "-p", "-1", "-m", Integer.toString(
                megabytes)));
        final ProcessBuilder builder = new ProcessBuilder(line).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("MEMCACHED_PORT_FILENAME", ports.toString());
        process = builder.start();
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), awaitPort());
            out = socket.getOutputStream();
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        } catch (final IOException | InterruptedException e) {
            end();
            throw e;
        }
    }

    private int awaitPort() throws IOException, InterruptedException {
        for (long tries = 0; tries < START_SECONDS * 100 && process.isAlive(); tries++) {
            if (Files.exists(ports)) {
                // TCP INET: 11211
                final String text = Files.readAllLines(ports).getFirst();
                return Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        throw new IOException("memcached did not start" + (process.isAlive() ? "" : ": status " + process.exitValue()));
    }

    /** Sets so many items, and waits until all are stored. */
    void fill(final int items, final int valueBytes) throws IOException {
        final String value = " 0 0 " + valueBytes + "\r\n" + "v".repeat(valueBytes) + "\r\n";
        final StringBuilder burst = new StringBuilder();
        for (int i = 0; i < items; i++) {
            burst.append("set k").append(i).append(value);
            if (i % BURST == BURST - 1 || i == items - 1) {
                out.write(burst.toString().getBytes(StandardCharsets.ISO_8859_1));
                burst.setLength(0);
                for (int answered = i % BURST; answered >= 0; answered--) {
                    expect("STORED");
                }
            }
        }
    }

    private void expect(final String line) throws IOException {
        final String answer = in.readLine();
        if (!line.equals(answer)) {
            throw new IOException("memcached answered '" + answer + "' instead of '" + line + "'");
        }
    }

    /** @param command that answers in lines {@code STAT name value} */
    Map<String, String> stats(final String command) throws IOException {
        out.write((command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        final Map<String, String> all = new HashMap<>();
        for (String line = in.readLine(); !"END".equals(line); line = in.readLine()) {
            final String[] words = line == null ? new String[0] : line.split(" ", 3);
            if (words.length != 3 || !words[0].equals("STAT")) {
                throw new IOException("memcached answered '" + line + "' to " + command);
            }
            all.put(words[1], words[2]);
        }
        return all;
    }

    /** Of its process, page by page and not by the kernel's running estimate. */
    long residentBytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/smaps_rollup"))) {
            final String line = lines.filter(each -> each.startsWith("Rss:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
    }

    /**
     * A part of it, by the kernel's running estimate.
     *
     * @param kind {@code RssAnon}, {@code RssFile} or {@code RssShmem}, as proc(5) has it
     */
    long residentBytes(final String kind) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            final String line = lines.filter(each -> each.startsWith(kind + ":")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        end();
    }

    private void end() throws IOException {
        Files.deleteIfExists(ports);
        process.destroy();
        try {
            if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
