package io.netchannel.kernel.linux;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says on standard error what the machine doesn't give, each thing once in the life of the process.
 *
 * <p>Threading: any.
 */
public final class Shortfall {

    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private Shortfall() {
    }

    /** @return whether it was said now */
    public static boolean say(final String what, final String instead) {
        final boolean first = SAID.add(what);
        if (first) {
            System.err.println("netchannel: " + what + " not to be had: " + instead);
        }
        return first;
    }

    /** The same, because a system call was refused. */
    public static boolean say(final String what, final String call, final int negatedErrno, final String instead) {
        return say(what, call + " says " + Errno.name(-negatedErrno) + "; " + instead);
    }
}
