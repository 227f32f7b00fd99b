package io.netchannel.kernel.sched;

/** A task or poller that does something for another, whom reports are to name in its stead. */
public interface ActsFor {

    /** The other; itself while there is none. Asked by a loop's own thread, and by its watchdog's meanwhile. */
    Object principal();

    /** Whom a report about {@code source} names. */
    static Object named(final Object source) {
        Object named = source;
        while (named instanceof final ActsFor agent && agent.principal() != named) {
            named = agent.principal();
        }
        return named;
    }
}
