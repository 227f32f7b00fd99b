package io.netchannel.channels.flow;

import static io.netchannel.channels.flow.HeaderLayout.*;

import io.netchannel.cpu.OrderedMemory;

/**
 * Walks over IPv6 extension headers (RFC 8200, 4) to the transport header.
 *
 * <p>What a node would have to answer, such as options that it doesn't know but must not skip, is left to a stack.
 *
 * <p>Threading: one thread.
 */
final class Ipv6Extensions {

    /** At the transport header, or at a fragment header. */
    static final int DONE = 0;
    /** A stack must look at it. */
    static final int ANSWER = 1;
    /** A header ends behind the limit: at {@link #missingEnd}. */
    static final int TRUNCATED = 2;
    static final int BAD = 3;

    /** RFC 8200 recommends each once and destination options twice; RFC 9673 and others let receivers set a limit. */
    static final int MAX_HEADERS = 6;

    private final OrderedMemory memory;
    private int protocol;
    private int offset;
    private int missingEnd;

    Ipv6Extensions(final OrderedMemory memory) {
        this.memory = memory;
    }

    /**
     * @param base address of the frame
     * @param start offset of the first header behind the IPv6 header
     * @param limit offset up to which bytes may be read
     * @param firstProtocol next header of the IPv6 header
     */
    int skip(final long base, final int start, final int limit, final int firstProtocol) {
        protocol = firstProtocol;
        offset = start;
        if (!isExtension(firstProtocol)) {
            return DONE;
        }
        for (int headers = 0; isExtension(protocol); headers++) {
            if (headers == MAX_HEADERS) {
                return BAD;
            }
            if (protocol == PROTOCOL_HOP_BY_HOP && headers > 0) {
                // RFC 8200, 4: anywhere but behind the IPv6 header it is not known.
                return ANSWER;
            }
            final int result = skipOne(base, limit);
            if (result != DONE) {
                return result;
            }
        }
        return DONE;
    }

    private static boolean isExtension(final int protocol) {
        return protocol == PROTOCOL_HOP_BY_HOP || protocol == PROTOCOL_ROUTING
                || protocol == PROTOCOL_DESTINATION_OPTIONS;
    }

    private int skipOne(final long base, final int limit) {
        missingEnd = offset + EXTENSION_UNIT_BYTES;
        if (missingEnd > limit) {
            return TRUNCATED;
        }
        final long at = base + offset;
        final int next = memory.getByte(at) & 0xFF;
        final int lengthBytes = ((memory.getByte(at + EXTENSION_LENGTH_OFFSET) & 0xFF) + 1) * EXTENSION_UNIT_BYTES;
        missingEnd = offset + lengthBytes;
        if (missingEnd > limit) {
            return TRUNCATED;
        }
        final int result = protocol == PROTOCOL_ROUTING
                // RFC 8200, 4.4: with no segments left it is skipped whatever its type.
                ? memory.getByte(at + ROUTING_SEGMENTS_LEFT_OFFSET) == 0 ? DONE : ANSWER
                : checkOptions(at + EXTENSION_OPTIONS_OFFSET, lengthBytes - EXTENSION_OPTIONS_OFFSET);
        if (result == DONE) {
            protocol = next;
            offset += lengthBytes;
        }
        return result;
    }

    // RFC 8200, 4.2: type, length, data; Pad1 has neither of the latter.
    private int checkOptions(final long start, final int lengthBytes) {
        int at = 0;
        while (at < lengthBytes) {
            final int type = memory.getByte(start + at) & 0xFF;
            if (type == OPTION_PAD1) {
                at++;
                continue;
            }
            if (at + 2 > lengthBytes) {
                return BAD;
            }
            at += 2 + (memory.getByte(start + at + 1) & 0xFF);
            if (at > lengthBytes) {
                return BAD;
            }
            if ((type & OPTION_ACTION_MASK) != 0) {
                return ANSWER;
            }
        }
        return DONE;
    }

    /** The header at {@link #offset}. */
    int protocol() {
        return protocol;
    }

    int offset() {
        return offset;
    }

    int missingEnd() {
        return missingEnd;
    }
}
