package io.netchannel.kernel.storage.journal;

import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.storage.mapped.MappedStorage;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the disk: forces, makes segments ahead, deletes old ones.
 *
 * <p>A task that comes when the journal is closed does nothing: the executor may be the caller's.
 *
 * <p>Threading: one task after the other on the executor; what the appending thread calls says so. The executor orders a
 * task behind what led to it; back it goes by the commit word and by the volatile fields.
 */
final class Helper {

    /** States of the segment that is made ahead. */
    private static final int NONE = 0;
    private static final int ASKED = 1;
    private static final int READY = 2;
    private static final int REFUSED = 3;

    private final MappedStorage storage;
    private final int segmentBytes;
    private final CommitWord commitWord;
    private final Executor executor;
    private final ExecutorService own;
    private final Runnable wake;
    private final Runnable forceTask = task(this::runForce);
    private final Runnable deleteTask = task(this::deleteDoomed);

    // -- of the appending thread
    private long lastGeneration;

    // -- of the appending thread while nothing is forced, and then of the task
    private Segment[] forceSegments;
    private long forceTarget;

    // Held while a task runs.
    private final ReentrantLock running = new ReentrantLock();
    private boolean ended;

    // Added to by the appending thread, deleted and taken from by the tasks; in this order.
    private final Queue<Segment> doomed = new ConcurrentLinkedQueue<>();

    private volatile LinuxException failure;
    private volatile RuntimeException spaceFailure;
    private volatile RuntimeException deletionFailure;
    private volatile int spareState = NONE;
    private Segment spare;
    private volatile long forces;

    Helper(final MappedStorage storage, final int segmentBytes, final long lastGeneration,
            final CommitWord commitWord, final Executor executor, final Runnable wake) {
        this.storage = storage;
        this.segmentBytes = segmentBytes;
        this.lastGeneration = lastGeneration;
        this.commitWord = commitWord;
        this.own = executor != null
                ? null
                : Executors.newSingleThreadExecutor(Thread.ofPlatform().name("journal " + storage).daemon()
                        .factory());
        this.executor = executor != null ? executor : own;
        this.wake = wake;
    }

    private Runnable task(final Runnable body) {
        return () -> {
            running.lock();
            try {
                if (!ended) {
                    body.run();
                }
            } finally {
                running.unlock();
            }
        };
    }

    // -- force

    /** Of the appending thread, while no other is under way. */
    void force(final Segment[] segments, final long target) {
        forceSegments = segments;
        forceTarget = target;
        executor.execute(forceTask);
    }

    private void runForce() {
        try {
            forceRange(forceSegments, commitWord.committed(), forceTarget);
            forces = forces() + 1;
            commitWord.commit(forceTarget);
        } catch (final LinuxException failed) {
            failure = failed;
        }
        wake.run();
    }

    /** Older segments first; and each that is new with its head. */
    private static void forceRange(final Segment[] segments, final long from, final long to) {
        final long first = Position.generation(from);
        final long last = Position.generation(to);
        for (final Segment segment : segments) {
            if (segment.generation() >= first && segment.generation() <= last) {
                segment.force(segment.generation() == first ? Position.offsetBytes(from) : 0,
                        segment.generation() == last ? Position.offsetBytes(to) : segment.endBytes());
            }
        }
    }

    /** Of the appending thread, while nothing is forced. */
    void forceNow(final Segment[] segments, final long target) {
        final long from = commitWord.committed();
        if (from >= target) {
            return;
        }
        try {
            forceRange(segments, from, target);
            commitWord.commit(target);
        } catch (final LinuxException failed) {
            failure = failed;
            throw failed;
        }
    }

    // -- space

    /**
     * Has a segment made, if none is there or on its way. Of the appending thread.
     *
     * @param again whether also after there was no space for one
     */
    void makeSpare(final boolean again) {
        if (spareState == NONE || spareState == REFUSED && again) {
            final long generation = ++lastGeneration;
            spareState = ASKED;
            executor.execute(task(() -> runMakeSpare(generation)));
        }
    }

    private void runMakeSpare(final long generation) {
        Segment made = null;
        try {
            made = new Segment(storage.memory(), storage.create(Segment.name(generation), segmentBytes), generation);
            storage.syncNames();
            spare = made;
            spaceFailure = null;
            spareState = READY;
        } catch (final LinuxException | UncheckedIOException failed) {
            if (made != null) {
                made.release();
                deleteUnused(Segment.name(generation));
            }
            spaceFailure = failed;
            spareState = REFUSED;
        }
        wake.run();
    }

    /** Of zeros: what can't be deleted the next recovery deletes. */
    private void deleteUnused(final String name) {
        try {
            storage.delete(name);
        } catch (final LinuxException | UncheckedIOException failed) {
            // Said by what failed before.
        }
    }

    /**
     * The segment that was made, if its generation is later than {@code generation}. Of the appending thread.
     *
     * @return null if there is none yet
     */
    Segment takeSpare(final long generation) {
        if (spareState != READY) {
            return null;
        }
        final Segment taken = spare;
        spare = null;
        spareState = NONE;
        if (taken.generation() < generation) {
            // Made before a truncation, whose segment has overtaken it.
            delete(taken);
            return null;
        }
        return taken;
    }

    /** A segment that cuts off what others hold from {@code sequence} on. Of the appending thread; waits for the disk. */
    Segment createNow(final long journalId, final long sequence) {
        return Recovery.create(storage, ++lastGeneration, segmentBytes, journalId, sequence);
    }

    /** Deletes, the oldest first. Of the appending thread. */
    void delete(final Segment... retired) {
        doomed.addAll(List.of(retired));
        executor.execute(deleteTask);
    }

    /**
     * One by one, each durably before the next: a power cut must not take a segment away between two that stay. One that
     * can't be deleted keeps the others, until the next try.
     */
    private void deleteDoomed() {
        try {
            while (!doomed.isEmpty()) {
                storage.delete(doomed.peek().name());
                storage.syncNames();
                doomed.remove().release();
            }
            deletionFailure = null;
        } catch (final LinuxException | UncheckedIOException failed) {
            deletionFailure = failed;
        }
    }

    /** As {@link #delete}, at once. Of the appending thread; waits for the disk. */
    void deleteNow(final Segment... retired) {
        doomed.addAll(List.of(retired));
        deleteTask.run();
    }

    /**
     * Waits for the task under way, deletes what is to be deleted, and takes the spare back; no task does anything any more. Of
     * the appending thread.
     */
    void finish() {
        if (own != null) {
            own.shutdown();
            awaitUninterruptibly();
        }
        running.lock();
        try {
            ended = true;
            deleteDoomed();
        } finally {
            running.unlock();
        }
        // What can't be deleted the next retention or recovery deletes.
        doomed.forEach(Segment::release);
        doomed.clear();
        if (spareState == READY) {
            spare.release();
            deleteUnused(spare.name());
            spare = null;
            spareState = NONE;
        }
    }

    private void awaitUninterruptibly() {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = own.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            } catch (final InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // -- questions, any thread

    LinuxException failure() {
        return failure;
    }

    RuntimeException spaceFailure() {
        return spaceFailure;
    }

    RuntimeException deletionFailure() {
        return deletionFailure;
    }

    int undeletedSegments() {
        return doomed.size();
    }

    long forces() {
        return forces;
    }
}
