package io.netchannel.perf.services;

import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.sched.NanoClock;
import io.netchannel.kernel.sched.SystemNanoClock;
import io.netchannel.kernel.storage.journal.Journal;
import io.netchannel.kernel.storage.journal.JournalConfig;
import io.netchannel.kernel.storage.journal.JournalListener;
import io.netchannel.kernel.storage.mapped.DirectoryStorage;
import io.netchannel.perf.services.ComparisonResult.Figure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Records made durable in a second: the journal's group commit, with as many records outstanding as so many callers have
 * who each wait for theirs, against a loop that writes a record to a file and forces it. All on the same disk, in turn.
 *
 * <p>The loop has a file that grows, whose size each force has to make durable too, and one whose space is taken and written with
 * zeros before; the better of the two counts. The journal's files have their space as well, unwritten. What group commit alone is good
 * for is the journal with many outstanding against itself with one, which does what the loop does.
 */
final class JournalCommits implements ServiceComparison {

    private static final int APPENDERS = 64;
    private static final int RECORD_BYTES = 100;
    private static final long ROUND_NS = 1_000_000_000L;
    private static final int SEGMENT_BYTES = 16 << 20;
    private static final double TARGET = 5;
    private static final double MICROS = 1e3;
    private static final double PERCENTILE = 99;
    private static final NanoClock CLOCK = SystemNanoClock.INSTANCE;

    /** What one round of one side came to. */
    private record Rate(double perSecond, double medianMicros, double p99Micros, double perForce) {
    }

    @Override
    public String name() {
        return "journal-commits";
    }

    @Override
    public String description() {
        return "durable records/s of " + RECORD_BYTES + " bytes: journal, group commit of " + APPENDERS
                + " outstanding, against a loop of FileChannel.write and force, 1 outstanding; the better of a "
                + "preallocated file and one that grows";
    }

    @Override
    public String target() {
        return "at least 5x the better loop";
    }

    @Override
    public String unavailability() {
        try {
            final Path directory = Files.createTempDirectory("journal-commits");
            try {
                final String type = Files.getFileStore(directory).type();
                return type.equals("tmpfs") || type.equals("ramfs")
                        ? directory.getParent() + " is " + type
                                + ", which no force waits for; name a disk's by -Djava.io.tmpdir=DIR"
                        : null;
            } finally {
                Files.delete(directory);
            }
        } catch (final IOException failed) {
            return "no temporary directory: " + failed.getMessage();
        }
    }

    @Override
    public ComparisonResult run(final int rounds, final PrintWriter progress) throws IOException {
        final Rate[] grouped = new Rate[rounds];
        final Rate[] single = new Rate[rounds];
        final Rate[] ready = new Rate[rounds];
        final Rate[] growing = new Rate[rounds];
        for (int round = -1; round < rounds; round++) {
            final Rate group = journal(APPENDERS);
            final Rate one = journal(1);
            final Rate readyFile = file(true);
            final Rate growingFile = file(false);
            progress.printf(Locale.ROOT,
                    "  round %2d: journal %.0f/s, 1 outstanding %.0f/s, preallocated file %.0f/s, growing file %.0f/s%s%n",
                    round + 1, group.perSecond(), one.perSecond(), readyFile.perSecond(), growingFile.perSecond(),
                    round < 0 ? " (not counted)" : "");
            progress.flush();
            if (round >= 0) {
                grouped[round] = group;
                single[round] = one;
                ready[round] = readyFile;
                growing[round] = growingFile;
            }
        }
        return result(grouped, single, ready, growing);
    }

    private static ComparisonResult result(final Rate[] grouped, final Rate[] single, final Rate[] ready,
            final Rate[] growing) {
        final Figure journal = figure("journal, " + APPENDERS + " outstanding", "commits/s", grouped, Rate::perSecond);
        final Figure one = figure("journal, 1 outstanding", "commits/s", single, Rate::perSecond);
        final Figure readyFile = figure("write + force, preallocated file", "commits/s", ready, Rate::perSecond);
        final Figure growingFile = figure("write + force, growing file", "commits/s", growing, Rate::perSecond);
        final double better = Math.max(readyFile.median(), growingFile.median());
        final double ratio = journal.median() / better;
        final List<Figure> figures = List.of(journal, one, readyFile, growingFile,
                new Figure("journal, 1 outstanding, to the better loop", "times", one.median() / better),
                new Figure("journal, " + APPENDERS + " outstanding, to 1", "times", journal.median() / one.median()),
                figure("records per force, " + APPENDERS + " outstanding", "", grouped, Rate::perForce),
                figure("latency p50, journal, " + APPENDERS + " outstanding", "us", grouped, Rate::medianMicros),
                figure("latency p99, journal, " + APPENDERS + " outstanding", "us", grouped, Rate::p99Micros),
                figure("latency p50, journal, 1 outstanding", "us", single, Rate::medianMicros),
                figure("latency p99, journal, 1 outstanding", "us", single, Rate::p99Micros),
                figure("latency p50, preallocated file", "us", ready, Rate::medianMicros),
                figure("latency p99, preallocated file", "us", ready, Rate::p99Micros),
                figure("latency p50, growing file", "us", growing, Rate::medianMicros),
                figure("latency p99, growing file", "us", growing, Rate::p99Micros));
        return new ComparisonResult(figures, ratio, ratio >= TARGET);
    }

