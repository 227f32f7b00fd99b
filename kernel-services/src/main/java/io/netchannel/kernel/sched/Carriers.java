package io.netchannel.kernel.sched;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The platform thread that a virtual thread runs on. The JDK tells only itself; with {@code --add-opens=java.base/java.lang} us too.
 *
 * <p>Threading: any thread.
 */
public final class Carriers {

    // Null if the JVM refuses. Final and static: the JIT makes of it the instruction that it makes of the method.
    private static final MethodHandle CURRENT = find();

    private Carriers() {
    }

    private static MethodHandle find() {
        try {
            return MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup()).findStatic(Thread.class,
                    "currentCarrierThread", MethodType.methodType(Thread.class));
        } catch (final ReflectiveOperationException | RuntimeException refused) {
            return null;
        }
    }

    /** Whether {@link #current()} knows. */
    public static boolean areKnown() {
        return CURRENT != null;
    }

    /** The platform thread that runs this; the virtual thread itself if the JVM doesn't tell. */
    public static Thread current() {
        if (CURRENT == null) {
            return Thread.currentThread();
        }
        try {
            return (Thread) CURRENT.invokeExact();
        } catch (final RuntimeException | Error thrown) {
            throw thrown;
        } catch (final Throwable impossible) {
            throw new AssertionError("currentCarrierThread() declares no exception", impossible);
        }
    }
}
