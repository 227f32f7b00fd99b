package io.netchannel.samples.memcached.load;

/** What moves a {@link LoadConnection}'s bytes. Threading: the connection's. */
interface Link {

    /** @return bytes taken; after less than all, {@link LoadConnection#writable} is called once there is room */
    int write(long address, int length);
}
