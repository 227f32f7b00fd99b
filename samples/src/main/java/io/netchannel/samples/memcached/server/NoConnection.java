package io.netchannel.samples.memcached.server;

import io.netchannel.samples.memcached.protocol.Connection;

/** Stands for the senders of datagrams, whose answers the caller takes itself. */
record NoConnection(String local) implements Connection {

    @Override
    public int write(final long address, final int length) {
        return length;
    }

    @Override
    public void close() {
        // There is nothing to close.
    }

    @Override
    public void execute(final Runnable task) {
        // Nobody watches by datagrams.
    }

    @Override
    public String remote() {
        return local;
    }
}
