package io.netchannel.samples.haproxy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Signals beyond those that end a JVM. The class for it is the JDK's own, and not on each JDK: so it is looked up. */
final class Signals {

    private Signals() {
    }

    /** @return whether {@code action} is called from now on, on a thread of the JVM's, when the signal comes */
    static boolean on(final String name, final Runnable action) {
        try {
            final Class<?> signal = Class.forName("sun.misc.Signal");
            final Class<?> handler = Class.forName("sun.misc.SignalHandler");
            final Object calls = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[]{handler},
                    (proxy, method, arguments) -> {
                        if ("handle".equals(method.getName())) {
                            action.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance(
                    name), calls);
            return true;
        } catch (final ClassNotFoundException | NoSuchMethodException | InstantiationException
                | IllegalAccessException e) {
            return false;
        } catch (final InvocationTargetException e) {
            // The JVM uses that signal itself.
            return false;
        }
    }
}
