package io.netchannel.samples.haproxy;

import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.stats.cli.Reloads;
import java.io.IOException;

/** A proxy at work, as the process around it sees it. Threading: any. */
interface Running extends AutoCloseable {

    /** No new connections, and those that are there end with what they do: SIGUSR1. */
    void softStop();

    /**
     * Another configuration takes over all that listens; connections that are there end as by {@link #softStop}. One call at a time.
     *
     * @throws IOException if that can't be; all is as before then
     */
    void reload(Configuration configuration) throws IOException;

    /** What the master tells of readings of the configuration, and how it is asked for one. */
    Reloads reloads();

    /** All connections end at once: SIGTERM. */
    void hardStop();

    /** Waits until one of the two is over. */
    void await() throws InterruptedException;

    /** Ends what is left, and its loops. */
    @Override
    void close();
}
