package io.netchannel.kernel.fiber;

import io.netchannel.kernel.sched.Carriers;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;

/** Virtual threads with a scheduler of one's own: in JDK 25 there is no supported way, but one that its tests use. */
final class VirtualThreads {

    private VirtualThreads() {
    }

    /**
     * @param scheduler runs what it is handed on one platform thread
     * @throws UnsupportedOperationException if the JVM refuses; the message says what helps
     */
    static Thread.Builder.OfVirtual scheduledBy(final Executor scheduler) {
        if (!Carriers.areKnown()) {
            throw refused(null);
        }
        try {
            final Constructor<?> constructor = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            constructor.setAccessible(true);
            return (Thread.Builder.OfVirtual) constructor.newInstance(scheduler);
        } catch (final InvocationTargetException e) {
            throw refused(e.getCause());
        } catch (final ReflectiveOperationException | RuntimeException e) {
            throw refused(e);
        }
    }

    private static UnsupportedOperationException refused(final Throwable cause) {
        final UnsupportedOperationException refused = new UnsupportedOperationException(
                "they run on the JDK's scheduler, so each call of the loop's sockets changes threads;"
                        + " JDK 25 with --add-opens=java.base/java.lang=ALL-UNNAMED runs them on the loop",
                cause);
        // A message to whoever starts the JVM; where this was called from tells nothing.
        refused.setStackTrace(new StackTraceElement[0]);
        return refused;
    }
}
