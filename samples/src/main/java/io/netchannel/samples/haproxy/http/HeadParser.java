package io.netchannel.samples.haproxy.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Reads the start line and the fields of a message (RFC 9112), as its bytes come: each byte is looked at once.
 *
 * <p>What is refused: a bare CR, a NUL, a name that is no token, a target that is not visible ASCII, framing that can
 * be read in two ways. An LF alone ends a line and an obsolete folding becomes spaces, as haproxy has it. Names become
 * lower case, as haproxy sends them.
 *
 * <p>Threading: confined to the proxy's loop.
 */
public final class HeadParser {

    /** What {@link #feed} says. */
    public enum Progress {
        MORE, DONE, INVALID
    }

    private static final int BAD_REQUEST = 400;
    private static final int INITIAL_BYTES = 512;
    /** Room for a head that was longer is not kept for the next: a connection may wait for that as long as it likes. */
    private static final int KEPT_BYTES = 4096;
    /** What may be no head any more is not taken in the same step: a body that came with it would be copied for nothing. */
    private static final int STEP_BYTES = 1024;
    private static final byte[] NOTHING = {};

    private static final int BEFORE = 0;
    private static final int BEFORE_CR = 1;
    private static final int METHOD = 2;
    private static final int METHOD_SP = 3;
    private static final int URI = 4;
    private static final int URI_SP = 5;
    private static final int REQUEST_VERSION = 6;
    private static final int LINE_LF = 7;
    private static final int RESPONSE_VERSION = 8;
    private static final int RESPONSE_VERSION_SP = 9;
    private static final int CODE = 10;
    private static final int CODE_SP = 11;
    private static final int REASON = 12;
    private static final int FIELD_FIRST = 13;
    private static final int NAME = 14;
    private static final int BEFORE_VALUE = 15;
    private static final int EMPTY_LF = 16;
    private static final int EMPTY_NEXT = 17;
    private static final int VALUE = 18;
    private static final int VALUE_LF = 19;
    private static final int VALUE_NEXT = 20;
    private static final int LAST_LF = 21;
    private static final int DONE = 22;
    private static final int INVALID = -1;

    private final HeadLimits limits;
    private final Framing framing = new Framing();
    private boolean request;
    private boolean lenient;
    private boolean trailers;
    private final HttpMessage message = HttpMessage.parsed();
    /** Of four parsers that a stream has, three have nothing to read most of the time. */
    private byte[] head = NOTHING;
    private int length;
    private int position;
    private int state;
    private int skipped;
    private int fields;
    private int tokenStart;
    private int versionStart;
    private int versionEnd;
    private int code;
    private int colon;
    private int valueStart;
    private int valueEnd;
    private int errorStatus;

    HeadLimits limits() {
        return limits;
    }

    public HeadParser(final HeadLimits limits) {
        this.limits = limits;
    }

    /** @param lenientReading of {@code option accept-invalid-http-request} and {@code -response} */
    public void start(final boolean ofRequest, final boolean lenientReading) {
        request = ofRequest;
        lenient = lenientReading;
        trailers = false;
        begin(BEFORE);
    }

    /** For the fields after the last chunk. */
    public void startTrailers(final boolean lenientReading) {
        request = true;
        lenient = lenientReading;
        trailers = true;
        begin(FIELD_FIRST);
    }

    private void begin(final int first) {
        message.clear(request);
        if (head.length > KEPT_BYTES) {
            head = NOTHING;
        }
        framing.clear();
        length = 0;
        position = 0;
        skipped = 0;
        fields = 0;
        code = 0;
        versionStart = 0;
        versionEnd = 0;
        tokenStart = 0;
        errorStatus = 0;
        state = first;
    }

    /** What was read; complete after {@link Progress#DONE}, and valid until the next start: who needs it longer has a copy. */
    public HttpMessage message() {
        return message;
    }

    public Framing framing() {
        return framing;
    }

    /** Whether a byte of the message came, empty lines before it not counted. */
    public boolean started() {
        return state != BEFORE && state != BEFORE_CR;
    }

    /** The status that a request which is refused gets: 400, 413 or 422. */
    public int errorStatus() {
        return errorStatus;
    }

    /** The bytes read so far, for {@code show errors}. */
    public byte[] bytesRead() {
        return Arrays.copyOf(head, length);
    }

    /** Offset of the byte that was refused. */
    public int errorPosition() {
        return position;
    }

    /** Of a head that is complete, as it came. */
    public int lengthBytes() {
        return position;
    }

