/**
 * {@code java.nio.file} over a {@link io.netchannel.kernel.storage.ramfs.RamFs}: any Java code can use it.
 *
 * <pre>
 *   try (FileSystem fs = FileSystems.newFileSystem(URI.create("ramfs://cache/"), Map.of("size", "64m"))) {
 *       Files.writeString(fs.getPath("/greeting"), "hello");
 *       Files.readString(Path.of(URI.create("ramfs://cache/greeting")));
 *   }
 * </pre>
 *
 * <p>Paths, results and exceptions are those of the JDK's own provider on Linux, which tests hold it to. What it can't do throws
 * {@link java.lang.UnsupportedOperationException}: {@code FileChannel.map}, because a file's pages lie apart; watching; asynchronous
 * channels. An interrupt doesn't close a channel: nothing here waits.
 *
 * <p>Threading: any.
 */
package io.netchannel.kernel.storage.ramfs.nio;
