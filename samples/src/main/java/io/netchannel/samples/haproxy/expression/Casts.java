package io.netchannel.samples.haproxy.expression;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Which type becomes which, and how (configuration manual, 7.1 and 7.2). */
public final class Casts {

    private static final Value.Bool TRUE = new Value.Bool(true);
    private static final Value.Bool FALSE = new Value.Bool(false);

    // One row for each type that is, one column for each that is wanted, in Type's order; a dot where there is no way.
    private static final String[] MATRIX = {"xxxxxxxxx", "xxx...xx.", "xxxxxxxx.", "x........", "x.xxxxxx.",
        "x..xxxxx.",
        "xxxxxxxxx", "x.....xxx", "x.....xxx"};

    private Casts() {
    }

    public static boolean possible(final Type from, final Type to) {
        return MATRIX[from.ordinal()].charAt(to.ordinal()) == 'x';
    }

    public static Value.Bool bool(final boolean value) {
        return value ? TRUE : FALSE;
    }

    public static Type typeOf(final Value value) {
        return switch (value) {
            case Value.Bool _ -> Type.BOOL;
            case Value.Int _ -> Type.SINT;
            case Value.Ip(InetAddress ip) -> ip instanceof Inet4Address ? Type.IPV4 : Type.IPV6;
            case Value.Str _ -> Type.STR;
            case Value.Bin _ -> Type.BIN;
            case Value.Method _ -> Type.METH;
        };
    }

    /** @return null if the value is absent, or of a type or content that can't become {@code to} */
    public static Value cast(final Value value, final Type to) {
        if (value == null) {
            return null;
        }
        final Type from = typeOf(value);
        if (from == to || to == Type.ANY) {
            return value;
        }
        if (!possible(from, to)) {
            return null;
        }
        return switch (value) {
            case Value.Bool(boolean b) -> ofInt(b ? 1 : 0, to);
            case Value.Int(long number) -> ofInt(number, to);
            case Value.Ip(InetAddress ip) -> ofIp(value, ip, to);
            case Value.Str(String text) -> ofText(value, text, to);
            case Value.Method(String name) -> to == Type.STR ? new Value.Str(name) : new Value.Bin(bytes(name));
            case Value.Bin(byte[] bytes) -> ofBytes(bytes, to);
        };
    }

    private static Value ofInt(final long number, final Type to) {
        return switch (to) {
            case BOOL -> bool(number != 0);
            case SINT -> new Value.Int(number);
            case ADDR, IPV4 -> new Value.Ip(Addresses.ofInt((int) number));
            case IPV6 -> new Value.Ip(Addresses.toV6(Addresses.ofInt((int) number)));
            case STR -> new Value.Str(Long.toString(number));
            case BIN -> new Value.Bin(ByteBuffer.allocate(8).putLong(number).array());
            default -> null;
        };
    }

    private static Value ofIp(final Value value, final InetAddress ip, final Type to) {
        return switch (to) {
            case ADDR -> value;
            case SINT -> new Value.Int(Addresses.toInt(ip) & 0xffffffffL);
            case IPV4 -> {
                final InetAddress v4 = Addresses.mappedV4(ip);
                yield v4 == null ? null : new Value.Ip(v4);
            }
            case IPV6 -> new Value.Ip(Addresses.toV6(ip));
            case STR -> new Value.Str(Addresses.text(ip));
            case BIN -> new Value.Bin(ip.getAddress());
            default -> null;
        };
    }

    private static Value ofText(final Value value, final String text, final Type to) {
        return switch (to) {
            case BOOL -> text.isEmpty() ? null : bool(Numbers.leading(text) != 0);
            case SINT -> text.isEmpty() ? null : new Value.Int(Numbers.leading(text));
            case ADDR -> ip(Addresses.any(text));
            case IPV4 -> ip(Addresses.leadingV4(text));
            case IPV6 -> ip(Addresses.v6(text));
            case STR -> value;
            case BIN -> new Value.Bin(bytes(text));
            case METH -> new Value.Method(text);
            default -> null;
        };
    }

    private static Value ofBytes(final byte[] bytes, final Type to) {
        if (to == Type.METH) {
            return new Value.Method(text(bytes));
        }
        // A string ends at its first NUL.
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new Value.Str(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
    }

    private static Value ip(final InetAddress address) {
        return address == null ? null : new Value.Ip(address);
    }

    /** @return null if the value can't become text */
    public static String string(final Value value) {
        return cast(value, Type.STR) instanceof Value.Str(String text) ? text : null;
    }

    /** @return null if the value can't become a number */
    public static Long number(final Value value) {
        return cast(value, Type.SINT) instanceof Value.Int(long number) ? number : null;
    }

    public static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static String text(final byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
