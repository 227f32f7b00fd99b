package io.netchannel.samples.haproxy.proxy;

/** Why a stream came to no server, and what its termination state says of it. */
enum Failure {
    NO_SERVER('S', 'C'), QUEUE_FULL('S', 'Q'), QUEUE_TIMEOUT('s', 'Q'), CONNECTION('S', 'C'), TIMEOUT('s', 'C');

    private final char cause;
    private final char phase;

    Failure(final char cause, final char phase) {
        this.cause = cause;
        this.phase = phase;
    }

    char cause() {
        return cause;
    }

    char phase() {
        return phase;
    }
}
