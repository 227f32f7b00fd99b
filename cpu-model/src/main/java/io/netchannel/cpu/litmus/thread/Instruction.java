package io.netchannel.cpu.litmus.thread;

/** One instruction: registers and memory are reached through the run, which records the events and what they depend on. */
@FunctionalInterface
public interface Instruction {

    void execute(ThreadRun run);
}
