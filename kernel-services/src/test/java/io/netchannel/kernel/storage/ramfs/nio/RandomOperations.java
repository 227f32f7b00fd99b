package io.netchannel.kernel.storage.ramfs.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Operations on a directory of some file system, each chosen by a number alone, and told as text that knows nothing of where. */
final class RandomOperations implements AutoCloseable {

    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final int MAX_OPEN = 4;

    private final Path base;
    private final List<FileChannel> open = new ArrayList<>();
    // The files that they are of.
    private final List<Object> keys = new ArrayList<>();
    private SplittableRandom random;

    RandomOperations(final Path base) {
        this.base = base;
    }

    String step(final long choice) {
        random = new SplittableRandom(choice);
        final StringBuilder told = new StringBuilder();
        try {
            told.append(run(told));
        } catch (final FileSystemException e) {
            told.append(e.getClass().getSimpleName()).append(' ').append(e.getFile()).append(' ')
                    .append(e.getOtherFile()).append(' ').append(e.getReason());
        } catch (final IOException e) {
            told.append("IOException ").append(e.getMessage());
        } catch (final RuntimeException e) {
            told.append(e.getClass().getSimpleName()).append(' ').append(e.getMessage());
        }
        String text = told.toString();
        Path above = base;
        for (int i = 0; i < base.getNameCount() && !above.endsWith("1"); i++) {
            text = text.replace(above.toString(), "BASE-" + i);
            above = above.getParent();
        }
        return text;
    }

    private boolean chance(final int percent) {
        return random.nextInt(100) < percent;
    }

    private String names() {
        final StringBuilder path = new StringBuilder(NAMES.get(random.nextInt(NAMES.size())));
        while (chance(45)) {
            path.append('/').append(chance(4) ? ".." : chance(3) ? "." : NAMES.get(random.nextInt(NAMES.size())));
        }
        return path.toString();
    }

    private Path path() {
        return base.resolve(names());
    }

    private Object run(final StringBuilder told) throws IOException {
        final int kind = random.nextInt(21);
        final Path path = path();
        told.append(kind).append(' ').append(path).append(": ");
        return switch (kind) {
            case 0, 1 -> Files.createDirectory(path);
            case 2 -> Files.createFile(path);
            case 3 -> Files.writeString(path, text());
            case 4, 5 -> openFile(path);
            case 6, 7 -> useOpenFile();
            case 8 -> read(path);
            case 9 -> {
                Files.delete(path);
                yield "deleted";
            }
            case 10 -> Files.deleteIfExists(path);
            case 11, 12 -> move(path, path());
            case 13 -> copy(path, path());
            case 14 -> Files.createSymbolicLink(path, chance(30) ? path() : base.getFileSystem().getPath(target()));
            case 15 -> Files.createLink(path, path());
            case 16 -> Files.readSymbolicLink(path);
            case 17 -> list(path);
            case 18 -> attributes(path);
            case 19 -> questions(path, path());
            default -> set(path);
        };
    }

    private String target() {
        return chance(25) ? "../" + names() : chance(10) ? ".." : names();
    }

    private String text() {
        return "x".repeat(random.nextInt(3) * 4000) + random.nextInt(1000);
    }

    private String read(final Path path) throws IOException {
        return Arrays.hashCode(Files.readAllBytes(path)) + "";
    }

