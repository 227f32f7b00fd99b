package io.netchannel.samples.memcached.protocol;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.samples.memcached.store.Decimal;
import java.nio.charset.StandardCharsets;

/**
 * The words of a line, by address. As many as the original takes; what follows them is the rest.
 *
 * <p>Threading: confined to its loop; valid as long as the line's memory.
 */
final class Tokens {

    /** Words that one line is cut into at once. */
    static final int MAX = 23;
    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;

    private final long[] addresses = new long[MAX];
    private final int[] lengths = new int[MAX];
    private int count;
    private long rest;
    private long end;

    /** Cuts a line at its spaces; a NUL ends it, as C has it. */
    void split(final long line, final long limit) {
        count = 0;
        long at = line;
        while (at < limit && count < MAX) {
            while (at < limit && MEMORY.getByte(at) == ' ') {
                at++;
            }
            final long first = at;
            while (at < limit && isWord(MEMORY.getByte(at))) {
                at++;
            }
            if (at > first) {
                addresses[count] = first;
                lengths[count] = (int) (at - first);
                count++;
            }
            if (at < limit && MEMORY.getByte(at) == 0) {
                end = at;
                rest = at;
                return;
            }
        }
        rest = at;
        end = limit;
    }

    private static boolean isWord(final byte character) {
        return character != ' ' && character != 0;
    }

    int count() {
        return count;
    }

    /** Where words may follow that were too many; {@link #end()} if none do. */
    long rest() {
        long at = rest;
        while (at < end && MEMORY.getByte(at) == ' ') {
            at++;
        }
        return at < end && MEMORY.getByte(at) != 0 ? at : end;
    }

    long end() {
        return end;
    }

    long address(final int index) {
        return addresses[index];
    }

    int length(final int index) {
        return lengths[index];
    }

    /** Shortens a word, whose bytes were replaced in place. */
    void length(final int index, final int bytes) {
        lengths[index] = bytes;
    }

    int character(final int index, final int position) {
        return MEMORY.getByte(addresses[index] + position) & 0xFF;
    }

    boolean is(final int index, final byte[] word) {
        if (lengths[index] != word.length) {
            return false;
        }
        return startsWith(index, word);
    }

    boolean startsWith(final int index, final byte[] word) {
        if (lengths[index] < word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (MEMORY.getByte(addresses[index] + i) != word[i]) {
                return false;
            }
        }
        return true;
    }

    /** Up to eight characters, the first one lowest; 0 for longer words. */
    long packed(final int index) {
        if (lengths[index] > Long.BYTES) {
            return 0;
        }
        long word = 0;
        for (int i = lengths[index] - 1; i >= 0; i--) {
            word = word << Byte.SIZE | MEMORY.getByte(addresses[index] + i) & 0xFF;
        }
        return word;
    }

    /** For switches over {@link #packed}. */
    static long pack(final String word) {
        long packed = 0;
        for (int i = word.length() - 1; i >= 0; i--) {
            packed = packed << Byte.SIZE | word.charAt(i);
        }
        return packed;
    }

    // -- numbers, from a position in the word on; as the original reads them, wrapping to 32 bits

    boolean isUnsigned(final int index, final int from) {
        return Decimal.parse(addresses[index] + from, lengths[index] - from);
    }

    boolean isSigned(final int index, final int from) {
        return Decimal.parseSigned(addresses[index] + from, lengths[index] - from);
    }

    long number(final int index, final int from) {
        return Decimal.parsed(addresses[index] + from, lengths[index] - from);
    }

    /** For what is not hot. */
    String text(final int index) {
        final byte[] bytes = new byte[lengths[index]];
        MEMORY.copyToArray(addresses[index], bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
