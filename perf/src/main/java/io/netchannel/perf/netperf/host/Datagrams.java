package io.netchannel.perf.netperf.host;

/**
 * A UDP socket, as a test sees it.
 *
 * <p>Threading: {@link #localPort}, {@link #connect}, {@link #start}, {@link #close}: the measuring thread; the rest that of
 * its callbacks.
 */
public interface Datagrams {

    int localPort();

    /** Exchanges datagrams with this peer only; before {@link #start}. */
    void connect(Host peer, int port);

    /** Lets callbacks come: {@link DatagramHandler#onStart} first. */
    void start();

    /** @return whether it was taken; if not, {@link DatagramHandler#onReady} follows once {@link #again} was called */
    boolean send(Payload payload, int lengthBytes);

    /**
     * Asks for {@link DatagramHandler#onReady} in the next turn, or as soon as something can be sent.
     *
     * @return true on a blocking host, whose caller goes on by itself
     */
    boolean again();

    /** As {@link Flow#at}. */
    void at(long timeNs, Runnable task);

    /** No callback follows. Idempotent. */
    void close();
}
