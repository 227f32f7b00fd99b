package io.netchannel.kernel.sched;

/** Wakes a parked loop, or notifies a device. Any thread; idempotent until it is answered. */
@FunctionalInterface
public interface Doorbell {

    /** For a peer that polls and needs no bell. */
    Doorbell NONE = () -> {
    };

    void ring();
}
