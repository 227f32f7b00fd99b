package io.netchannel.samples.haproxy.load;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.samples.load.LoadFailure;
import java.nio.charset.StandardCharsets;

/**
 * Responses of one connection, one after the other, cut anywhere: the status and the length of each must be right.
 *
 * <p>Threading: the connection's.
 */
final class ResponseReader {

    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;
    private static final int MAX_HEAD_BYTES = 4096;
    private static final int MAX_SHOWN_BYTES = 200;
    private static final byte[] OK = ascii("HTTP/1.1 200 ");
    private static final byte[] LENGTH = ascii("\r\ncontent-length:");
    private static final int HEAD_END = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

    private final int bodyBytes;
    private final byte[] head = new byte[MAX_HEAD_BYTES];
    private int headBytes;
    /** The last four bytes of the head. */
    private int last;
    private int bodyLeft;
    private boolean inBody;

    ResponseReader(final int bodyBytes) {
        this.bodyBytes = bodyBytes;
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads on to the end of the present response, if it is there: {@link #isAtEnd}.
     *
     * @return bytes read
     * @throws LoadFailure if it isn't what it should be
     */
    int read(final long address, final int length) {
        int done = inBody ? 0 : head(address, length);
        if (inBody) {
            final int part = Math.min(bodyLeft, length - done);
            bodyLeft -= part;
            done += part;
        }
        return done;
    }

    /** Whether all of a response has come; the next one begins with the next byte. */
    boolean isAtEnd() {
        if (!inBody || bodyLeft > 0) {
            return false;
        }
        inBody = false;
        return true;
    }

    private int head(final long address, final int length) {
        int i = 0;
        while (i < length && !inBody) {
            if (headBytes == MAX_HEAD_BYTES) {
                throw unexpected("a head of more than " + MAX_HEAD_BYTES + " bytes");
            }
            final byte next = MEMORY.getByte(address + i);
            i++;
            head[headBytes] = next;
            headBytes++;
            last = last << Byte.SIZE | next & 0xFF;
            if (last == HEAD_END) {
                check();
                inBody = true;
                bodyLeft = bodyBytes;
                headBytes = 0;
                last = 0;
            }
        }
        return i;
    }

    private void check() {
        if (!isAt(0, OK)) {
            throw unexpected("not 200");
        }
        for (int i = 0; i < headBytes - LENGTH.length; i++) {
            if (head[i] == '\r' && isAt(i, LENGTH)) {
                if (number(i + LENGTH.length) == bodyBytes) {
                    return;
                }
                break;
            }
        }
        throw unexpected("not of " + bodyBytes + " bytes");
    }

    /** Letters in lower case. */
    private boolean isAt(final int offset, final byte[] word) {
        for (int i = 0; i < word.length; i++) {
            final byte is = head[offset + i];
            if (is != word[i] && (is < 'A' || is > 'Z' || is + 'a' - 'A' != word[i])) {
                return false;
            }
        }
        return true;
    }

    private long number(final int offset) {
        int at = offset;
        while (head[at] == ' ') {
            at++;
        }
        long number = 0;
        for (; head[at] >= '0' && head[at] <= '9' && number <= LoadProfile.MAX_BODY_BYTES; at++) {
            number = number * 10 + head[at] - '0';
        }
        return head[at] == '\r' ? number : -1;
    }

    private LoadFailure unexpected(final String what) {
        return new LoadFailure("a response is " + what + ": " + new String(head, 0, Math.min(headBytes,
                MAX_SHOWN_BYTES), StandardCharsets.ISO_8859_1).strip().replace("\r\n", " | "));
    }
}
