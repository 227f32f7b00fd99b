package io.netchannel.cpu.litmus.parse;

import io.netchannel.cpu.litmus.thread.Instruction;
import io.netchannel.cpu.litmus.thread.LocalOrder;
import java.util.Map;

/** What a test's first word chooses: registers, instructions, and what the CPU orders. */
public interface Architecture {

    int registerCount();

    /** @return the number of a register under the name that conditions and initial states use; -1 if there is none */
    int register(String name);

    /** @return the name that herd prints */
    String registerName(int register);

    /**
     * @param labels index of the instruction that each label stands before
     * @throws io.netchannel.cpu.litmus.LitmusException if it is unknown or not supported
     */
    Instruction assemble(Cell cell, Map<String, Integer> labels, Symbols symbols);

    LocalOrder order();

    /** Addresses that instructions name. */
    interface Symbols {

        long address(String name);
    }
}
