package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.http.BodyReader;
import io.netchannel.samples.haproxy.http.HeadLimits;
import io.netchannel.samples.haproxy.http.HeadParser;
import io.netchannel.samples.haproxy.http.HeadWriter;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netty.buffer.ByteBuf;

/** A message on its way from one wire to another: its head's parser, and its body as it comes, held back or passed on. */
final class HttpBody {

    /** Below this a copy costs less than a buffer of its own. */
    private static final int COPY_LIMIT_BYTES = 2048;

    /** Where a transfer stands. */
    enum Moved {
        MORE, FULL, DONE, INVALID
    }

    private final HeadParser parser;
    private final BodyReader reader;
    private boolean lenient;
    private boolean started;
    private boolean chunked;
    private boolean toTheEnd;
    private boolean endWritten;
    private boolean invalid;
    private ByteBuf held;
    /** Null: the body goes on as it came. */
    private StreamCompression compression;

    HttpBody(final HeadLimits limits) {
        parser = new HeadParser(limits);
        reader = new BodyReader(limits);
    }

    /** Before the head. */
    void start(final boolean request, final boolean lenientReading) {
        lenient = lenientReading;
        started = false;
        chunked = false;
        toTheEnd = false;
        invalid = false;
        endWritten = false;
        compression = null;
        parser.start(request, lenientReading);
    }

    HeadParser parser() {
        return parser;
    }

    /** Behind the head. @param response null: it is a request's */
    void startBody(final HttpMessage response, final boolean head, final boolean connect) {
        started = true;
        if (response == null) {
            reader.startRequest(parser.framing(), lenient);
        } else {
            reader.startResponse(response, parser.framing(), head, connect, lenient);
        }
        chunked = parser.framing().chunked() && !reader.done();
        toTheEnd = reader.toTheEnd();
    }

    /** From now on it is compressed on its way; it leaves in chunks. */
    void compress(final StreamCompression by) {
        compression = by;
        chunked = true;
    }

    boolean isDone() {
        return started && reader.done();
    }

    boolean isChunked() {
        return chunked;
    }

    boolean isToTheEnd() {
        return toTheEnd;
    }

    ByteBuf held() {
        return held;
    }

    int heldBytes() {
        return held == null ? 0 : held.readableBytes();
    }

    /** Whether nothing is left to come, with what the wire has. */
    boolean isDoneWith(final Wire from) {
        pull(from, Integer.MAX_VALUE);
        return isDone();
    }

    /** Reads what is there, without its framing, up to a limit; it is held until it is forwarded. */
    void pull(final Wire from, final int limitBytes) {
        while (started && !invalid && !reader.done() && from.input != null && heldBytes() < limitBytes) {
            final int bytes = reader.next(from.input);
            if (bytes < 0) {
                invalid = true;
            }
            if (bytes <= 0) {
                break;
            }
            final int take = Math.min(bytes, limitBytes - heldBytes());
            if (held == null) {
                held = from.channel().alloc().ioBuffer(take);
            }
            held.writeBytes(from.input, take);
            reader.taken(take);
        }
        from.used();
    }

    /** What came is no body. */
    boolean isInvalid() {
        return invalid;
    }

    Moved forward(final Wire from, final Wire to) {
        if (held != null) {
            final ByteBuf first = held;
            held = null;
            if (first.isReadable()) {
                emit(first, to);
            } else {
                first.release();
            }
        }
        while (!invalid && !reader.done()) {
            if (!to.takesMore()) {
                return Moved.FULL;
            }
            if (from.input == null) {
                return Moved.MORE;
            }
            final int bytes = reader.next(from.input);
            if (bytes < 0) {
                invalid = true;
            } else if (bytes == 0) {
                if (reader.done()) {
                    break;
                }
                from.used();
                return Moved.MORE;
            } else {
                final int part = from.portion(bytes);
                move(from, part, to);
                reader.taken(part);
                if (part < bytes) {
                    from.used();
                    return Moved.MORE;
                }
            }
        }
        from.used();
        if (invalid) {
            return Moved.INVALID;
        }
        if (chunked && !endWritten) {
            endWritten = true;
            if (compression != null) {
                final ByteBuf last = to.channel().alloc().ioBuffer(COPY_LIMIT_BYTES);
                compression.finish(last);
                chunk(last, to);
            }
            HeadWriter.lastChunk(reader.trailers(), to.out());
        }
        return Moved.DONE;
    }

    private void move(final Wire from, final int bytes, final Wire to) {
        if (compression != null) {
            compress(from.input, bytes, to);
            return;
        }
        if (bytes > COPY_LIMIT_BYTES) {
            emit(from.input.readRetainedSlice(bytes), to);
            return;
        }
        final ByteBuf out = to.out();
        if (chunked) {
            HeadWriter.chunkSize(bytes, out);
        }
        out.writeBytes(from.input, bytes);
        if (chunked) {
            HeadWriter.endOfChunk(out);
        }
    }

    private void compress(final ByteBuf data, final int bytes, final Wire to) {
        final ByteBuf compressed = to.channel().alloc().ioBuffer(bytes);
        compression.add(data, bytes, compressed);
        chunk(compressed, to);
    }

    private void emit(final ByteBuf data, final Wire to) {
        if (compression != null) {
            compress(data, data.readableBytes(), to);
            data.release();
        } else if (chunked) {
            chunk(data, to);
        } else {
            to.send(data);
        }
    }

    private static void chunk(final ByteBuf data, final Wire to) {
        if (!data.isReadable()) {
            // It would be read as the last one.
            data.release();
            return;
        }
        HeadWriter.chunkSize(data.readableBytes(), to.out());
        to.send(data);
        HeadWriter.endOfChunk(to.out());
    }

    /** The wire that it came from ended. @return whether that makes it complete */
    boolean ended() {
        return started && !invalid && reader.ended();
    }

    void release() {
        if (held != null) {
            held.release();
            held = null;
        }
    }
}