    /** Takes the head's bytes out of {@code in}; what follows it stays there. */
    public Progress feed(final ByteBuf in) {
        while (true) {
            final int take = Math.min(Math.min(in.readableBytes(), STEP_BYTES),
                    limits.headBytes() + skipped - length);
            reserve(take);
            in.getBytes(in.readerIndex(), head, length, take);
            final int before = length;
            length += take;
            parse();
            if (state == DONE) {
                in.skipBytes(position - before);
                return finish();
            }
            if (state == INVALID) {
                refuse(BAD_REQUEST);
                return Progress.INVALID;
            }
            in.skipBytes(take);
            if (length - skipped >= limits.headBytes()) {
                refuse(BAD_REQUEST);
                return Progress.INVALID;
            }
            if (!in.isReadable()) {
                return Progress.MORE;
            }
        }
    }

    private void reserve(final int more) {
        if (length + more > head.length) {
            head = Arrays.copyOf(head, Math.max(Math.max(INITIAL_BYTES, 2 * head.length), length + more));
        }
    }

    private void refuse(final int withStatus) {
        state = INVALID;
        errorStatus = withStatus;
    }

    private Progress finish() {
        message.bytes(head, position);
        if (trailers) {
            return Progress.DONE;
        }
        final int refused = request
                ? RequestCheck.check(message, framing, this, lenient)
                : ResponseCheck.check(message, framing, this, lenient);
        if (refused != 0) {
            refuse(refused);
            return Progress.INVALID;
        }
        return Progress.DONE;
    }

    /** Length of the version's word; 0 for HTTP/0.9. */
    int versionLength() {
        return versionEnd - versionStart;
    }

    byte versionByte(final int index) {
        return head[versionStart + index];
    }

    private void parse() {
        int at = position;
        int now = state;
        while (at < length && now != DONE && now != INVALID) {
            final byte c = head[at];
            switch (now) {
                case BEFORE -> {
                    if (Characters.isToken(c)) {
                        skipped = at;
                        tokenStart = at;
                        versionStart = at;
                        versionEnd = at;
                        now = request ? METHOD : RESPONSE_VERSION;
                        continue;
                    }
                    now = c == '\r' ? BEFORE_CR : c == '\n' ? BEFORE : INVALID;
                }
                case BEFORE_CR -> now = c == '\n' ? BEFORE : INVALID;
                case METHOD, METHOD_SP, URI, URI_SP, REQUEST_VERSION -> now = requestLine(now, c, at);
                case RESPONSE_VERSION, RESPONSE_VERSION_SP, CODE, CODE_SP, REASON -> now = statusLine(now, c, at);
                case LINE_LF -> now = c != '\n' ? INVALID : request && versionEnd == versionStart ? DONE : FIELD_FIRST;
                case FIELD_FIRST -> {
                    tokenStart = at;
                    now = c == '\r' ? LAST_LF : c == '\n' ? DONE : NAME;
                    if (now == NAME) {
                        continue;
                    }
                }
                case NAME -> {
                    at = skipName(at);
                    if (at == length) {
                        break;
                    }
                    now = afterName(at);
                }
                case BEFORE_VALUE -> {
                    if (!Characters.isBlank(c)) {
                        valueStart = at;
                        valueEnd = at;
                        now = c == '\r' ? EMPTY_LF : c == '\n' ? EMPTY_NEXT : VALUE;
                        if (now == VALUE) {
                            continue;
                        }
                    }
                }
                case EMPTY_LF -> now = c == '\n' ? EMPTY_NEXT : INVALID;
                case EMPTY_NEXT -> {
                    if (Characters.isBlank(c)) {
                        Arrays.fill(head, valueStart, at, (byte) ' ');
                        now = BEFORE_VALUE;
                    } else {
                        now = field() ? FIELD_FIRST : INVALID;
                    }
                    continue;
                }
                case VALUE -> {
                    at = skipValue(at);
                    if (at == length) {
                        break;
                    }
                    valueEnd = at;
                    now = head[at] == '\r' ? VALUE_LF : head[at] == '\n' ? VALUE_NEXT : INVALID;
                }
                case VALUE_LF -> now = c == '\n' ? VALUE_NEXT : INVALID;
                case VALUE_NEXT -> {
                    if (Characters.isBlank(c)) {
                        // RFC 9112 section 5.2: obs-fold is replaced with spaces.
                        Arrays.fill(head, valueEnd, at, (byte) ' ');
                        now = VALUE;
                    } else {
                        now = field() ? FIELD_FIRST : INVALID;
                    }
                    continue;
                }
                case LAST_LF -> now = c == '\n' ? DONE : INVALID;
                default -> throw new IllegalStateException("state " + now);
            }
            if (now != INVALID && at < length) {
                at++;
            }
        }
        position = at;
        state = now;
    }

