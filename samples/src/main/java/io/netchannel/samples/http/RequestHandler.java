package io.netchannel.samples.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedNioFile;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Answers the requests of a connection of HTTP/1.1, or the one of a stream of HTTP/2, in their order.
 *
 * <p>What a client sends in advance is bounded: beyond so many answers under way, or so many bytes unsent, nothing is read.
 */
final class RequestHandler extends ChannelInboundHandlerAdapter {

    /** Each may hold a file open. */
    static final int MAX_UNDER_WAY = 64;

    private static final int CHUNK_BYTES = 32 * 1024;

    /** How a body that is a file goes out. */
    enum FileTransfer {
        /** By the transport itself. */
        REGION,
        /** By buffers, which encryption and frames need. */
        CHUNKS
    }

    private final Site site;
    private final ServerDate date;
    private final FileTransfer transfer;
    private final boolean stream;
    private final Queue<FullHttpRequest> waiting = new ArrayDeque<>();
    private ChannelHandlerContext context;
    private final ChannelFutureListener answered = future -> onAnswered();
    private int underWay;
    private boolean ending;

    /** @param stream of HTTP/2, whose connection ends it */
    RequestHandler(final Site site, final ServerDate date, final FileTransfer transfer, final boolean stream) {
        this.site = site;
        this.date = date;
        this.transfer = transfer;
        this.stream = stream;
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object message) throws IOException {
        waiting.add((FullHttpRequest) message);
        answerWaiting();
    }

    @Override
    public void channelReadComplete(final ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext ctx) {
        readOrNot();
        ctx.fireChannelWritabilityChanged();
    }

    private void readOrNot() {
        context.channel().config().setAutoRead(waiting.isEmpty() && context.channel().isWritable());
    }

    private void answerWaiting() throws IOException {
        while (!waiting.isEmpty() && underWay < MAX_UNDER_WAY) {
            final FullHttpRequest request = waiting.remove();
            try {
                answer(request);
            } finally {
                request.release();
            }
        }
        readOrNot();
    }

    private void onAnswered() throws IOException {
        underWay--;
        if (!waiting.isEmpty() && context.channel().isActive()) {
            answerWaiting();
            context.flush();
        }
        closeIfDone();
    }

    private void closeIfDone() {
        if (ending && underWay == 0 && waiting.isEmpty()) {
            context.close();
        }
    }

    // -- one request

    private void answer(final FullHttpRequest request) throws IOException {
        final HttpResponseStatus refused = RequestCheck.refusal(request, stream);
        if (refused != null) {
            // What follows on the connection may not be what it seems.
            write(Reply.of(refused).with(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE), false);
            ending = !stream;
            return;
        }
        final boolean head = HttpMethod.HEAD.equals(request.method());
        final String path = RequestCheck.path(request.uri());
        if (path == null) {
            write(Reply.of(HttpResponseStatus.BAD_REQUEST), head);
            return;
        }
        Reply reply;
        try {
            reply = site.answer(request, path);
        } catch (final IOException e) {
            reply = Reply.of(HttpResponseStatus.INTERNAL_SERVER_ERROR);
        }
        write(reply, head);
    }

    private void write(final Reply reply, final boolean head) throws IOException {
        underWay++;
        reply.headers().set(HttpHeaderNames.DATE, date.text());
        final Reply.Body body = head ? Reply.NO_BODY : reply.body();
        if (head) {
            reply.body().discard();
        }
        switch (body) {
            case Reply.Bytes bytes -> context.write(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, reply.status(),
                    bytes.bytes(), reply.headers(), EmptyHttpHeaders.INSTANCE)).addListener(answered);
            case Reply.FileRange range -> {
                context.write(new DefaultHttpResponse(HttpVersion.HTTP_1_1, reply.status(), reply.headers()));
                writeFile(range);
            }
        }
    }

    private void writeFile(final Reply.FileRange range) throws IOException {
        if (transfer == FileTransfer.REGION) {
            context.write(new DefaultFileRegion(range.file(), range.offset(), range.lengthBytes()));
            context.write(LastHttpContent.EMPTY_LAST_CONTENT).addListener(answered);
        } else {
            context.write(new HttpChunkedInput(
                    new ChunkedNioFile(range.file(), range.offset(), range.lengthBytes(), CHUNK_BYTES)))
                    .addListener(answered);
        }
    }

    // -- the end

    @Override
    public void userEventTriggered(final ChannelHandlerContext ctx, final Object event) {
        if (!stream && event instanceof IdleStateEvent) {
            ctx.close();
        } else if (!stream && (event == Closing.SERVER || event == ChannelInputShutdownEvent.INSTANCE)) {
            // RFC 9112, 9.6: who has sent his last request may still want its answer.
            ending = true;
            closeIfDone();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ctx) {
        waiting.forEach(FullHttpRequest::release);
        waiting.clear();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
        ctx.close();
    }
}
