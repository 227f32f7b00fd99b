package io.netchannel.node.netty;

import io.netchannel.tcpip.tcp.TcpFlow;
import io.netty.buffer.ByteBuf;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.io.IOException;

/**
 * A stream channel's reading.
 *
 * <pre>
 *   idle ── beginRead ──▶ wanted ── data ──▶ cycle: channelRead, … while the allocator's handle goes on
 *    ▲                                         │ end of burst: channelReadComplete
 *    └─────────────────────────────────────────┘ with auto-read: beginRead at once
 * </pre>
 * Data that comes when nothing is wanted, or more than a cycle takes, is left to the flow: it waits in its packets, and the
 * window tells the peer. What is long enough is handed on in its packet, the rest is copied: a buffer of some KiB for some bytes
 * would be a waste.
 *
 * <p>The peer's end is told when all data before it was read, and a failure at once; whether a read is wanted or not, as by Netty's
 * epoll transport: so a channel that reads nothing notices that its peer is gone.
 *
 * <p>Threading: the event loop's.
 */
final class StreamInput {

    /** Of a packet buffer, that must be filled to be worth lending: what the stack asks for too before it keeps a packet. */
    private static final int LENT_DIVISOR = 4;

    private final DataplaneSocketChannel channel;
    // Known once something comes, when the channel's options have been set.
    private RecvByteBufAllocator.ExtendedHandle handle;
    private boolean wanted;
    private boolean inCycle;
    private boolean cycleGoesOn;
    // The flow has been told to wait.
    private boolean paused;
    private boolean endDue;
    private boolean endTold;
    private IOException failure;

    StreamInput(final DataplaneSocketChannel channel) {
        this.channel = channel;
    }

    /** @return bytes taken; with less than all the flow waits */
    int receive(final TcpFlow flow, final long address, final int lengthBytes) {
        if (channel.isInputShutdown()) {
            // As after a socket's: nobody reads, and the peer isn't stopped.
            return lengthBytes;
        }
        int done = 0;
        while (done < lengthBytes && channel.isOpen() && (inCycle ? cycleGoesOn : wanted)) {
            done += deliver(flow, address + done, lengthBytes - done);
        }
        paused = done < lengthBytes;
        return done;
    }

    private int deliver(final TcpFlow flow, final long address, final int lengthBytes) {
        if (!inCycle) {
            inCycle = true;
            resetHandle();
            channel.tellAfterBurst();
        }
        final ByteBuf bytes = buffer(flow, address, lengthBytes);
        final int count = bytes.readableBytes();
        handle.lastBytesRead(count);
        handle.incMessagesRead(1);
        wanted = false;
        // Until the handlers say otherwise, by a change of auto-read.
        cycleGoesOn = true;
        // To lend the buffer the stack was called; the handlers may block.
        channel.handler().loop().stack().lendAgain();
        channel.pipeline().fireChannelRead(bytes);
        cycleGoesOn &= handle.continueReading(AbstractDataplaneChannel.MAYBE_MORE);
        return count;
    }

    private void resetHandle() {
        if (handle == null) {
            handle = channel.dataplaneUnsafe().recvBufAllocHandle();
        }
        handle.reset(channel.config());
    }

    /** What is received, or as much of it as the channel's allocators make room for. */
    private ByteBuf buffer(final TcpFlow flow, final long address, final int lengthBytes) {
        final ReceivedBuffers buffers = channel.handler().received();
        final int guessBytes = handle.guess();
        if (lengthBytes <= guessBytes) {
            final boolean lends = isWorthLending(lengthBytes);
            final ByteBuf whole = lends
                    ? buffers.lend(flow, address, lengthBytes, channel.alloc())
                    : buffers.copyOf(address, lengthBytes, channel.alloc());
            if (whole != null) {
                handle.attemptedBytesRead(lends ? lengthBytes : guessBytes);
                return whole;
            }
        }
        final ByteBuf copy = handle.allocate(channel.alloc());
        handle.attemptedBytesRead(copy.writableBytes());
        buffers.copy(address, copy, Math.min(copy.writableBytes(), lengthBytes));
        return copy;
    }

    private boolean isWorthLending(final int lengthBytes) {
        return lengthBytes >= channel.handler().loop().config().bufferBytes() / LENT_DIVISOR;
    }

    void beginRead() {
        wanted = true;
        if (!inCycle) {
            goOn();
        }
    }

    /** Auto-read is off. */
    void stop() {
        wanted = false;
        cycleGoesOn = false;
    }

    private void goOn() {
        if (channel.isInputShutdown()) {
            channel.tellAfterBurst();
        } else if (paused) {
            paused = false;
            channel.flow().resumeReceive();
        }
    }

    /** All that the peer has sent was read. */
    void onPeerFinished() {
        endDue = true;
        channel.tellAfterBurst();
    }

    /** The flow is gone, and what it had received. */
    void onFailure(final IOException cause) {
        failure = cause;
        channel.tellAfterBurst();
    }

    void onEndOfBurst() {
        if (inCycle) {
            completeCycle();
        }
        if (!channel.isOpen()) {
            return;
        }
        if (failure != null) {
            endByFailure();
        } else if (endDue || wanted && channel.isInputShutdown() && !endTold) {
            endDue = false;
            end();
        }
    }

    private void completeCycle() {
        inCycle = false;
        handle.readComplete();
        channel.pipeline().fireChannelReadComplete();
        if (wanted) {
            goOn();
        }
    }

    private void end() {
        wanted = false;
        resetHandle();
        handle.lastBytesRead(-1);
        handle.readComplete();
        channel.pipeline().fireChannelReadComplete();
        if (!channel.isInputShutdown()) {
            if (!channel.config().isAllowHalfClosure()) {
                channel.unsafe().close(channel.voidPromise());
                return;
            }
            channel.inputEnded();
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
        if (!endTold && channel.isOpen()) {
            endTold = true;
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        }
    }

    private void endByFailure() {
        wanted = false;
        final IOException cause = failure;
        failure = null;
        resetHandle();
        handle.readComplete();
        channel.pipeline().fireChannelReadComplete();
        channel.pipeline().fireExceptionCaught(cause);
        channel.unsafe().close(channel.voidPromise());
    }
}
