package io.netchannel.samples.haproxy.expression.pattern;

/** One pattern of a reference, with a map's value as it was written. Threading: the proxy's loop. */
public final class PatternElement {

    private final long id;
    private final String pattern;
    private final int line;
    private String sample;

    /** @param line of its file; 0 if it wasn't in one */
    PatternElement(final long id, final String pattern, final String sample, final int line) {
        this.id = id;
        this.line = line;
        this.pattern = pattern;
        this.sample = sample;
    }

    /** What {@code del map #ref} and {@code set map #ref} name it by. */
    public long id() {
        return id;
    }

    public String pattern() {
        return pattern;
    }

    /** A map's value; null in an ACL. */
    public String sample() {
        return sample;
    }

    int line() {
        return line;
    }

    void sample(final String newSample) {
        sample = newSample;
    }
}
