package io.netchannel.node.netty;

import io.netchannel.node.DataplaneNode;
import io.netchannel.node.DrivenLoop;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Gives each event loop one of a node's loops.
 *
 * <p>Threading: handlers are made by one thread, an event loop group's maker.
 */
final class DataplaneIoHandlerFactory implements IoHandlerFactory {

    private static final long CLOSE_TIMEOUT_MS = 2_000;

    private final String node;
    private final List<DrivenLoop> loops;
    private final List<DataplaneIoHandler> handlers = new CopyOnWriteArrayList<>();

    DataplaneIoHandlerFactory(final DataplaneNode node) {
        this.node = node.config().name();
        this.loops = node.startDriven(this::stop);
    }

    @Override
    public IoHandler newHandler(final ThreadAwareExecutor executor) {
        final int next = handlers.size();
        if (next == loops.size()) {
            throw new IllegalStateException("threads > loops=" + loops.size() + " of node " + node
                    + ": an event loop needs a loop of its own; use new DataplaneEventLoopGroup(node), or give"
                    + " MultiThreadIoEventLoopGroup the number of loops, and a node one group only");
        }
        final DataplaneIoHandler handler = new DataplaneIoHandler(loops.get(next), executor, handlers);
        handlers.add(handler);
        return handler;
    }

    /** The node closes: its loops must have ended. */
    private void stop() {
        for (final DataplaneIoHandler handler : handlers) {
            if (handler.isCurrent()) {
                throw new IllegalStateException("node " + node + " can't be closed by one of its event loops");
            }
        }
        for (final DataplaneIoHandler handler : handlers) {
            ((EventExecutor) handler.executor()).shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        }
        for (final DataplaneIoHandler handler : handlers) {
            ((EventExecutor) handler.executor()).terminationFuture().awaitUninterruptibly();
            handler.received().takeReturned();
        }
        // Those that no event loop has taken.
        loops.forEach(DrivenLoop::end);
    }
}
