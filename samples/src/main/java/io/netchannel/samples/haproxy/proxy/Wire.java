package io.netchannel.samples.haproxy.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** One side of a session: a channel, what came from it and is not used yet, and what goes to it at the end of the event. */
abstract class Wire extends ChannelInboundHandlerAdapter {

    /** Data up to this length is copied behind what is to be sent already: cheaper than a buffer of its own on its way. */
    private static final int COPY_LIMIT_BYTES = 2048;
    private static final int OUT_BYTES = 1024;
    /** The loop reads at least once meanwhile. */
    private static final long DRAIN_MS = 1;

    final ProxyLoop loop;
    private final int inputLimitBytes;
    private Channel channel;
    /** Not used yet; null if there is none. */
    ByteBuf input;
    private ByteBuf out;
    private boolean dirty;
    private boolean inputEnded;
    private boolean outputEnded;
    private boolean closed;
    private boolean closing;
    private boolean failed;
    private boolean held;
    private boolean reading = true;
    /** Between the first of some reads and their end. */
    private boolean inReads;
    /** {@code filter trace random-forwarding}. */
    private boolean random;
    private boolean closeAfterReads;
    private boolean flushing;
    private long bytesIn;
    private long bytesOut;
    private long unsentAtClose;
    private final Timeout linger = new Timeout() {
        @Override
        void expired(final long nowMs) {
            final long unsent = unsentBytes();
            if (unsent < unsentAtClose) {
                unsentAtClose = unsent;
                loop.timers().arm(this, nowMs + lingerMs());
            } else {
                channel.close();
            }
        }
    };

    Wire(final ProxyLoop loop, final int inputLimitBytes) {
        this.loop = loop;
        this.inputLimitBytes = inputLimitBytes;
    }

    // -- what the sides do about events

    /** Bytes were added to the input. */
    abstract void received();

    /** No byte will follow those of the input. */
    abstract void ended();

    /** Nothing can be sent any more, and nothing will come. */
    abstract void lost();

    /** All that was too much is sent. */
    abstract void writable();

    /** How long a peer may take nothing of what is left after {@link #close}; 0: as long as it likes. */
    abstract long lingerMs();

    void tlsDone(final Throwable failure) {
        // Most channels have none.
    }

    // -- events