    private static Figure figure(final String what, final String unit, final Rate[] rates,
            final ToDoubleFunction<Rate> value) {
        return new Figure(what, unit, Stream.of(rates).mapToDouble(value).toArray());
    }

    private static Rate rate(final Histogram latencies, final long tookNs, final double perForce) {
        return new Rate(latencies.getTotalCount() * (double) ROUND_NS / tookNs, latencies.getValueAtPercentile(50)
                / MICROS, latencies.getValueAtPercentile(PERCENTILE) / MICROS, perForce);
    }

    // -- journal

    /** Callers, of whom each appends again when its record is acknowledged. */
    private static final class Callers implements JournalListener {

        private final long[] appendedNs;
        private final Histogram latencies = new Histogram(3);
        private Journal journal;
        private long acknowledged;

        Callers(final int count) {
            this.appendedNs = new long[count];
        }

        @Override
        public void onCommitted(final long position) {
            final long nowNs = CLOCK.nowNs();
            while (acknowledged < journal.committedSequence()) {
                acknowledged++;
                latencies.recordValue(nowNs - appendedNs[(int) (acknowledged % appendedNs.length)]);
            }
        }

        @Override
        public void onFailed(final LinuxException failure) {
            throw failure;
        }

        long run(final byte[] record) {
            final long startNs = CLOCK.nowNs();
            long nowNs = startNs;
            while (nowNs - startNs < ROUND_NS) {
                int work = journal.poll(nowNs);
                while (journal.nextSequence() - acknowledged <= appendedNs.length) {
                    appendedNs[(int) (journal.nextSequence() % appendedNs.length)] = CLOCK.nowNs();
                    if (journal.append(0, record, 0, record.length) < 0) {
                        break;
                    }
                    work++;
                }
                journal.commit();
                if (work == 0 && journal.arm()) {
                    LockSupport.park();
                }
                nowNs = CLOCK.nowNs();
            }
            return nowNs - startNs;
        }
    }

    private static Rate journal(final int outstanding) throws IOException {
        final Path directory = Files.createTempDirectory("journal-commits");
        try (DirectoryStorage storage = DirectoryStorage.open(directory)) {
            final Callers callers = new Callers(outstanding);
            final Thread thread = Thread.currentThread();
            try (Journal journal = Journal.open(storage, new JournalConfig(SEGMENT_BYTES, 0), new Random(), callers,
                    null, () -> LockSupport.unpark(thread))) {
                callers.journal = journal;
                final long tookNs = callers.run(new byte[RECORD_BYTES]);
                return rate(callers.latencies, tookNs, (double) callers.latencies.getTotalCount() / journal.forces());
            }
        } finally {
            delete(directory);
        }
    }

    // -- file

    private static Rate file(final boolean preallocated) throws IOException {
        final Path directory = Files.createTempDirectory("journal-commits");
        try (FileChannel channel = FileChannel.open(directory.resolve("file"), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE)) {
            if (preallocated) {
                channel.write(ByteBuffer.allocateDirect(SEGMENT_BYTES));
                channel.force(true);
                channel.position(0);
            }
            final ByteBuffer record = ByteBuffer.allocateDirect(RECORD_BYTES);
            final Histogram latencies = new Histogram(3);
            final long startNs = CLOCK.nowNs();
            long nowNs = startNs;
            while (nowNs - startNs < ROUND_NS) {
                final long beforeNs = nowNs;
                if (preallocated && channel.position() + RECORD_BYTES > SEGMENT_BYTES) {
                    channel.position(0);
                }
                channel.write(record.clear());
                channel.force(false);
                nowNs = CLOCK.nowNs();
                latencies.recordValue(nowNs - beforeNs);
            }
            return rate(latencies, nowNs - startNs, 1);
        } finally {
            delete(directory);
        }
    }

    private static void delete(final Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
