package io.netchannel.channels.flow;

/**
 * Decides whether packets of a flow may reach this node. It is asked once for a flow that has an entry in a
 * {@link FlowTable}, and for each packet of one that has none.
 *
 * <p>Threading: called from the threads that classify.
 */
@FunctionalInterface
public interface FlowFilter {

    /** No filter. */
    FlowFilter PERMIT_ALL = key -> true;

    /** @param key valid during the call only */
    boolean permits(FlowKey key);

    /**
     * Changes whenever the rules have: verdicts of an older generation are asked for again. The rules must be published
     * before the generation is; with a {@code VarHandle}, release and acquire.
     */
    default int generation() {
        return 0;
    }
}