    private int requestLine(final int now, final byte c, final int at) {
        switch (now) {
            case METHOD :
                if (Characters.isToken(c)) {
                    return METHOD;
                }
                message.methodAt(tokenStart, at);
                if (Characters.isBlank(c)) {
                    return METHOD_SP;
                }
                return lineEnd(c);
            case METHOD_SP :
                if (Characters.isBlank(c)) {
                    return METHOD_SP;
                }
                tokenStart = at;
                if (Characters.isLineEnd(c)) {
                    return lineEnd(c);
                }
                return inUri(c);
            case URI :
                if (Characters.isBlank(c) || Characters.isLineEnd(c)) {
                    message.uriAt(tokenStart, at);
                    return Characters.isBlank(c) ? URI_SP : lineEnd(c);
                }
                return inUri(c);
            case URI_SP :
                if (Characters.isBlank(c)) {
                    return URI_SP;
                }
                versionStart = at;
                versionEnd = at;
                break;
            default :
                break;
        }
        if (Characters.isVersion(c)) {
            versionEnd = at + 1;
            return REQUEST_VERSION;
        }
        return lineEnd(c);
    }

    private int inUri(final byte c) {
        return Characters.isUri(c) || c < 0 && lenient ? URI : INVALID;
    }

    private int lineEnd(final byte c) {
        if (c == '\r') {
            return LINE_LF;
        }
        if (c != '\n') {
            return INVALID;
        }
        return request && versionEnd == versionStart ? DONE : FIELD_FIRST;
    }

    private int statusLine(final int now, final byte c, final int at) {
        switch (now) {
            case RESPONSE_VERSION :
                if (Characters.isVersion(c)) {
                    return RESPONSE_VERSION;
                }
                versionEnd = at;
                return Characters.isBlank(c) ? RESPONSE_VERSION_SP : INVALID;
            case RESPONSE_VERSION_SP :
                if (Characters.isBlank(c)) {
                    return RESPONSE_VERSION_SP;
                }
                return digit(c);
            case CODE :
                if (Characters.isBlank(c)) {
                    tokenStart = at + 1;
                    return CODE_SP;
                }
                if (Characters.isLineEnd(c)) {
                    message.statusAt(code, at, at);
                    return lineEnd(c);
                }
                return digit(c);
            case CODE_SP :
                if (Characters.isBlank(c)) {
                    return CODE_SP;
                }
                tokenStart = at;
                break;
            default :
                break;
        }
        if (Characters.isLineEnd(c)) {
            message.statusAt(code, tokenStart, at);
            return lineEnd(c);
        }
        return REASON;
    }

    private int digit(final byte c) {
        if (c < '0' || c > '9' || code > 99) {
            return INVALID;
        }
        code = code * 10 + c - '0';
        return CODE;
    }

    private int skipName(final int from) {
        int at = from;
        while (at < length && Characters.isToken(head[at])) {
            head[at] = Characters.lower(head[at]);
            at++;
        }
        return at;
    }

    private int afterName(final int at) {
        if (head[at] == ':') {
            colon = at;
            // A field without a name would be lost on the way to a server that reads it otherwise.
            return at == tokenStart ? INVALID : BEFORE_VALUE;
        }
        return lenient && !Characters.isLineEnd(head[at]) && head[at] != 0 ? NAME : INVALID;
    }

    private int skipValue(final int from) {
        int at = from;
        while (at < length && (head[at] > '\r' || head[at] != '\r' && head[at] != '\n' && (head[at] != 0 || lenient))) {
            at++;
        }
        return at;
    }

    private boolean field() {
        if (++fields >= limits.fields()) {
            return false;
        }
        int from = valueStart;
        int to = valueEnd;
        while (from < to && isSpace(head[from])) {
            from++;
        }
        while (to > from && isSpace(head[to - 1])) {
            to--;
        }
        if (trailers) {
            if (!Framing.isFraming(head, tokenStart, colon)) {
                message.addField(tokenStart, colon, from, to);
            }
            return true;
        }
        return framing.field(message, head, tokenStart, colon, from, to, request, lenient);
    }

    private static boolean isSpace(final byte c) {
        return Characters.isBlank(c) || Characters.isLineEnd(c);
    }
}
