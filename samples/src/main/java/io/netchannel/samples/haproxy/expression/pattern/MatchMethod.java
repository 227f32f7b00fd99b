package io.netchannel.samples.haproxy.expression.pattern;

import io.netchannel.samples.haproxy.expression.Type;

/** How a sample is compared with patterns: {@code -m NAME}, the name of a map's converter, or an ACL keyword's own. */
public enum MatchMethod {
    FOUND("found", Type.SINT), BOOL("bool", Type.SINT), INT("int", Type.SINT), IP("ip", Type.ADDR), BIN("bin",
            Type.BIN), LEN("len", Type.STR), STR("str", Type.STR), BEG("beg", Type.STR), SUB("sub", Type.STR), DIR(
                    "dir",
                    Type.STR), DOM("dom", Type.STR), END("end", Type.STR), REG("reg", Type.STR), REGM("regm", Type.STR),
    /** {@code major.minor} versions; has no name, only keywords. */
    VERSION(null, Type.SINT),
    /** HTTP methods; has no name, only keywords. */
    METHOD(null, Type.METH),
    /** Groups of users; has no name, only keywords. */
    GROUP(null, Type.STR);

    private final String label;
    private final Type expected;

    MatchMethod(final String label, final Type expected) {
        this.label = label;
        this.expected = expected;
    }

    public String label() {
        return label;
    }

    /** What a sample is cast to before it is compared. */
    public Type expected() {
        return expected;
    }

    /** @return null if there is none of that name */
    public static MatchMethod named(final String name) {
        for (final MatchMethod method : values()) {
            if (name.equals(method.label)) {
                return method;
            }
        }
        return null;
    }

    /** What samples of that type are compared with when nobody says how; null if that must be said. */
    public static MatchMethod of(final Type type) {
        return switch (type) {
            case BOOL -> BOOL;
            case SINT -> INT;
            case ADDR, IPV4, IPV6 -> IP;
            case STR -> STR;
            default -> null;
        };
    }
}
