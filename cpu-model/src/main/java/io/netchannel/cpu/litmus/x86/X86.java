package io.netchannel.cpu.litmus.x86;

import io.netchannel.cpu.litmus.axiom.X86Order;
import io.netchannel.cpu.litmus.parse.Architecture;
import io.netchannel.cpu.litmus.parse.Cell;
import io.netchannel.cpu.litmus.thread.Instruction;
import io.netchannel.cpu.litmus.thread.LocalOrder;
import java.util.Map;

/** x86: X86_64 in AT&T's order of operands, and X86 of 32 bits in Intel's, as herd writes them. */
public final class X86 implements Architecture {

    private final boolean is64;

    public X86(final boolean is64) {
        this.is64 = is64;
    }

    @Override
    public int registerCount() {
        return Registers.COUNT;
    }

    @Override
    public int register(final String name) {
        return Registers.number(name);
    }

    @Override
    public String registerName(final int register) {
        return Registers.name(register, is64);
    }

    @Override
    public Instruction assemble(final Cell cell, final Map<String, Integer> labels, final Symbols symbols) {
        return Assembler.assemble(new AssemblyLine(cell, labels, symbols, is64));
    }

    @Override
    public LocalOrder order() {
        return new X86Order();
    }
}
