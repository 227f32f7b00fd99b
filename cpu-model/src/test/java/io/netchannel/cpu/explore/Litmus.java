package io.netchannel.cpu.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Litmus tests in access modes: {@code "W x 1; R y | Wr y 1; Ra x"}. Each thread's loads give its registers r0, r1, …
 *
 * <p>{@code W Wr Wv} stores opaque, release, volatile; {@code R Ra Rv} loads opaque, acquire, volatile; {@code F Fa Fr}
 * fences full, acquire, release; {@code X} getAndSet, {@code A} getAndAdd, {@code C x old new} compareAndExchange. As
 * programs only: {@code Wp Rp} are plain, and {@code ?} before an access leaves it out if the last load gave 0.
 */
record Litmus(String name, List<List<Op>> threads, List<String> locations) {

    /** One access; a fence has no location. */
    record Op(boolean conditional, String kind, String location, int value, int update) {

        boolean isLoad() {
            return kind.startsWith("R") || isAtomic();
        }

        boolean isAtomic() {
            return "X".equals(kind) || "A".equals(kind) || "C".equals(kind);
        }

        boolean isFence() {
            return kind.startsWith("F");
        }

        AccessMode mode() {
            return switch (kind) {
                case "Wr" -> AccessMode.RELEASE;
                case "Ra" -> AccessMode.ACQUIRE;
                case "Wv", "Rv" -> AccessMode.VOLATILE;
                case "Wp", "Rp" -> AccessMode.PLAIN;
                default -> AccessMode.OPAQUE;
            };
        }

        @Override
        public String toString() {
            return (conditional ? "?" : "") + kind
                    + (isFence()
                            ? ""
                            : ' ' + location + (kind.startsWith("R") ? "" : " " + value)
                                    + ("C".equals(kind) ? " " + update : ""));
        }
    }

    static Litmus parse(final String name, final String text) {
        final List<List<Op>> threads = new ArrayList<>();
        final List<String> locations = new ArrayList<>();
        for (final String thread : text.split("\\|")) {
            final List<Op> ops = new ArrayList<>();
            for (final String op : thread.split(";")) {
                final boolean conditional = op.trim().startsWith("?");
                final String[] words = op.trim().substring(conditional ? 1 : 0).split(" +");
                final boolean fence = words[0].startsWith("F");
                if (!fence && !locations.contains(words[1])) {
                    locations.add(words[1]);
                }
                ops.add(new Op(conditional, words[0], fence ? "" : words[1],
                        words.length > 2 ? Integer.parseInt(words[2]) : 0,
                        words.length > 3 ? Integer.parseInt(words[3]) : 0));
            }
            threads.add(ops);
        }
        return new Litmus(name, threads, locations);
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        for (final List<Op> thread : threads) {
            text.append(text.isEmpty() ? "" : " | ");
            for (int i = 0; i < thread.size(); i++) {
                text.append(i == 0 ? "" : "; ").append(thread.get(i));
            }
        }
        return text.toString();
    }

    // -- as a program

    /** @param memory whether the final values of the locations are part of a state */
    Program program(final boolean memory) {
        final Program program = Program.named(name.isEmpty() ? toString() : name);
        final Map<String, Long> addresses = new TreeMap<>();
        for (final String location : locations) {
            addresses.put(location, program.allocate(location, Integer.BYTES, 8));
        }
        for (int i = 0; i < threads.size(); i++) {
            final int thread = i;
            program.thread("P" + i, t -> run(t, thread, addresses));
        }
        if (memory) {
            program.finally_((results, end) -> addresses
                    .forEach((location, address) -> results.put(location, end.getInt(address))));
        }
        return program;
    }

    private void run(final ModelledThread t, final int thread, final Map<String, Long> addresses) {
        int register = 0;
        long last = 0;
        for (final Op op : threads.get(thread)) {
            if (op.conditional && last == 0) {
                continue;
            }
            if (op.isFence()) {
                t.memory().fence(
                        "Fa".equals(op.kind) ? Fence.ACQUIRE : "Fr".equals(op.kind) ? Fence.RELEASE : Fence.FULL);
                continue;
            }
            final long address = addresses.get(op.location);
            final String name = thread + ":r" + register;
            if (op.isLoad()) {
                last = switch (op.kind) {
                    case "X" -> t.memory().getAndSet(address, 4, op.value);
                    case "A" -> t.memory().getAndAdd(address, 4, op.value);
                    case "C" -> t.memory().compareAndExchange(address, 4, op.value, op.update);
                    default -> t.memory().load(address, 4, op.mode());
                };
                t.result(name, last);
            } else {
                t.memory().store(address, 4, op.value, op.mode());
            }
            register += op.isLoad() ? 1 : 0;
        }
    }

    // -- as a file

