package io.netchannel.samples.load;

/** One connection's place in a protocol, whatever moves its bytes. Threading: its client's. */
public interface Conversation {

    /**
     * Bytes of the other side, cut anywhere.
     *
     * @throws LoadFailure if they are not what was to come
     */
    void receive(long address, int length);

    /** There is room again, after a write that was short. */
    void writable();
}
