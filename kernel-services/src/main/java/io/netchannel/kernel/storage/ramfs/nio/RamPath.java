package io.netchannel.kernel.storage.ramfs.nio;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A path as Unix has them: names between slashes. Threading: immutable. */
final class RamPath implements Path {

    private static final String[] NO_NAMES = {};
    private static final String[] EMPTY_NAME = {""};

    private final RamFileSystem fs;
    private final String text;
    // Benign race: each thread computes the same.
    private String[] names;

    private RamPath(final RamFileSystem fs, final String text) {
        this.fs = fs;
        this.text = text;
    }

    /** @throws InvalidPathException if it can't be a path */
    static RamPath of(final RamFileSystem fs, final String text) {
        return new RamPath(fs, clean(text));
    }

    /** Without slashes that say nothing. */
    private static String clean(final String text) {
        final int nul = text.indexOf('\0');
        if (nul >= 0) {
            throw new InvalidPathException(text, "Nul character not allowed");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new InvalidPathException(text, "Malformed input or input contains unmappable characters");
        }
        if (!text.contains("//") && !(text.length() > 1 && text.endsWith("/"))) {
            return text;
        }
        final StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c != '/' || out.isEmpty() || out.charAt(out.length() - 1) != '/') {
                out.append(c);
            }
        }
        if (out.length() > 1 && out.charAt(out.length() - 1) == '/') {
            out.setLength(out.length() - 1);
        }
        return out.toString();
    }

    /** @throws ProviderMismatchException if it is none of ours */
    static RamPath of(final Path path) {
        if (Objects.requireNonNull(path) instanceof final RamPath ours) {
            return ours;
        }
        throw new ProviderMismatchException();
    }

    /** For the file system, which knows absolute paths alone. */
    String absolute() {
        return isAbsolute() ? text : "/" + text;
    }

    private RamPath make(final String cleaned) {
        return new RamPath(fs, cleaned);
    }

    private String[] names() {
        if (names == null) {
            names = text.equals("/")
                    ? NO_NAMES
                    : text.isEmpty() ? EMPTY_NAME : text.substring(isAbsolute() ? 1 : 0).split("/", -1);
        }
        return names;
    }

    private RamPath join(final boolean absolute, final List<String> parts) {
        return make((absolute ? "/" : "") + String.join("/", parts));
    }

    @Override
    public RamFileSystem getFileSystem() {
        return fs;
    }

    @Override
    public boolean isAbsolute() {
        return text.startsWith("/");
    }

    private boolean isEmpty() {
        return text.isEmpty();
    }

    // -- its parts

    @Override
    public RamPath getRoot() {
        return isAbsolute() ? make("/") : null;
    }

    @Override
    public RamPath getFileName() {
        final String[] all = names();
        return all.length == 0 ? null : make(all[all.length - 1]);
    }

    @Override
    public RamPath getParent() {
        final int slash = text.lastIndexOf('/');
        if (names().length == 0 || slash < 0) {
            return null;
        }
        return make(slash == 0 ? "/" : text.substring(0, slash));
    }

    @Override
    public int getNameCount() {
        return names().length;
    }

    @Override
    public RamPath getName(final int index) {
        if (index < 0 || index >= names().length) {
            throw new IllegalArgumentException("index=" + index + " is not within 0.." + (names().length - 1));
        }
        return make(names()[index]);
    }

    @Override
    public RamPath subpath(final int beginIndex, final int endIndex) {
        if (beginIndex < 0 || endIndex > names().length || beginIndex >= endIndex) {
            throw new IllegalArgumentException(
                    "names " + beginIndex + ".." + endIndex + " are not within 0.." + names().length);
        }
        return join(false, Arrays.asList(names()).subList(beginIndex, endIndex));
    }

    @Override
    public boolean startsWith(final Path other) {
        if (!(Objects.requireNonNull(other) instanceof final RamPath that) || that.fs != fs
                || that.isAbsolute() != isAbsolute()) {
            return false;
        }
        final String[] start = that.names();
        return start.length <= names().length && Arrays.equals(names(), 0, start.length, start, 0, start.length);
    }

    @Override
    public boolean endsWith(final Path other) {
        if (!(Objects.requireNonNull(other) instanceof final RamPath that) || that.fs != fs) {
            return false;
        }
        final String[] end = that.names();
        final int before = names().length - end.length;
        return before >= 0 && (!that.isAbsolute() || isAbsolute() && before == 0)
                && (!that.isEmpty() || isEmpty())
                && Arrays.equals(names(), before, names().length, end, 0, end.length);
    }

    // -- other paths from it

    @Override
    public RamPath normalize() {
        if (isEmpty()) {
            return this;
        }
        final List<String> kept = new ArrayList<>();
        for (final String name : names()) {
            if (!name.equals("..")) {
                if (!name.equals(".")) {
                    kept.add(name);
                }
            } else if (!kept.isEmpty() && !kept.getLast().equals("..")) {
                kept.removeLast();
            } else if (!isAbsolute()) {
                kept.add(name);
            }
        }
        return join(isAbsolute(), kept);
    }

    @Override
    public RamPath resolve(final Path other) {
        final RamPath that = of(other);
        if (that.isAbsolute() || isEmpty()) {
            return that;
        }
        return that.isEmpty() ? this : make(text.endsWith("/") ? text + that.text : text + "/" + that.text);
    }

    private boolean hasDots() {
        for (final String name : names()) {
            if (name.equals(".") || name.equals("..")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public RamPath relativize(final Path other) {
        final RamPath that = of(other);
        if (that.equals(this)) {
            return make("");
        }
        if (isAbsolute() != that.isAbsolute()) {
            throw new IllegalArgumentException("'other' is different type of Path");
        }
        if (isEmpty()) {
            return that;
        }
        final boolean dots = hasDots() || that.hasDots();
        final RamPath from = dots ? normalize() : this;
        final RamPath to = dots ? that.normalize() : that;
        final List<String> base = from.isEmpty() ? List.of() : Arrays.asList(from.names());
        final List<String> goal = to.isEmpty() ? List.of() : Arrays.asList(to.names());
        int same = 0;
        while (same < base.size() && same < goal.size() && base.get(same).equals(goal.get(same))) {
            same++;
        }
        final List<String> way = new ArrayList<>();
        for (final String name : base.subList(same, base.size())) {
            if (name.equals("..")) {
                throw new IllegalArgumentException("Unable to compute relative path from " + this + " to " + other);
            }
            way.add("..");
        }
        way.addAll(goal.subList(same, goal.size()));
        return join(false, way);
    }

    @Override
    public RamPath toAbsolutePath() {
        return isAbsolute() ? this : make(isEmpty() ? "/" : "/" + text);
    }

    @Override
    public RamPath toRealPath(final LinkOption... options) throws IOException {
        return fs.realPath(this, Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS));
    }

    @Override
    public URI toUri() {
        final String path = toAbsolutePath().text;
        final boolean slash = !path.endsWith("/") && fs.isOpen() && Files.isDirectory(this);
        try {
            return new URI(RamFileSystemProvider.SCHEME, fs.name(), slash ? path + "/" : path, null, null);
        } catch (final URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    public WatchKey register(final WatchService watcher, final WatchEvent.Kind<?>[] events,
            final WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("ramfs can't be watched");
    }

    // -- order

    @Override
    public int compareTo(final Path other) {
        // By bytes, not by chars: they differ where surrogates come in.
        return Arrays.compareUnsigned(text.getBytes(StandardCharsets.UTF_8),
                ((RamPath) other).text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof final RamPath that && that.fs == fs && that.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    static boolean isOf(final Path path, final FileSystem fs) {
        return path instanceof final RamPath ours && ours.fs == fs;
    }
}
