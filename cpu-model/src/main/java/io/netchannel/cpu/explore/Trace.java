package io.netchannel.cpu.explore;

import io.netchannel.cpu.OrderedMemory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Writes an execution down: each access in the order in which the memory performed it, with its line of code. */
final class Trace implements Recorder {

    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final int FRAMES = 2;

    private static final class Line {
        int thread;
        int number;
        int event;
        long address;
        int sizeBytes;
        String access;
        long value;
        String source = "";
        String where;
        /** Of the store that it is or returns; -1 for a fence. */
        int time;
        boolean store;
        int position;
        String note = "";
    }

    private final Program program;
    private final HeapWords heap;
    private final WriteLog log;
    private final List<List<Line>> lines = new ArrayList<>();

    Trace(final Program program, final HeapWords heap, final WriteLog log) {
        this.program = program;
        this.heap = heap;
        this.log = log;
        program.threads().forEach(thread -> lines.add(new ArrayList<>()));
    }

    private Line add(final int thread, final int event, final String access) {
        final Line line = new Line();
        line.thread = thread;
        line.event = event;
        line.access = access;
        line.where = where();
        lines.get(thread).add(line);
        line.number = lines.get(thread).size();
        return line;
    }

    /** The innermost frames outside the explorer and outside wrappers of memory, up to the thread's body. */
    private static String where() {
        return WALKER.walk(frames -> frames.dropWhile(frame -> isOurs(frame.getDeclaringClass()))
                .takeWhile(frame -> !isOurs(frame.getDeclaringClass())).limit(FRAMES)
                .map(frame -> simpleName(frame.getClassName()) + '.' + frame.getMethodName() + ':'
                        + frame.getLineNumber())
                .reduce((inner, outer) -> inner + " < " + outer).orElse("?"));
    }

    // Not the class's own: it asks for the class around it, which a loader of rewritten classes need not be able to see.
    private static String simpleName(final String className) {
        return className.substring(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
    }

    private static boolean isOurs(final Class<?> type) {
        return OrderedMemory.class.isAssignableFrom(type) || type == ThreadRun.class || type == Trace.class;
    }

    @Override
    public void load(final int thread, final int event, final long address, final int sizeBytes, final AccessMode mode,
            final long value, final int time) {
        final Line line = add(thread, event, "load " + name(mode));
        line.address = address;
        line.sizeBytes = sizeBytes;
        line.value = value;
        line.time = time;
    }

    @Override
    public void store(final int thread, final int event, final long address, final int sizeBytes, final AccessMode mode,
            final long value, final int time, final int replaced) {
        final Line line = add(thread, event, replaced < 0 ? "store " + name(mode) : "store atomic");
        line.address = address;
        line.sizeBytes = sizeBytes;
        line.value = value;
        line.time = time;
        line.store = true;
    }

    @Override
    public void fence(final int thread, final int event, final Fence fence) {
        add(thread, event, "fence " + fence.name().toLowerCase(Locale.ROOT)).time = -1;
    }

    private static String name(final AccessMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    // -- text

    /** "plain store of 8 bytes at ring+0x180 by producer (NetChannelProducer.offer:76 < ...)". */
    String describe(final int thread, final int event) {
        Line found = null;
        for (final Line line : lines.get(thread)) {
            found = line.event <= event ? line : found;
        }
        return found == null
                ? "?"
                : found.access + " of " + found.sizeBytes + " bytes at " + place(found.address) + " by "
                        + name(found) + " (" + found.where + ')';
    }

    String text() {
        final List<Line> all = new ArrayList<>();
        for (final List<Line> thread : lines) {
            position(thread);
            annotate(thread);
            all.addAll(thread);
        }
        all.sort(Comparator.comparingInt((Line line) -> line.position).thenComparing(line -> !line.store));
        final StringBuilder text = new StringBuilder();
        for (final Line line : all) {
            final String what = line.time < 0
                    ? ""
                    : place(line.address) + ' ' + (line.store ? "<- " : "-> ") + value(line.value);
            text.append(String.format(Locale.ROOT, "  %-14s %-15s %-34s %-18s %s%n", name(line), line.access, what,
                    source(line), line.where + line.note));
        }
        return text.toString();
    }

    private String source(final Line line) {
        if (line.store || line.time < 0) {
            return "";
        }
        return "of " + (line.time == 0 ? "the set-up" : storeName(line.time));
    }

    private String storeName(final int time) {
        for (final List<Line> thread : lines) {
            for (final Line line : thread) {
                if (line.store && line.time == time) {
                    return name(line);
                }
            }
        }
        return "?";
    }

    private String name(final Line line) {
        return program.threads().get(line.thread).name() + '.' + line.number;
    }

    private static String value(final long value) {
        return value >= 0 && value < 10 ? Long.toString(value) : "0x" + Long.toHexString(value);
    }

    private String place(final long address) {
        final String word = heap.name(address);
        if (word != null) {
            return word;
        }
        for (final Program.Range range : program.ranges()) {
            final long offset = address - range.address();
            if (offset >= 0 && offset < range.lengthBytes()) {
                return offset == 0 ? range.name() : range.name() + "+0x" + Long.toHexString(offset);
            }
        }
        return "0x" + Long.toHexString(address);
    }

    /** A store is where the memory took it; a load as late as what it returned allows, if possible in program order. */
    private void position(final List<Line> thread) {
        int before = 0;
        for (final Line line : thread) {
            if (line.time < 0) {
                line.position = before;
            } else if (line.store) {
                line.position = line.time;
            } else {
                line.position = Math.max(line.time, Math.min(before, overwritten(line) - 1));
            }
            before = Math.max(before, line.position);
        }
    }

    private int overwritten(final Line load) {
        for (int time = load.time + 1; time <= log.size(); time++) {
            if (log.overlaps(time, (int) (load.address - Program.BASE), load.sizeBytes)) {
                return time;
            }
        }
        return Integer.MAX_VALUE;
    }

    private void annotate(final List<Line> thread) {
        for (int i = 0; i < thread.size(); i++) {
            final Line line = thread.get(i);
            for (int k = 0; k < i && line.time >= 0; k++) {
                final Line earlier = thread.get(k);
                if (earlier.time >= 0 && earlier.position > line.position && !isForwarded(line, earlier)) {
                    line.note = "  TAKEN EARLY, before " + name(earlier);
                    earlier.note = earlier.note.isEmpty() ? "  DELAYED, past " + name(line) : earlier.note;
                    break;
                }
            }
        }
    }

    private static boolean isForwarded(final Line load, final Line earlier) {
        return !load.store && earlier.store && load.time == earlier.time;
    }
}
