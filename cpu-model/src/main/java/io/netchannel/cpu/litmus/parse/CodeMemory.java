package io.netchannel.cpu.litmus.parse;

import io.netchannel.cpu.litmus.LitmusException;
import io.netchannel.cpu.litmus.thread.Instruction;
import io.netchannel.cpu.litmus.thread.Program;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Instructions that threads may overwrite (Variant=ifetch): those at labels whose address the initial state names. Each
 * text of an instruction is a number that memory holds.
 */
final class CodeMemory {

    /** Of the numbers, which are 32 bits as instructions are. */
    private static final long TAG = 0x7D00_0000L;

    private final List<String> texts = new ArrayList<>();
    /** Name of the location, as "1:L0", and where it was first named. */
    private final Map<String, Integer> exposed = new HashMap<>();

    /** @return the number of an instruction, given with or without quotes */
    long number(final String text) {
        final String normal = text.strip().replaceAll("\\s+", " ");
        if (!texts.contains(normal)) {
            texts.add(normal);
        }
        return TAG + texts.indexOf(normal);
    }

    /** @return the name of the location that holds the instruction at a label */
    String expose(final int thread, final String label, final int line) {
        final String name = thread + ":" + label;
        exposed.putIfAbsent(name, line);
        return name;
    }

    /** Replaces each exposed instruction by one that fetches what its location holds. */
    void expose(final Environment environment, final List<Program> programs, final List<List<Cell>> cells,
            final List<Map<String, Integer>> labels) {
        exposed.forEach((name, line) -> {
            final int thread = Integer.parseInt(name.substring(0, name.indexOf(':')));
            final String label = name.substring(name.indexOf(':') + 1);
            final Integer index = thread < programs.size() ? labels.get(thread).get(label) : null;
            if (index == null || index >= cells.get(thread).size()) {
                throw LitmusException.malformed(line, name, "unknown label");
            }
            final Cell cell = cells.get(thread).get(index);
            final long address = environment.address(name);
            environment.memory.set(address, number(cell.text()));
            programs.get(thread).instructions().set(index, fetching(environment, address, cell, labels.get(thread)));
        });
    }

    private Instruction fetching(final Environment environment, final long address, final Cell cell,
            final Map<String, Integer> labels) {
        final List<Instruction> alternatives = new ArrayList<>();
        for (final String text : List.copyOf(texts)) {
            if (!text.equals("NOP") && !text.startsWith("B ")) {
                throw LitmusException.unsupported(cell.line(), text,
                        "an instruction that is overwritten or overwrites");
            }
            final String original = cell.text().strip();
            final boolean isOriginal = number(original) == number(text);
            alternatives.add(environment.architecture.assemble(new Cell(isOriginal ? original : text, cell.line()),
                    labels, environment));
        }
        return run -> {
            final long fetched = run.fetch(address) - TAG;
            run.require(fetched >= 0 && fetched < alternatives.size());
            alternatives.get((int) fetched).execute(run);
        };
    }
}
