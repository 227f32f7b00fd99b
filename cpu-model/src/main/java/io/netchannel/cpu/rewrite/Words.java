package io.netchannel.cpu.rewrite;

/** Java's values as the words of a modelled memory, which are zero-extended. */
final class Words {

    private Words() {
    }

    /** Of a reference: that of its handle. */
    static int sizeBytes(final Class<?> type) {
        if (type == boolean.class || type == byte.class) {
            return Byte.BYTES;
        }
        if (type == short.class || type == char.class) {
            return Short.BYTES;
        }
        return type == int.class || type == float.class ? Integer.BYTES : Long.BYTES;
    }

    static Object value(final Class<?> type, final long bits) {
        if (type == long.class) {
            return bits;
        }
        if (type == int.class) {
            return (int) bits;
        }
        if (type == boolean.class) {
            return bits != 0;
        }
        if (type == byte.class) {
            return (byte) bits;
        }
        if (type == short.class) {
            return (short) bits;
        }
        if (type == char.class) {
            return (char) bits;
        }
        return type == float.class ? Float.intBitsToFloat((int) bits) : (Object) Double.longBitsToDouble(bits);
    }

    /** The inverse of {@link #value}, but for the sign, which the size cuts off. */
    static long bits(final Object value) {
        return switch (value) {
            case final Long number -> number;
            case final Integer number -> number;
            case final Short number -> number;
            case final Byte number -> number;
            case final Boolean truth -> truth ? 1 : 0;
            case final Character character -> character;
            case final Float number -> Float.floatToRawIntBits(number);
            case final Double number -> Double.doubleToRawLongBits(number);
            default -> throw new IllegalArgumentException(value + " is not of a primitive type");
        };
    }
}
