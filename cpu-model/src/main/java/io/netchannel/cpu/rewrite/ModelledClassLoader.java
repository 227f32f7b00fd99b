package io.netchannel.cpu.rewrite;

import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads classes so that what they do to shared memory happens in a {@link ModelledMemory}.
 *
 * <pre>{@code
 * ModelledClassLoader loader = new ModelledClassLoader(getClass().getClassLoader())
 *         .rewrite("org.jctools.").rewrite(Scenario.class.getName());
 * Program program = loader.newProgram(Scenario.class);
 * }</pre>
 * where {@code Scenario}, loaded once more by this loader, sees the rewritten classes under their own names, and its
 * set-up calls {@link #use}.
 *
 * <p>Rewritten are: fences and accesses by {@link java.lang.invoke.VarHandle} and by {@code Unsafe} (of {@code
 * org.agrona.UnsafeApi} too), and instance fields that are not final, volatile ones with volatile order. Elements of arrays
 * are modelled where they are reached by those handles; a plain array access in the code is not, and none of the
 * classes that this was made for has one on shared memory. Static fields are left alone: their initialisers run once.
 *
 * <p>A mode that the models don't have, such as {@code weakCompareAndSetPlain}, is an
 * {@link UnsupportedOperationException} that names it, when it is executed.
 *
 * <p>Threading: confined to the thread that explores.
 */
public final class ModelledClassLoader extends ClassLoader {

    private final List<String> rewritten = new ArrayList<>();
    private final List<String> confined = new ArrayList<>();
    private final ClassRewriter rewriter = new ClassRewriter(this);
    private final SharedAccess access = new SharedAccess();

    static {
        registerAsParallelCapable();
    }

    /** @param source of the class files, and of all classes that are not rewritten */
    public ModelledClassLoader(final ClassLoader source) {
        super("modelled", source);
    }

    /** Classes whose names begin so are rewritten. */
    public ModelledClassLoader rewrite(final String namePrefix) {
        rewritten.add(namePrefix);
        return this;
    }

    /** Of classes whose names begin so the fields are left alone: each object of them belongs to one thread. */
    public ModelledClassLoader confined(final String namePrefix) {
        confined.add(namePrefix);
        return this;
    }

    /**
     * Leaves an ordering out, to see what comes of it: accesses in one mode are done in another.
     *
     * @param mode a method name of {@link java.lang.invoke.VarHandle}, such as {@code "setRelease"}; {@code "getVolatile"} and
     *            {@code "setVolatile"} are volatile fields, too
     */
    public ModelledClassLoader weaken(final String mode, final String weakerMode) {
        access.weaken(mode, weakerMode);
        return this;
    }

    /** From here on accesses go to this memory: the set-up's first step. */
    public void use(final ModelledMemory memory) {
        access.use(memory);
    }

    /** An instance of a rewritten class with a constructor without arguments, known by a type that is not rewritten. */
    public <T> T newInstance(final String className, final Class<T> as) {
        try {
            final var constructor = loadClass(className).getDeclaredConstructor();
            constructor.setAccessible(true);
            return as.cast(constructor.newInstance());
        } catch (final ReflectiveOperationException e) {
            throw new IllegalArgumentException(className + " can't be made: " + e, e);
        }
    }

    /** The program of a rewritten class with a constructor without arguments. */
    public Program newProgram(final Class<? extends ModelledProgram> type) {
        return newInstance(type.getName(), ModelledProgram.class).program(this);
    }

    SharedAccess access() {
        return access;
    }

    boolean isRewritten(final String className) {
        return startsWithAny(className, rewritten);
    }

    boolean isConfined(final String className) {
        return startsWithAny(className, confined);
    }

    private static boolean startsWithAny(final String className, final List<String> prefixes) {
        return prefixes.stream().anyMatch(className::startsWith);
    }

    @Override
    protected Class<?> loadClass(final String name, final boolean resolve) throws ClassNotFoundException {
        if (!isRewritten(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            final Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }
    }

    private Class<?> define(final String name) throws ClassNotFoundException {
        final byte[] original = classFile(name);
        if (original == null) {
            throw new ClassNotFoundException(name);
        }
        final byte[] changed = rewriter.rewrite(original);
        return defineClass(name, changed, 0, changed.length);
    }

    /** Null if there is none. */
    byte[] classFile(final String className) {
        try (InputStream in = getParent().getResourceAsStream(className.replace('.', '/') + ".class")) {
            return in == null ? null : in.readAllBytes();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
