package io.netchannel.node.netty;

import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.Executor;

/**
 * What the channels of a node have in common: how they come to an event loop, and when they are heard.
 *
 * <p>Threading: Netty's for channels; protected methods the event loop's.
 */
abstract class AbstractDataplaneChannel extends AbstractChannel {

    /** A burst may hold more, whatever the length of the last one. */
    static final UncheckedBooleanSupplier MAYBE_MORE = UncheckedBooleanSupplier.TRUE_SUPPLIER;

    private IoRegistration eventLoopRegistration;
    private DataplaneIoHandler.Registration registration;
    private volatile boolean open = true;
    // Asked for by any thread; null as long as there is none.
    volatile InetSocketAddress local;
    volatile InetSocketAddress remote;

    AbstractDataplaneChannel(final Channel parent) {
        super(parent);
    }

    /** The turn's packets have come in. */
    abstract void onEndOfBurst();

    /** Channel and event loop have met; before the pipeline hears of it. */
    abstract void onRegistered(DataplaneIoHandler handler);

    /** Where {@link #onRegistered} has been, and since then. */
    final DataplaneIoHandler handler() {
        return registration.handler();
    }

    /** Asks for {@link #onEndOfBurst}. */
    final void tellAfterBurst() {
        if (registration != null) {
            registration.tellAfterBurst();
        }
    }

    final void markClosed() {
        open = false;
    }

    @Override
    public final boolean isOpen() {
        return open;
    }

    @Override
    public final InetSocketAddress localAddress() {
        return (InetSocketAddress) super.localAddress();
    }

    @Override
    public final InetSocketAddress remoteAddress() {
        return (InetSocketAddress) super.remoteAddress();
    }

    @Override
    protected final SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected final SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    protected boolean isCompatible(final EventLoop loop) {
        return loop instanceof final IoEventLoop io && io.isCompatible(Handle.class);
    }

    @Override
    protected final void doRegister(final ChannelPromise promise) {
        ((IoEventLoop) eventLoop()).register(new Handle()).addListener(done -> {
            if (!done.isSuccess()) {
                promise.setFailure(done.cause());
                return;
            }
            eventLoopRegistration = (IoRegistration) done.getNow();
            registration = eventLoopRegistration.attachment();
            onRegistered(registration.handler());
            promise.setSuccess();
        });
    }

    @Override
    protected final void doDeregister() {
        if (eventLoopRegistration != null) {
            // By the event loop's own, which counts its channels.
            eventLoopRegistration.cancel();
        }
    }

    @Override
    protected final Object filterOutboundMessage(final Object message) throws Exception {
        return checkedMessage(message);
    }

    /** @throws UnsupportedOperationException if it can't be written to this channel */
    abstract Object checkedMessage(Object message);

    private final class Handle implements DataplaneIoHandle {

        @Override
        public void handle(final IoRegistration source, final IoEvent event) {
            onEndOfBurst();
        }

        @Override
        public void close() {
            unsafe().close(unsafe().voidPromise());
        }
    }

    /** With nothing that Netty's doesn't have, but for what this package calls. */
    abstract class DataplaneUnsafe extends AbstractUnsafe {

        @Override
        public final RecvByteBufAllocator.ExtendedHandle recvBufAllocHandle() {
            return (RecvByteBufAllocator.ExtendedHandle) super.recvBufAllocHandle();
        }

        final void flushNow() {
            flush0();
        }

        /** Closing never waits: SO_LINGER is the stack's. */
        @Override
        protected final Executor prepareToClose() {
            return null;
        }

        final Throwable annotated(final Throwable cause, final SocketAddress address) {
            return annotateConnectException(cause, address);
        }

        final boolean isOpenFor(final ChannelPromise promise) {
            return ensureOpen(promise);
        }
    }
}
