package io.netchannel.kernel;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What a test needs of the machine: without it the test is skipped, or fails where nothing may be skipped. */
public final class Needs {

    private Needs() {
    }

    public static void need(final boolean met, final String what) {
        if (!met && Boolean.getBoolean("netchannel.test.noSkip")) {
            fail("needs " + what);
        }
        assumeTrue(met, () -> "needs " + what);
    }
}
