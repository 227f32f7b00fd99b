package io.netchannel.tcpip.script.call;

/** What a file descriptor stands for. */
abstract sealed class Descriptor permits StreamSocket, DatagramSocket, Epoll, ZeroFile {

    // poll()'s bits; epoll's are the same.
    static final int IN = 0x1;
    static final int OUT = 0x4;
    static final int ERR = 0x8;
    static final int HUP = 0x10;
    static final int INVALID = 0x20;
    static final int READ_HANG_UP = 0x2000;

    private boolean nonBlocking;
    private int lastReadiness;
    private long lastArrivals;
    private long inputWakeUps;
    private long outputWakeUps;

    final boolean isNonBlocking() {
        return nonBlocking;
    }

    final void nonBlocking(final boolean on) {
        nonBlocking = on;
    }

    /** Bits of what can be done without waiting, whether asked for or not. */
    abstract int readiness();

    /** Grows with each arrival that Linux would wake a reader for. */
    abstract long arrivals();

    /** Begins the end. @return 0, a negated error number, or {@link PendingCall#WAIT} */
    abstract long close(PendingCall call, long nowNs);

    /** Looks for what has become possible since the last look: that is an edge to epoll. */
    final void observe() {
        final int readiness = readiness();
        final int risen = readiness & ~lastReadiness;
        final long arrivals = arrivals();
        if (arrivals != lastArrivals || (risen & ~OUT) != 0) {
            inputWakeUps++;
        }
        if ((risen & (OUT | ERR | HUP)) != 0) {
            outputWakeUps++;
        }
        lastReadiness = readiness;
        lastArrivals = arrivals;
    }

    /** Edges so far, of those that concern somebody who asked for {@code events}. */
    final long wakeUps(final int events) {
        if ((events & OUT) == 0) {
            return inputWakeUps;
        }
        return (events & ~OUT) == 0 ? outputWakeUps : inputWakeUps + outputWakeUps;
    }
}
