package io.netchannel.tcpip.tcp;

import io.netchannel.kernel.pressure.ShrinkCost;
import io.netchannel.kernel.pressure.Shrinker;

/**
 * What the flows of a stack hold in send buffers that size themselves, and how it becomes less while memory is short: each buffer may
 * hold half of what it holds at present, and none grows until there is room, or nobody has asked for longer than anybody who asks may
 * wait (Linux: sk_stream_moderate_sndbuf, tcp_should_expand_sndbuf). What was written stays; the buffers become free as it is
 * acknowledged, and their pages go at the next time of asking, here or as {@link io.netchannel.kernel.pressure.FreeBuffers}.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SendMemory {

    /** Longer than the longest rest of a shrinker that had nothing to give. */
    private static final long HOLD_NS = 100_000_000_000L;
    /** A millisecond's; the next call goes on with the others. */
    private static final int CONNECTIONS_PER_CALL = 10_000;
    private static final long BYTES_PER_CALL = 4 << 20;

    private final TcpStack stack;
    private final LiveConnections live;
    private long heldUntilNs = Long.MIN_VALUE;

    SendMemory(final TcpStack stack, final LiveConnections live) {
        this.stack = stack;
        this.live = live;
    }

    /** Whether buffers may grow. */
    boolean mayGrow() {
        return stack.nowNs() >= heldUntilNs;
    }

    private long excessBytes() {
        long bytes = 0;
        TcpConnection connection = live.first();
        for (int i = 0; i < CONNECTIONS_PER_CALL && connection != null; i++) {
            bytes += connection.sender().buffer().excessBytes();
            connection = connection.nextLive;
        }
        return bytes;
    }

    private void moderate() {
        heldUntilNs = stack.nowNs() + HOLD_NS;
        for (int i = 0; i < CONNECTIONS_PER_CALL; i++) {
            final TcpConnection connection = live.next();
            if (connection == null) {
                return;
            }
            connection.sender().buffer().moderate();
        }
    }

    Shrinker shrinker(final String name) {
        return new Shrinker() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public int cost() {
                return ShrinkCost.SOCKET_BUFFERS;
            }

            @Override
            public long reclaimableBytes() {
                stack.reclaim();
                return excessBytes();
            }

            @Override
            public long shrink(final long wantedBytes) {
                stack.reclaim();
                moderate();
                return stack.pool().releaseFree(Math.min(wantedBytes, BYTES_PER_CALL));
            }

            @Override
            public void mayGrow(final long bytes) {
                stack.reclaim();
                heldUntilNs = Long.MIN_VALUE;
            }
        };
    }
}
