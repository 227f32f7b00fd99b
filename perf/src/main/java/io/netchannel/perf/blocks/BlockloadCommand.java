package io.netchannel.perf.blocks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.storage.block.BlockFileConfig;
import io.netchannel.perf.blocks.BlockloadRun.Engine;
import io.netchannel.perf.blocks.QueueLoad.Pattern;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code ./netchannel blockload}. */
@Command(name = "blockload", mixinStandardHelpOptions = true, description = "Reads or writes a file or a block device as hard as it can: by io_uring, by threads, or through virtqueues over either; says how many requests, how long each took, and at what CPU.", footer = {
    "", "Writing destroys what is in FILE, and so wants --overwrite."})
public final class BlockloadCommand implements Callable<Integer> {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    // S_IFMT and S_IFBLK of <sys/stat.h>.
    private static final int TYPE_MASK = 0xF000;
    private static final int TYPE_BLOCK_DEVICE = 0x6000;
    private static final int MAX_LOOPS = 64;
    private static final int MAX_DEPTH = 1024;
    private static final int MAX_REQUEST_BYTES = 16 << 20;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "File or block device; used up to its last whole request.")
    private Path file;

    @Option(names = {"-e",
        "--engine"}, paramLabel = "E", defaultValue = "uring", description = "${COMPLETION-CANDIDATES}: io_uring; threads; virtqueues over io_uring, or over threads without it (default: ${DEFAULT-VALUE}).")
    private Engine engine;

    @Option(names = {"-p",
        "--pattern"}, paramLabel = "P", defaultValue = "RANDOM_READ", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Pattern pattern;

    @Option(names = {"-d",
        "--depth"}, paramLabel = "N", defaultValue = "32", description = "Requests outstanding on each loop (default: ${DEFAULT-VALUE}).")
    private int depth;

    @Option(names = {"-s",
        "--size"}, paramLabel = "BYTES", defaultValue = "4k", converter = Bytes.class, description = "Of a request: a multiple of 512, with k or m (default: ${DEFAULT-VALUE}).")
    private int requestBytes;

    @Option(names = {"-l",
        "--loops"}, paramLabel = "N", defaultValue = "1", description = "Loops, each with a queue of its own (default: ${DEFAULT-VALUE}).")
    private int loops;

    @Option(names = {"-t",
        "--seconds"}, paramLabel = "S", defaultValue = "5", description = "How long (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--cached", description = "Through the page cache, not past it.")
    private boolean cached;

    @Option(names = "--submission-thread", description = "A kernel thread takes io_uring's submissions (SQPOLL).")
    private boolean submissionThread;

    @Option(names = "--overwrite", description = "FILE may be written to.")
    private boolean overwrite;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result there, too.")
    private Path json;

    @Option(names = {"-q", "--quiet"}, description = "No progress on standard error.")
    private boolean quiet;

    /** Bytes with a unit. */
    static final class Bytes implements ITypeConverter<Integer> {

        @Override
        public Integer convert(final String text) {
            final String lower = text.toLowerCase(Locale.ROOT);
            final int shift = lower.endsWith("k") ? 10 : lower.endsWith("m") ? 20 : 0;
            try {
                return Math.multiplyExact(Integer.parseInt(shift == 0 ? lower : lower.substring(0, lower.length() - 1)),
                        1 << shift);
            } catch (final NumberFormatException | ArithmeticException wrong) {
                throw new TypeConversionException("'" + text + "' is no number of bytes, like 4096, 4k or 1m");
            }
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        final PrintWriter out = spec.commandLine().getOut();
        // The unit of what the file is asked for: as large as the requests let it be, up to a page.
        final int blockBytes = Math.min(4096, Integer.lowestOneBit(requestBytes));
        final BlockFileConfig config = BlockFileConfig.DEFAULT.withBlockBytes(blockBytes).withDirect(!cached)
                .withReadOnly(!pattern.isWrite()).withSubmissionThread(submissionThread);
        final BlockloadResult result;
        try {
            result = new BlockloadRun(file, config, engine, pattern, requestBytes, depth, loops, this::tell,
                    this::progress).execute((long) (seconds * 1e9));
        } catch (final LinuxException | IllegalArgumentException failed) {
            tell(failed.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        print(result, out);
        if (json != null) {
            MAPPER.writeValue(json.toFile(), document(result));
        }
        return result.failed() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private void tell(final String line) {
        final PrintWriter err = spec.commandLine().getErr();
        err.println("blockload: " + line);
        err.flush();
    }

    private void progress(final String what) {
        if (!quiet) {
            tell(what);
        }
    }

    private void check() throws IOException {
        require(depth >= 1 && depth <= MAX_DEPTH, "--depth " + depth + " is not within 1.." + MAX_DEPTH);
        require(loops >= 1 && loops <= MAX_LOOPS, "--loops " + loops + " is not within 1.." + MAX_LOOPS);
        require(requestBytes >= 512 && requestBytes % 512 == 0 && requestBytes <= MAX_REQUEST_BYTES, "--size "
                + requestBytes + " is not a multiple of 512 within 512.." + MAX_REQUEST_BYTES);
        require(seconds > 0 && seconds <= 86_400, "--seconds " + seconds + " is not within 0..86400");
        require(!pattern.isWrite() || overwrite, "--pattern " + pattern + " destroys what is in " + file
                + "; say --overwrite if it may");
        require(Files.exists(file), file + " is not there; make it with fallocate -l 1G " + file);
        require(Files.isRegularFile(file) || isBlockDevice(), file + " is neither a file nor a block device");
        checkJson();
    }

    private boolean isBlockDevice() throws IOException {
        return ((int) Files.getAttribute(file, "unix:mode") & TYPE_MASK) == TYPE_BLOCK_DEVICE;
    }

    /** Before the run, not after. */
    private void checkJson() {
        if (json == null) {
            return;
        }
        final Path parent = json.toAbsolutePath().getParent();
        require(parent != null && Files.isDirectory(parent) && !Files.isDirectory(json)
                && Files.isWritable(Files.exists(json) ? json : parent),
                "--json " + json
                        + " can't be written; name a file in a directory that can");
    }

    /** What ran: where io_uring is refused, threads stand in. */
    static String label(final Engine engine, final boolean ioUring) {
        return engine == Engine.file || ioUring ? engine.name() : engine + " (without io_uring, by threads)";
    }

    private void require(final boolean holds, final String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private void print(final BlockloadResult result, final PrintWriter out) {
        final Histogram latencies = result.latencies();
        out.printf(Locale.ROOT, "%s %s of %d bytes, %d loops of depth %d, %.1f s%n", label(engine, result.ioUring()),
                pattern, requestBytes, loops, depth, result.elapsedNs() / 1e9);
        out.printf(Locale.ROOT, "  %,.0f requests/s, %.1f MiB/s, %.0f ns of CPU a request%n", result.perSecond(),
                result.perSecond() * requestBytes / (1 << 20), result.cpuNs());
        out.printf(Locale.ROOT, "  latency, us: mean %.1f, p50 %.1f, p99 %.1f, p99.9 %.1f, max %.1f%n",
                latencies.getMean() / 1e3, latencies.getValueAtPercentile(50) / 1e3,
                latencies.getValueAtPercentile(99) / 1e3, latencies.getValueAtPercentile(99.9) / 1e3,
                latencies.getMaxValue() / 1e3);
        if (result.failed() > 0) {
            out.printf(Locale.ROOT, "  %d requests moved less than they should%n", result.failed());
        }
    }

    private ObjectNode document(final BlockloadResult result) {
        final Histogram latencies = result.latencies();
        final ObjectNode root = MAPPER.createObjectNode();
        root.put("file", file.toString()).put("engine", engine.name()).put("ioUring", result.ioUring())
                .put("pattern", pattern.name())
                .put("requestBytes", requestBytes).put("depth", depth).put("loops", loops).put("direct", !cached)
                .put("requests", result.completed()).put("failed", result.failed())
                .put("elapsedNs", result.elapsedNs()).put("requestsPerSecond", result.perSecond())
                .put("cpuNsPerRequest", result.cpuNs());
        root.putObject("latencyNs").put("mean", latencies.getMean()).put("p50", latencies.getValueAtPercentile(50))
                .put("p90", latencies.getValueAtPercentile(90)).put("p99", latencies.getValueAtPercentile(99))
                .put("p999", latencies.getValueAtPercentile(99.9)).put("max", latencies.getMaxValue());
        return root;
    }
}