    @Override
    public void handlerAdded(final ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message) {
        final ByteBuf bytes = (ByteBuf) message;
        inReads = true;
        loop.handling();
        bytesIn += bytes.readableBytes();
        if (closing || closed) {
            bytes.release();
            return;
        }
        if (input == null) {
            input = bytes;
        } else {
            input = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), input, bytes);
        }
        received();
        used();
    }

    @Override
    public void channelReadComplete(final ChannelHandlerContext context) {
        inReads = false;
        loop.flush();
        if (closeAfterReads) {
            closeAfterReads = false;
            closeWhenDrained();
        }
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext context, final Object event) {
        if (event instanceof ChannelInputShutdownEvent || event == ChannelInputShutdownReadComplete.INSTANCE
                || event instanceof final SslCloseCompletionEvent close && close.isSuccess()) {
            endInput();
        } else if (event instanceof final SslHandshakeCompletionEvent handshake) {
            tlsDone(handshake.cause());
        }
        loop.flush();
    }

    private void endInput() {
        if (!inputEnded) {
            inputEnded = true;
            if (!closing && !closed) {
                ended();
                used();
            }
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context) {
        inputEnded = true;
        loop.timers().cancel(linger);
        if (!closed) {
            closed = true;
            lost();
            releaseBuffers();
        }
        loop.flush();
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
        failed = true;
        context.close();
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext context) {
        if (channel.isWritable() && !closed && !closing && !flushing) {
            writable();
            loop.flush();
        }
    }

    /** From here on, also what came already and isn't used, it is the handler's: TLS begins. */
    final void begin(final SslHandler tls) {
        final ByteBuf rest = input;
        input = null;
        channel.pipeline().addFirst(tls);
        if (rest != null && rest.isReadable()) {
            bytesIn -= rest.readableBytes();
            channel.pipeline().fireChannelRead(rest).fireChannelReadComplete();
        } else if (rest != null) {
            rest.release();
        }
    }

    // -- for the streams

    /** Handles input that is there already as if it came now; in a turn of its own, as rows of it would nest. */
    void resume() {
        loop.executor().execute(() -> {
            if (input != null && input.isReadable() && !isClosed()) {
                received();
                used();
            }
            loop.flush();
        });
    }

    Channel channel() {
        return channel;
    }

    /** Whether only random parts of what comes go on at once. */
    void random(final boolean on) {
        random = on;
    }

    /** @return how much of {@code bytes} of the input may go on now; for the rest it is told again, as if that came then */
    int portion(final int bytes) {
        if (!random) {
            return bytes;
        }
        final int part = ThreadLocalRandom.current().nextInt(bytes) + 1;
        if (part < bytes) {
            resume();
        }
        return part;
    }

    boolean isInputEnded() {
        return inputEnded;
    }

    boolean isClosed() {
        return closed || closing;
    }

    /** Whether it ended by an error rather than by a close. */
    boolean isFailed() {
        return failed;
    }

    long bytesIn() {
        return bytesIn;
    }

    long bytesOut() {
        return bytesOut + (out == null ? 0 : out.readableBytes());
    }

    int available() {
        return input == null ? 0 : input.readableBytes();
    }

    /** Whether more may be given to it to send, when what it has was sent as far as can be; if not, {@link #writable} tells when. */
    boolean takesMore() {
        if (!channel.isWritable()) {
            // Who gives more waits for the answer: to stop and start its reading would take two system calls.
            flushing = true;
            flushNow();
            flushing = false;
        }
        return channel.isWritable();
    }

    /** To be called when bytes of the input were used, or no more can be used now. */
    void used() {
        if (input != null && !input.isReadable()) {
            input.release();
            input = null;
        }
        final boolean wanted = !held && available() < inputLimitBytes;
        if (wanted != reading && !closed) {
            reading = wanted;
            channel.config().setAutoRead(wanted);
        }
    }

    /** Stops reading although there is room, as where the data goes takes no more. */
    void hold(final boolean hold) {
        held = hold;
        // Also if that is no news: what held up the reading may have been the input's limit, and it was used by now.
        used();
    }

    boolean isHeld() {
        return held;
    }

    /** Room for a head, framing or a little data; sent with the rest at the end of the event. */
    ByteBuf out() {
        if (out == null) {
            out = channel.alloc().ioBuffer(OUT_BYTES);
            touch();
        }
        return out;
    }

    /** Takes the buffer over. */
    void send(final ByteBuf data) {
        if (isClosed() || outputEnded) {
            data.release();
            return;
        }
        if (data.readableBytes() <= COPY_LIMIT_BYTES) {
            out().writeBytes(data);
            data.release();
        } else {
            writeOut();
            bytesOut += data.readableBytes();
            channel.write(data, channel.voidPromise());
            touch();
        }
    }

    void send(final byte[] data) {
        if (!isClosed() && !outputEnded) {
            out().writeBytes(data);
        }
    }

    private void touch() {
        if (!dirty) {
            dirty = true;
            loop.dirty(this);
        }
    }

    private void writeOut() {
        if (out != null) {
            final ByteBuf buffer = out;
            out = null;
            if (closed || outputEnded) {
                buffer.release();
                return;
            }
            bytesOut += buffer.readableBytes();
            channel.write(buffer, channel.voidPromise());
        }
    }

    void flushNow() {
        dirty = false;
        if (!closed) {
            writeOut();
            channel.flush();
        }
    }

    /** Bytes that the channel holds and could not send yet. */
    long unsentBytes() {
        if (closed || channel.unsafe().outboundBuffer() == null) {
            return 0;
        }
        return channel.unsafe().outboundBuffer().totalPendingWriteBytes();
    }

    /** Tells the other end that nothing follows. */
    void endOutput() {
        if (outputEnded || isClosed()) {
            return;
        }
        writeOut();
        outputEnded = true;
        if (channel instanceof final DuplexChannel duplex) {
            // Behind what is still to be sent; with TLS behind close_notify, too (RFC 8446, 6.1).
            final SslHandler tls = channel.pipeline().get(SslHandler.class);
            final ChannelFuture last = tls == null ? channel.writeAndFlush(Unpooled.EMPTY_BUFFER) : tls.closeOutbound();
            last.addListener(_ -> duplex.shutdownOutput());
        } else {
            close();
        }
    }

    boolean isOutputEnded() {
        return outputEnded;
    }

    /** Sends what is left, then closes. */
    void close() {
        if (isClosed()) {
            return;
        }
        writeOut();
        closing = true;
        releaseInput();
        // Behind what is still to be sent, also where the output's end is behind that already.
        final ChannelFuture last = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        last.addListener(_ -> closeWhenDrained());
        unsentAtClose = unsentBytes();
        if (unsentAtClose > 0 && lingerMs() > 0) {
            loop.timers().arm(linger, loop.nowMs() + lingerMs());
        }
    }

    /**
     * What waits unread makes a close a reset, by which the peer may lose what was just sent: as much as has come is thrown away
     * before.
     */
    private void closeWhenDrained() {
        if (inReads) {
            closeAfterReads = true;
        } else if (reading) {
            channel.close();
        } else {
            reading = true;
            channel.config().setAutoRead(true);
            loop.executor().schedule(() -> channel.close(), DRAIN_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** Closes now; what was not sent is lost. */
    void abort() {
        if (closed) {
            return;
        }
        closing = true;
        releaseBuffers();
        channel.close();
    }

    private void releaseInput() {
        if (input != null) {
            input.release();
            input = null;
        }
    }

    private void releaseBuffers() {
        releaseInput();
        if (out != null) {
            out.release();
            out = null;
        }
    }
}
