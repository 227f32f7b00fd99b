package io.netchannel.cpu.litmus.thread;

import java.util.List;

/** The instructions of a thread; a jump is to an index among them. */
public record Program(List<Instruction> instructions) {
}
