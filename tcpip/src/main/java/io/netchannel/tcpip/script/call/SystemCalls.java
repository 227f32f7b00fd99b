package io.netchannel.tcpip.script.call;

import java.util.List;

/** The socket calls that a script makes. File descriptors are the script's own numbers. */
public interface SystemCalls {

    /** What scripts are skipped for that use it in calls or packets. */
    String FAST_OPEN = "TCP Fast Open";

    /**
     * Begins a call.
     *
     * @param expectedResult what the script expects it to return: a call that makes a descriptor gives it this number
     * @throws UnsupportedCall if the call, an option of it or an argument is something we don't have: the script is
     *             skipped, with the message as reason
     */
    Call begin(String name, List<Value> arguments, long expectedResult, long nowNs);

    /** Whether calls under way can have been completed by what happened; completes them. */
    void poll(long nowNs);

    /** One call, complete or waiting for the network. */
    interface Call {

        boolean isDone();

        /** When it was completed. */
        long doneNs();

        /** What it returned: -1 with {@link #errno}. */
        long result();

        /** Linux's number, 0 if there was no error. */
        int errno();

        /**
         * What it has written to its arguments: as long as the arguments; null where nothing was written. Shapes are
         * those of the arguments.
         */
        List<Value> outputs();
    }

    /** Names what we don't have. */
    final class UnsupportedCall extends RuntimeException {

        private static final long serialVersionUID = 1;

        public UnsupportedCall(final String what) {
            super(what, null, false, false);
        }
    }
}
