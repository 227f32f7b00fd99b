package io.netchannel.samples.load;

/** Limits of what is asked for. */
public final class Bounds {

    private Bounds() {
    }

    /** @throws IllegalArgumentException that names the value and its limits */
    public static void require(final String name, final int value, final int min, final int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + "=" + value + " is not within " + min + ".." + max);
        }
    }
}
