package io.netchannel.samples.memcached.server;

/** What takes new connections, for when there are too many. */
interface Listeners {

    /** Takes none for now, or takes them again. Any thread. */
    void accept(boolean on);

    /** Wakes the loop that does the maintenance. Any thread. */
    void wakeMaintenance();
}
