package io.netchannel.samples.haproxy.http;

import io.netty.buffer.ByteBuf;

/**
 * Finds a message's body in the bytes that follow its head: by length, in chunks (RFC 9112 section 7.1), or up to the
 * end of the connection. The caller takes the data out itself, so nothing is copied here.
 *
 * <p>Threading: confined to the proxy's loop.
 */
public final class BodyReader {

    /** {@link #next} met what is no chunk. */
    public static final int INVALID = -1;

    private static final int NOTHING = 0;
    private static final int FIXED = 1;
    private static final int TO_THE_END = 2;
    private static final int SIZE_FIRST = 3;
    private static final int SIZE = 4;
    private static final int EXTENSION = 5;
    private static final int SIZE_LF = 6;
    private static final int CHUNK = 7;
    private static final int CHUNK_CR = 8;
    private static final int CHUNK_LF = 9;
    private static final int TRAILERS = 10;
    private static final int BROKEN = 11;
    private static final int AFTER_SIZE = 12;

    /** Larger ones are refused as haproxy does: up to 2^52 even readers that use floating point see the same number. */
    private static final long SIZE_LIMIT = 1L << 52;

    private final HeadLimits limits;
    /** Of trailers; made when the first chunked body ends. */
    private HeadParser fields;
    private boolean lenient;
    private int state;
    private long left;
    /** Of the line with a chunk's size, so far. */
    private int lineBytes;
    private HttpMessage trailers;

    public BodyReader(final HeadLimits limits) {
        this.limits = limits;
    }

    /** A request's body: without a length there is none. */
    public void startRequest(final Framing framing, final boolean lenientReading) {
        start(framing, lenientReading, NOTHING);
    }

    /** @param head the request was HEAD @param connect it was CONNECT */
    public void startResponse(final HttpMessage response, final Framing framing, final boolean head,
            final boolean connect, final boolean lenientReading) {
        if (ResponseCheck.isBodiless(response.status(), head, connect)) {
            state = NOTHING;
            trailers = null;
        } else {
            start(framing, lenientReading, TO_THE_END);
        }
    }

    private void start(final Framing framing, final boolean lenientReading, final int otherwise) {
        lenient = lenientReading;
        trailers = null;
        left = 0;
        lineBytes = 0;
        if (framing.chunked()) {
            state = SIZE_FIRST;
        } else if (framing.contentLength() == Framing.UNKNOWN) {
            state = otherwise;
        } else {
            left = framing.contentLength();
            state = left == 0 ? NOTHING : FIXED;
        }
    }

    /** Nothing of the message is left to come. */
    public boolean done() {
        return state == NOTHING;
    }

    /** Only the end of the connection ends the message. */
    public boolean toTheEnd() {
        return state == TO_THE_END;
    }

    /** The connection ended. @return whether the message is complete by that */
    public boolean ended() {
        if (state == TO_THE_END) {
            state = NOTHING;
        }
        return state == NOTHING;
    }

    /** The fields after the last chunk; null: none. */
    public HttpMessage trailers() {
        return trailers;
    }

    /**
     * Steps over framing in {@code in}.
     *
     * @return how many bytes at its reader index are data, to be taken all and then told to {@link #taken}; 0: more bytes are
     *     needed, or {@link #done}; or {@link #INVALID}
     */
    public int next(final ByteBuf in) {
        while (true) {
            switch (state) {
                case NOTHING :
                    return 0;
                case BROKEN :
                    return INVALID;
                case TO_THE_END :
                    return in.readableBytes();
                case FIXED, CHUNK :
                    return (int) Math.min(left, in.readableBytes());
                case TRAILERS :
                    final HeadParser.Progress progress = fields.feed(in);
                    if (progress == HeadParser.Progress.MORE) {
                        return 0;
                    }
                    state = progress == HeadParser.Progress.DONE ? NOTHING : BROKEN;
                    trailers = fields.message().size() > 0 ? fields.message() : null;
                    break;
                default :
                    if (!in.isReadable()) {
                        return 0;
                    }
                    framing(in.readByte());
                    break;
            }
        }
    }

    /** The data that {@link #next} told was taken. */
    public void taken(final int bytes) {
        if (state == FIXED || state == CHUNK) {
            left -= bytes;
            if (left == 0) {
                state = state == FIXED ? NOTHING : CHUNK_CR;
            }
        }
    }

    private void framing(final byte c) {
        // The line of a chunk's size is dropped while it is read, so that only this ends one that never ends.
        if (++lineBytes > limits.headBytes()) {
            state = BROKEN;
            return;
        }
        switch (state) {
            case SIZE_FIRST :
                left = 0;
                state = Characters.hex(c) >= 0 ? SIZE : BROKEN;
                if (state == SIZE) {
                    digit(c);
                }
                break;
            case SIZE :
                if (Characters.hex(c) >= 0) {
                    digit(c);
                } else {
                    afterSize(c);
                }
                break;
            case AFTER_SIZE :
                afterSize(c);
                break;
            case EXTENSION :
                if (Characters.isLineEnd(c)) {
                    endOfLine(c);
                }
                break;
            case SIZE_LF :
                state = c == '\n' ? endOfSize() : BROKEN;
                break;
            case CHUNK_CR :
                state = c == '\r' ? CHUNK_LF : c == '\n' ? SIZE_FIRST : BROKEN;
                break;
            case CHUNK_LF :
                state = c == '\n' ? SIZE_FIRST : BROKEN;
                break;
            default :
                throw new IllegalStateException("state " + state);
        }
    }

    private void digit(final byte c) {
        left = left << 4 | Characters.hex(c);
        if (left >= SIZE_LIMIT) {
            state = BROKEN;
        }
    }

    /** Blanks, and extensions only behind a semicolon: another server could take other bytes for digits. */
    private void afterSize(final byte c) {
        if (Characters.isBlank(c)) {
            state = AFTER_SIZE;
        } else if (c == ';') {
            state = EXTENSION;
        } else {
            endOfLine(c);
        }
    }

    private void endOfLine(final byte c) {
        state = c == '\r' ? SIZE_LF : c == '\n' ? endOfSize() : BROKEN;
    }

    private int endOfSize() {
        lineBytes = 0;
        if (left > 0) {
            return CHUNK;
        }
        if (fields == null) {
            fields = new HeadParser(limits);
        }
        fields.startTrailers(lenient);
        return TRAILERS;
    }
}
