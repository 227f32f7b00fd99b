package io.netchannel.samples.load;

/** What moves a connection's bytes. Threading: the connection's. */
@FunctionalInterface
public interface Link {

    /** @return bytes taken; after less than all, {@link Conversation#writable} is called once there is room */
    int write(long address, int length);
}
