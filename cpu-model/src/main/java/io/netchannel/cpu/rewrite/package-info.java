/**
 * Other people's lock-free classes under the modelled CPUs: their class files are rewritten while they are loaded, so that
 * each access to memory that threads may share becomes one of a {@link io.netchannel.cpu.explore.ModelledMemory}.
 *
 * <pre>
 *   class file ──▶ ClassRewriter ──▶ ModelledClassLoader ──▶ runs in a Program of io.netchannel.cpu.explore
 *                    VarHandle.getAcquire(…)  ─┐
 *                    getfield, putfield       ─┼─▶ invokedynamic ──▶ SharedAccess ──▶ ModelledMemory
 *                    Unsafe.putLongRelease(…) ─┘
 * </pre>
 * First file to read: {@link io.netchannel.cpu.rewrite.ModelledClassLoader}.
 */
package io.netchannel.cpu.rewrite;
