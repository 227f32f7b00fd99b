package io.netchannel.tcpip.autoconf;

/**
 * The owner of a stack, told of what has changed about its interface. Called on the stack's thread, after the change has
 * taken effect there.
 *
 * <p>Of a station's stacks one runs the protocols. Its owner hands each event to {@code NetStack.apply} of the others, on
 * their threads; and {@link InterfaceEvent.GroupJoined} and {@link InterfaceEvent.GroupLeft}, which come from the others,
 * to that of the one.
 */
public interface InterfaceEvents {

    /** Nobody wants to know. */
    InterfaceEvents IGNORE = event -> {
    };

    void onEvent(InterfaceEvent event);
}
