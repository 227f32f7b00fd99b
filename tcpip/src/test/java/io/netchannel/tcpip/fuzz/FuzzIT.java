package io.netchannel.tcpip.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.code_intelligence.jazzer.Jazzer;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import io.netchannel.channels.flow.FlowClassifier;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.Region;
import io.netchannel.tcpip.NetStack;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.assertj.core.api.Assertions;
import org.jctools.queues.MpscArrayQueue;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.Logger;
import org.xbill.DNS.Message;

/** Jazzer on each target, in a process of its own since it instruments what it loads. */
class FuzzIT {

    private static final int SECONDS = Integer.getInteger("netchannel.fuzz.seconds", 3);
    /** Most of what a process does at first is to instrument: two have the machine to themselves. */
    private static final int PROCESSES = 2;
    private static final int LONG_SECONDS = 30;
    private static final int MAX_INPUT_BYTES = 1024;
    private static final boolean KEEP = Boolean.getBoolean("netchannel.fuzz.keep");

    @TestFactory
    Stream<DynamicTest> shouldFindNoInputThatBreaksATarget() {
        final ExecutorService processes = Executors.newFixedThreadPool(PROCESSES);
        final Map<FuzzTargets.Target, Future<?>> runs = new LinkedHashMap<>();
        FuzzTargets.ALL.forEach(target -> runs.put(target, processes.submit(() -> {
            fuzz(target);
            return null;
        })));
        processes.shutdown();
        return runs.entrySet().stream().map(run -> dynamicTest(run.getKey().name(), () -> await(run.getValue())))
                .onClose(processes::shutdownNow);
    }

    private static void await(final Future<?> run) throws Throwable {
        try {
            run.get();
        } catch (final ExecutionException failed) {
            throw failed.getCause();
        }
    }

    private static void fuzz(final FuzzTargets.Target target) throws IOException, InterruptedException {
        final Path work = Files.createTempDirectory("netchannel-fuzz-");
        final Path log = work.resolve("log");
        final Path corpus = Files.createDirectory(work.resolve("corpus"));
        int number = 0;
        for (final byte[] input : target.inputs()) {
            Files.write(corpus.resolve("seed-" + number++), input);
        }
        final Process process = new ProcessBuilder(command(target, work, corpus, "-max_total_time=" + SECONDS))
                .directory(work.toFile()).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            assertThat(process.waitFor(SECONDS + 120L, TimeUnit.SECONDS)).as("ended").isTrue();
        } finally {
            process.destroyForcibly();
        }
        final String output = Files.readString(log);
        assertThat(process.exitValue()).as("%s; the input is in %s:%n%s", target.name(), work, output).isZero();
        assertThat(output).as("it ran").contains("INITED").contains("DONE");
        if (KEEP) {
            keep(target, work, corpus);
        }
    }

    // What covers more than the corpus does, and no more of it than that needs.
    private static void keep(final FuzzTargets.Target target, final Path work, final Path corpus)
            throws IOException, InterruptedException {
        final Path kept = Files.createDirectories(target.corpus().toAbsolutePath());
        final List<String> merge = command(target, work, kept, "-merge=1");
        // Edges alone: how often each is taken would keep thousands.
        merge.add(merge.size() - 1, "-use_counters=0");
        merge.add(corpus.toString());
        final Process process = new ProcessBuilder(merge).directory(work.toFile()).redirectErrorStream(true)
                .redirectOutput(work.resolve("merge").toFile()).start();
        assertThat(process.waitFor()).as("merge, see %s", work).isZero();
    }

    // The property java.class.path names only what the test's launcher was started with.
    private static String classPath() {
        return Stream.of(FuzzTargets.class, NetStack.class, FlowClassifier.class, Region.class, OrderedMemory.class,
                DirectBuffer.class, MpscArrayQueue.class, Message.class, Logger.class, Jazzer.class,
                FuzzedDataProvider.class, Assertions.class)
                .map(type -> Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
                        .toString())
                .distinct().collect(Collectors.joining(File.pathSeparator));
    }

    private static List<String> command(final FuzzTargets.Target target, final Path work, final Path corpus,
            final String option) {
        return new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g",
                // Most of a short run is start: what the second compiler and the other collectors cost, it does not earn.
                "-XX:TieredStopAtLevel=" + (SECONDS < LONG_SECONDS ? 1 : 4), "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "-XX:+EnableDynamicAgentLoading",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp", classPath(), Jazzer.class.getName(),
                "--target_class=" + target.type().getName(), "--instrumentation_includes=io.netchannel.**",
                "--custom_hook_excludes=**", "--disabled_hooks=*", "-rss_limit_mb=4096", "-timeout=20",
                "-len_control=0",
                "-max_len=" + MAX_INPUT_BYTES,
                "-artifact_prefix=" + work + "/", option, corpus.toString()));
    }
}
