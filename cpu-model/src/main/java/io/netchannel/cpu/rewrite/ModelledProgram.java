package io.netchannel.cpu.rewrite;

import io.netchannel.cpu.explore.Program;

/**
 * Makes a program over rewritten classes. Implementations are loaded by the loader that rewrites, see {@link
 * ModelledClassLoader#newProgram}; this interface is not, and so both sides know it.
 */
@FunctionalInterface
public interface ModelledProgram {

    /** @param loader to call {@link ModelledClassLoader#use} of in the set-up */
    Program program(ModelledClassLoader loader);
}
