package io.netchannel.cpu.litmus.aarch64;

import io.netchannel.cpu.litmus.axiom.AArch64Order;
import io.netchannel.cpu.litmus.parse.Architecture;
import io.netchannel.cpu.litmus.parse.Cell;
import io.netchannel.cpu.litmus.thread.Instruction;
import io.netchannel.cpu.litmus.thread.LocalOrder;
import java.util.Locale;
import java.util.Map;

/** AArch64 of herd's litmus tests: the integer instructions. */
public final class AArch64 implements Architecture {

    @Override
    public int registerCount() {
        return Registers.COUNT;
    }

    @Override
    public int register(final String name) {
        return Registers.number(name.toUpperCase(Locale.ROOT));
    }

    @Override
    public String registerName(final int register) {
        return Registers.name(register);
    }

    @Override
    public Instruction assemble(final Cell cell, final Map<String, Integer> labels, final Symbols symbols) {
        final AssemblyLine line = new AssemblyLine(cell, labels);
        Instruction instruction = Branches.assemble(line);
        if (instruction == null) {
            instruction = Barriers.assemble(line);
        }
        if (instruction == null) {
            instruction = LoadsAndStores.assemble(line);
        }
        if (instruction == null) {
            instruction = Exclusives.assemble(line);
        }
        if (instruction == null) {
            instruction = Atomics.assemble(line);
        }
        if (instruction == null) {
            instruction = DataProcessing.assemble(line);
        }
        if (instruction == null) {
            instruction = MaintenanceInstructions.assemble(line);
        }
        if (instruction == null) {
            throw line.unknown();
        }
        return instruction;
    }

    @Override
    public LocalOrder order() {
        return new AArch64Order();
    }
}
