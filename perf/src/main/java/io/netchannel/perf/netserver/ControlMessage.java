package io.netchannel.perf.netserver;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A message of netperf's control connection, either way: always {@value #BYTES} bytes (netlib.h,
 * {@code netperf_request_struct}).
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------------------------------+
 *   |                       type of the message                     |
 *   +---------------------------------------------------------------+
 *   |     request: CPU to run on, or -1     |   response: errno     |
 *   +---------------------------------------------------------------+
 *   |            162 words, by type; numbers first, then text       |
 *   +---------------------------------------------------------------+
 * </pre>
 * Numbers are big-endian, single floats too. A double is the C struct's two words of its big-endian bytes, each swapped
 * once more by an x86 host, as {@code htond()} and {@code htonl()} do together.
 *
 * <p>Threading: confined to its session.
 */
final class ControlMessage {

    static final int BYTES = 656;
    static final int ERRNO_NONE = 0;

    private static final int DATA_OFFSET = 2 * Integer.BYTES;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes = new byte[BYTES];

    byte[] bytes() {
        return bytes;
    }

    int type() {
        return (int) INT.get(bytes, 0);
    }

    /** Makes it an answer: type and errno, all else zero. */
    ControlMessage reset(final int type, final int errno) {
        Arrays.fill(bytes, (byte) 0);
        INT.set(bytes, 0, type);
        INT.set(bytes, Integer.BYTES, errno);
        return this;
    }

    int errno() {
        return (int) INT.get(bytes, Integer.BYTES);
    }

    /** @param word of the data, from 0 */
    int word(final int word) {
        return (int) INT.get(bytes, DATA_OFFSET + word * Integer.BYTES);
    }

    ControlMessage word(final int word, final int value) {
        INT.set(bytes, DATA_OFFSET + word * Integer.BYTES, value);
        return this;
    }

    float real(final int word) {
        return Float.intBitsToFloat(word(word));
    }

    ControlMessage real(final int word, final double value) {
        return word(word, Float.floatToRawIntBits((float) value));
    }

    /** Two words; see above. */
    ControlMessage doubleReal(final int word, final double value) {
        final long bits = Double.doubleToRawLongBits(value);
        return word(word, Integer.reverseBytes((int) (bits >>> Integer.SIZE)))
                .word(word + 1, Integer.reverseBytes((int) bits));
    }

    double doubleReal(final int word) {
        return Double.longBitsToDouble((long) Integer.reverseBytes(word(word)) << Integer.SIZE
                | Integer.toUnsignedLong(Integer.reverseBytes(word(word + 1))));
    }

    /** Text behind the numbers, up to a zero or the field's end. */
    String text(final int word, final int lengthBytes) {
        final int start = DATA_OFFSET + word * Integer.BYTES;
        int end = start;
        while (end < start + lengthBytes && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** @param offsetBytes from the word, as text fields need not begin at one */
    ControlMessage text(final int word, final int offsetBytes, final int lengthBytes, final String value) {
        final byte[] text = value.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(text, 0, bytes, DATA_OFFSET + word * Integer.BYTES + offsetBytes,
                Math.min(text.length, lengthBytes - 1));
        return this;
    }
}
