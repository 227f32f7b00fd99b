package io.netchannel.samples.haproxy.log;

/** Takes whole lines to their destination; never waits. */
interface LineSender {

    /**
     * @param line with its final LF, chars are bytes
     * @return false if it was dropped, as too much is on its way already
     */
    boolean send(String line);

    /** Takes no more lines; those that it has still go out. Doesn't wait either. */
    void close();

    /** Called by who may wait, when it is closed: for a while, until the last line is out. */
    default void awaitWritten() {
        // Most are out by then.
    }
}
