package io.netchannel.tcpip.link;

/**
 * Counts changes of addresses, routes, MTUs and path MTUs. Who has derived something from them, such as a path, keeps
 * the value and derives it again when it differs: one comparison a packet instead of a list of those to be told.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class Revision {

    private int value;

    public int value() {
        return value;
    }

    public void advance() {
        value++;
    }
}