    private String openFile(final Path path) throws IOException {
        final Set<OpenOption> options = new HashSet<>();
        for (final StandardOpenOption option : StandardOpenOption.values()) {
            if (chance(option == StandardOpenOption.WRITE || option == StandardOpenOption.CREATE ? 60 : 15)) {
                options.add(option);
            }
        }
        if (chance(10)) {
            options.add(LinkOption.NOFOLLOW_LINKS);
        }
        final FileChannel channel = FileChannel.open(path, options);
        if (Files.isDirectory(path)) {
            // What can't be done with it differs from one file system to the next.
            channel.close();
            return "directory";
        }
        open.add(channel);
        keys.add(options.contains(StandardOpenOption.DELETE_ON_CLOSE)
                ? channel
                : Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        if (open.size() > MAX_OPEN) {
            open.removeFirst().close();
            keys.removeFirst();
        }
        return "open";
    }

    private String useOpenFile() throws IOException {
        if (open.isEmpty()) {
            return "none open";
        }
        final int which = random.nextInt(open.size());
        final FileChannel channel = open.get(which);
        final int another = random.nextInt(open.size());
        final FileChannel other = open.get(another);
        // Onto itself, bytes move while they are read.
        final boolean same = keys.get(which).equals(keys.get(another));
        final int at = random.nextInt(20_000);
        final ByteBuffer bytes = chance(50) ? ByteBuffer.allocate(9_000) : ByteBuffer.allocateDirect(9_000);
        bytes.limit(random.nextInt(9_000));
        return switch (random.nextInt(9)) {
            case 0 -> channel.position(at).position() + "";
            case 1 -> channel.size() + "";
            case 2 -> channel.read(bytes) + " " + hash(bytes) + " " + channel.position();
            case 3 -> channel.read(bytes, at) + " " + hash(bytes) + " " + channel.position();
            case 4 -> channel.write(fill(bytes)) + " " + channel.position() + " " + channel.size();
            case 5 -> channel.write(fill(bytes), at) + " " + channel.position() + " " + channel.size();
            case 6 -> channel.truncate(at).size() + " " + channel.position();
            case 7 -> {
                final long from = random.nextInt(20_000);
                yield (same ? 0 : channel.transferTo(from, at, other)) + " " + channel.size();
            }
            default -> (same ? 0 : channel.transferFrom(other, at, random.nextInt(9_000))) + " " + channel.size();
        };
    }

    private ByteBuffer fill(final ByteBuffer bytes) {
        final int first = random.nextInt(256);
        for (int i = 0; i < bytes.limit(); i++) {
            bytes.put(i, (byte) (first + i));
        }
        return bytes;
    }

    private static int hash(final ByteBuffer bytes) {
        return bytes.flip().hashCode();
    }

    private String move(final Path from, final Path target) throws IOException {
        final boolean atomic = chance(30);
        final boolean replace = chance(60);
        Path to = target;
        if (!atomic && replace) {
            // The JDK deletes the target before it finds that the move is impossible: because it is below the source, because its own
            // name is on the way to it, or because one of them is a directory that has no name there.
            if (isBelow(to, from) || isUnnamed(from) || isUnnamed(to)) {
                return "not tried";
            }
            if (Files.exists(to.getParent())) {
                to = to.getParent().toRealPath().resolve(to.getFileName());
            }
        }
        final List<CopyOption> options = new ArrayList<>();
        if (atomic) {
            options.add(StandardCopyOption.ATOMIC_MOVE);
        }
        if (replace) {
            options.add(StandardCopyOption.REPLACE_EXISTING);
        }
        if (chance(5)) {
            options.add(StandardCopyOption.COPY_ATTRIBUTES);
        }
        return to + " " + options + " " + Files.move(from, to, options.toArray(CopyOption[]::new));
    }

    private static boolean isUnnamed(final Path path) {
        return path.endsWith("..") || path.endsWith(".");
    }

    private static boolean isBelow(final Path path, final Path directory) {
        try {
            return path.getParent().toRealPath().startsWith(directory.toRealPath());
        } catch (final IOException notThere) {
            return false;
        }
    }

    private String copy(final Path from, final Path to) throws IOException {
        final List<CopyOption> options = new ArrayList<>();
        for (final CopyOption option : List.of(StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS)) {
            if (chance(50)) {
                options.add(option);
            }
        }
        return to + " " + options + " " + Files.copy(from, to, options.toArray(CopyOption[]::new));
    }

    private static String list(final Path path) throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.map(Path::toString).sorted().toList().toString();
        }
    }

    private String attributes(final Path path) throws IOException {
        final LinkOption[] options = chance(50) ? new LinkOption[0] : new LinkOption[]{LinkOption.NOFOLLOW_LINKS};
        final BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class, options);
        return found.isDirectory() + " " + found.isRegularFile() + " " + found.isSymbolicLink() + " "
                + (found.isDirectory() || found.isSymbolicLink()
                        ? ""
                        : found.size() + " "
                                + Files.getAttribute(path, "unix:nlink", options));
    }

    private static String questions(final Path path, final Path other) throws IOException {
        return Files.exists(path) + " " + Files.exists(path, LinkOption.NOFOLLOW_LINKS) + " " + Files.notExists(path)
                + " " + Files.isDirectory(path) + " " + Files.isExecutable(path) + " " + Files.isReadable(path) + " "
                + Files.isHidden(path) + " " + path.toRealPath() + " " + Files.isSameFile(path, other);
    }

    private String set(final Path path) throws IOException {
        if (chance(50)) {
            final String permissions = List.of("rwx------", "rw-r--r--", "rwxr-xr-x").get(random.nextInt(3));
            if (Files.isDirectory(path) && !permissions.startsWith("rwx")) {
                return "not tried";
            }
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        }
        Files.setLastModifiedTime(path, FileTime.from(Instant.ofEpochSecond(random.nextInt(1 << 30), 123_456_000)));
        return Files.getLastModifiedTime(path).toString();
    }

    /** All names, with what they stand for. */
    TreeMap<String, String> tree() throws IOException {
        final TreeMap<String, String> tree = new TreeMap<>();
        Path top = base;
        while (!top.endsWith("1")) {
            top = top.getParent();
        }
        try (Stream<Path> all = Files.walk(top)) {
            for (final Path path : all.toList()) {
                final String what;
                if (Files.isSymbolicLink(path)) {
                    what = "-> " + Files.readSymbolicLink(path).toString().replace(base.toString(), "BASE");
                } else if (Files.isDirectory(path)) {
                    what = "directory";
                } else {
                    what = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1).hashCode() + " "
                            + Files.size(path);
                }
                tree.put(top.relativize(path).toString(), what);
            }
        }
        return tree;
    }

    @Override
    public void close() throws IOException {
        for (final FileChannel channel : open) {
            channel.close();
        }
    }
}
