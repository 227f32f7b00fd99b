package io.netchannel.samples.haproxy.log;

/** Which messages a {@code sample} of a log line takes, one after another. */
final class Sampler {

    private final LogServer.Sampling sampling;
    private int number;

    Sampler(final LogServer.Sampling sampling) {
        this.sampling = sampling;
    }

    /** Counts one message. */
    boolean takes() {
        if (sampling == null) {
            return true;
        }
        number = number % sampling.size() + 1;
        for (final LogServer.Range range : sampling.ranges()) {
            if (number >= range.low() && number <= range.high()) {
                return true;
            }
        }
        return false;
    }
}
