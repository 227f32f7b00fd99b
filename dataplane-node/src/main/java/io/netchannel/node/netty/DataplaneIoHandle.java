package io.netchannel.node.netty;

import io.netty.channel.IoHandle;

/** What a {@link DataplaneIoHandler} takes: a channel of this package. */
interface DataplaneIoHandle extends IoHandle {

    @Override
    void close();
}
