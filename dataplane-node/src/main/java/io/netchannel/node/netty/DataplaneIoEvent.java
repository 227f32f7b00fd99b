package io.netchannel.node.netty;

import io.netty.channel.IoEvent;

/** What a channel is told by its {@link DataplaneIoHandler}. All else comes by the stack's callbacks. */
enum DataplaneIoEvent implements IoEvent {
    /** The turn's packets have come in; asked for by {@link DataplaneIoHandler.Registration#tellAfterBurst}. */
    END_OF_BURST
}
