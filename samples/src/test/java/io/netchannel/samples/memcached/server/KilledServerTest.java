package io.netchannel.samples.memcached.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.flow.FlowClassifier;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.Region;
import io.netchannel.node.DataplaneNode;
import io.netchannel.perf.services.ServicesCommand;
import io.netchannel.samples.Netchannel;
import io.netchannel.tcpip.NetStack;
import io.netchannel.virtio.driver.VirtioNetDriver;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.MappedBytes;
import net.openhft.chronicle.core.Jvm;
import net.openhft.posix.PosixAPI;
import org.agrona.DirectBuffer;
import org.jctools.queues.MessagePassingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A server that is killed as {@code kill -9} does it, and the one that comes after it. */
@Timeout(120)
final class KilledServerTest {

    private static final Pattern TCP_PORT = Pattern.compile("TCP INET: (\\d+)");
    private static final int ITEMS = 500;

    @TempDir
    private Path directory;

    @Test
    void shouldStartWithAllThatWasAnsweredBeforeAKill() throws Exception {
        final Process first = start();
        try (Socket client = connect(first)) {
            final StringBuilder requests = new StringBuilder();
            for (int i = 0; i < ITEMS; i++) {
                requests.append("set k").append(i).append(" 0 0 4\r\n").append(1000 + i).append("\r\n");
            }
            requests.append("delete k0\r\nmn\r\n");
            assertThat(ask(client, requests.toString())).isEqualTo("STORED\r\n".repeat(ITEMS) + "DELETED\r\n");
        } finally {
            first.destroyForcibly().waitFor();
        }
        final Process second = start();
        try (Socket client = connect(second)) {
            final StringBuilder requests = new StringBuilder();
            final StringBuilder answers = new StringBuilder("END\r\n");
            requests.append("get k0\r\n");
            for (int i = 1; i < ITEMS; i++) {
                requests.append("get k").append(i).append("\r\n");
                answers.append("VALUE k").append(i).append(" 0 4\r\n").append(1000 + i).append("\r\nEND\r\n");
            }
            assertThat(ask(client, requests.append("mn\r\n").toString())).isEqualTo(answers.toString());
        } finally {
            second.destroyForcibly().waitFor();
        }
    }

    private Process start() throws IOException {
        final List<String> line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"));
        line.addAll(
                List.of("-cp", classPath(), Netchannel.class.getName(), "memcached", "-v", "--kernel", "-t", "1", "-p",
                        "-1", "-U", "0", "-l", "127.0.0.1", "-u", System.getProperty("user.name"), "--store", directory
                                .resolve("store").toString()));
        return new ProcessBuilder(line).redirectErrorStream(true).start();
    }

    /** As {@link System}'s property has it only for the test's launcher. */
    private static String classPath() {
        return Stream.of(Netchannel.class, ServicesCommand.class, DataplaneNode.class, NetStack.class,
                VirtioNetDriver.class, FlowClassifier.class, Region.class, OrderedMemory.class, DirectBuffer.class,
                MessagePassingQueue.class, CommandLine.class, MappedBytes.class, Jvm.class, PosixAPI.class,
                org.slf4j.Logger.class)
                .map(type -> Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
                        .toString())
                .distinct().collect(Collectors.joining(File.pathSeparator));
    }

    /** When it says at which port it serves. */
    private static Socket connect(final Process process) throws IOException {
        final StringBuilder said = new StringBuilder();
        final BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.append(line).append(System.lineSeparator());
            final Matcher port = TCP_PORT.matcher(line);
            if (port.find()) {
                return new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1)));
            }
        }
        throw new AssertionError("it ended before it served: " + said);
    }

    /** Requests that end in {@code mn}; what was answered before its {@code MN}. */
    private static String ask(final Socket socket, final String requests) throws IOException {
        socket.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
        final StringBuilder answer = new StringBuilder();
        final byte[] part = new byte[8192];
        while (answer.indexOf("MN\r\n") < 0) {
            final int count = socket.getInputStream().read(part);
            assertThat(count).as("what is answered after " + answer).isPositive();
            answer.append(new String(part, 0, count, StandardCharsets.ISO_8859_1));
        }
        return answer.substring(0, answer.indexOf("MN\r\n"));
    }
}
