package io.netchannel.tcpip.tcp;

import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketPool;

/**
 * The parts of one {@link TcpReceiver}.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class ReceiveParts {

    final ReceiveQueue queue;
    final Reassembler reassembler;
    final Delivery delivery;
    final ReceiveWindow window;
    final AckPolicy acks;
    final SackBlocks sack;
    final EcnEcho ecn = new EcnEcho();
    final PeerFin fin = new PeerFin();
    final ReceiveStatistics statistics = new ReceiveStatistics();
    private final PacketPool pool;

    ReceiveParts(final TcpConnection connection, final TcpStack stack) {
        final TcpConfig config = connection.config();
        pool = stack.pool();
        delivery = new Delivery(connection, pool);
        window = new ReceiveWindow(config, stack.counters());
        acks = new AckPolicy(connection);
        sack = new SackBlocks(stack.counters(), config.is(TcpSetting.DSACK));
        queue = new ReceiveQueue(pool, stack.receiveBudget(), maxBuffers());
        reassembler = new Reassembler(pool, stack.receiveBudget(), maxBuffers(),
                config.getInt(TcpSetting.OUT_OF_ORDER_BYTES));
    }

    // Buffers may be a quarter full on average; what carries less is copied together in the queue.
    private int maxBuffers() {
        return window.limitBytes() / (pool.packets().bufferBytes() / 4) + 2 * PacketLayout.MAX_SLICES;
    }

    /** The window's limit has changed, and with it how many buffers may be held. */
    void onLimit() {
        queue.maxBuffers(maxBuffers());
        reassembler.maxBuffers(maxBuffers());
    }

    /** Whether nothing of it is needed for now: all that came is consumed and acknowledged, and nothing is missing. */
    boolean isAtRest() {
        return queue.isEmpty() && reassembler.isEmpty() && !delivery.isActive() && !acks.isOwed() && !fin.isAhead()
                && sack.isAtRest() && ecn.earlierAcks() == 0;
    }

    /** See {@link ConnectionImage}; only when it {@link #isAtRest}. */
    void keep(final ConnectionImage image) {
        delivery.keep(image);
        window.keep(image);
        acks.keep(image);
        sack.keep(image);
        ecn.keep(image);
        fin.keep(image);
        statistics.keep(image);
        onLimit();
    }
}