    /** @param aarch64 for AArch64 with LSE; else for X86_64 */
    String file(final boolean aarch64) {
        final List<List<String>> code = new ArrayList<>();
        final StringBuilder start = new StringBuilder();
        final StringBuilder all = new StringBuilder();
        for (int thread = 0; thread < threads.size(); thread++) {
            final List<String> lines = new ArrayList<>();
            int register = 0;
            for (final Op op : threads.get(thread)) {
                final String target = aarch64 ? "X" + register : "r" + (8 + register);
                if (aarch64) {
                    arm(op, register, lines, start, thread);
                } else {
                    x86(op, "%r" + (8 + register) + "d", lines);
                }
                if (op.isLoad()) {
                    all.append(all.isEmpty() ? "" : " /\\ ").append(thread).append(':').append(target).append("=-1");
                    register++;
                }
            }
            code.add(lines);
        }
        for (final String location : locations) {
            all.append(all.isEmpty() ? "" : " /\\ ").append('[').append(location).append("]=-1");
        }
        return (aarch64 ? "AArch64 " : "X86_64 ") + "random\n{\n" + start + "}\n" + table(code) + "exists (" + all
                + ")\n";
    }

    private static String table(final List<List<String>> code) {
        final StringBuilder text = new StringBuilder();
        final int rows = code.stream().mapToInt(List::size).max().orElse(0);
        for (int row = -1; row < rows; row++) {
            for (int thread = 0; thread < code.size(); thread++) {
                final List<String> lines = code.get(thread);
                text.append(String.format(Locale.ROOT, " %-24s %s", row < 0
                        ? "P" + thread
                        : row < lines.size()
                                ? lines.get(row)
                                : "",
                        thread == code.size() - 1 ? ";\n" : "|"));
            }
        }
        return text.toString();
    }

    /** Loads into X0, X1, …; addresses in X10 and up; values to store in X20 and up. */
    private void arm(final Op op, final int register, final List<String> lines, final StringBuilder start,
            final int thread) {
        switch (op.kind) {
            case "F" -> lines.add("DMB ISH");
            case "Fa" -> lines.add("DMB ISHLD");
            case "Fr" -> {
                lines.add("DMB ISHLD");
                lines.add("DMB ISHST");
            }
            default -> {
                final int address = 10 + locations.indexOf(op.location);
                final String pointer = thread + ":X" + address + "=" + op.location + ";\n";
                if (start.indexOf(pointer) < 0) {
                    start.append(pointer);
                }
                final String at = ",[X" + address + ']';
                if ("C".equals(op.kind)) {
                    lines.add("MOV W" + register + ",#" + op.value);
                    lines.add("MOV W20,#" + op.update);
                    lines.add("CASAL W" + register + ",W20" + at);
                } else if (op.kind.startsWith("R")) {
                    lines.add(switch (op.kind) {
                        case "Ra" -> "LDAPR";
                        case "Rv" -> "LDAR";
                        default -> "LDR";
                    } + " W" + register + at);
                } else {
                    lines.add("MOV W20,#" + op.value);
                    lines.add(switch (op.kind) {
                        case "X" -> "SWPAL W20,W" + register;
                        case "A" -> "LDADDAL W20,W" + register;
                        case "W" -> "STR W20";
                        default -> "STLR W20";
                    } + at);
                }
            }
        }
    }

    private static void x86(final Op op, final String register, final List<String> lines) {
        final String at = ",(" + op.location + ")";
        switch (op.kind) {
            case "F" -> lines.add("mfence");
            case "Fa", "Fr" -> {
                // No instruction.
            }
            case "R", "Ra", "Rv" -> lines.add("movl (" + op.location + ")," + register);
            case "W", "Wr" -> lines.add("movl $" + op.value + at);
            case "Wv" -> {
                lines.add("movl $" + op.value + at);
                lines.add("mfence");
            }
            case "X" -> {
                lines.add("movl $" + op.value + ',' + register);
                lines.add("xchgl " + register + at);
            }
            case "A" -> {
                lines.add("movl $" + op.value + ',' + register);
                lines.add("lock xaddl " + register + at);
            }
            case "C" -> {
                lines.add("movl $" + op.value + ",%eax");
                lines.add("movl $" + op.update + ",%ebx");
                lines.add("lock cmpxchgl %ebx" + at);
                lines.add("movl %eax," + register);
            }
            default -> throw new IllegalArgumentException(op.kind);
        }
    }

    /** A state as the litmus engine prints it, {@code "0:X0=1; [x]=2;"}, in the explorer's words. */
    static String state(final String printed) {
        final Results results = new Results();
        for (final String part : printed.split(";")) {
            if (!part.isBlank()) {
                final String[] sides = part.trim().split("=");
                final String[] place = sides[0].split(":[Xr]");
                final String name = place.length < 2
                        ? sides[0].replaceAll("[\\[\\]]", "")
                        : place[0] + ":r" + (Integer.parseInt(place[1]) - (sides[0].contains("r") ? 8 : 0));
                results.put(name, Long.parseLong(sides[1]));
            }
        }
        return results.toString();
    }
}
