package io.netchannel.perf.netperf;

/**
 * A way for bytes to go from a client to a server in this process.
 *
 * <p>Threading: called from one thread; what runs behind it is the path's own affair. Between calls it must be idle: the
 * other paths of the run share the machine with it.
 */
public interface NetperfPath extends AutoCloseable {

    /** As printed. */
    String name();

    /** Whether it can do this test with that many loops. */
    boolean supports(TestCase testCase);

    /** What its idle connections hold; null if it has none. */
    default IdleMemory idleMemory() {
        return null;
    }

    /**
     * Runs one test for about {@code durationNs} of counted time, after its own connection set-up.
     *
     * @throws NetperfException if the peer failed, or nothing moved
     */
    Measurement run(TestCase testCase, long durationNs);

    @Override
    void close();
}
