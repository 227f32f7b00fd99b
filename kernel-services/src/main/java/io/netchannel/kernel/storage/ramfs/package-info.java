/**
 * A file system in memory: names, directories, files, links, quotas.
 *
 * <pre>
 *   RamFs ── tree of names ─▶ Directory ─▶ RegularFile ─▶ PageTable ─▶ SharedPages
 *     │                         └▶ SymbolicLink            page i of the file is page p of the memory, or a hole
 *     └── open ─▶ RamFile       reads, writes, truncates; shows its pages to a {@link io.netchannel.kernel.storage.ramfs.PageTarget}
 * </pre>
 *
 * <p>Threading: any thread, everywhere. The tree has one lock, shared by those who look names up; a file has one, shared by those
 * who read. They are taken in this order, and a file's with no other file's. Pages have no lock: they are counted.
 *
 * <p>Java code uses it by {@code java.nio.file}: {@link io.netchannel.kernel.storage.ramfs.nio}.
 */
package io.netchannel.kernel.storage.ramfs;
