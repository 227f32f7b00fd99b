package io.netchannel.cpu.rewrite;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a method name of Unsafe says: {@code putLongRelease} is {@code setRelease} of a long.
 *
 * @param mode the method of VarHandle that does the same
 */
record UnsafeName(String mode, Class<?> type) {

    private static final Map<String, Class<?>> TYPES = Map.of("Byte", byte.class, "Short", short.class, "Char",
            char.class,
            "Int", int.class, "Long", long.class, "Boolean", boolean.class, "Reference", Object.class, "Object",
            Object.class);
    private static final Pattern NAME = Pattern.compile("(get|put|compareAndSet|compareAndExchange|weakCompareAndSet"
            + "|getAndAdd|getAndSet|getAndBitwise(?:Or|And|Xor))"
            + "(Byte|Short|Char|Int|Long|Boolean|Reference|Object)(|Plain|Volatile|Opaque|Acquire|Release)");

    /** Null if it is no access to a word. */
    static UnsafeName parse(final String method) {
        // What putOrdered was called before releases had a name.
        final Matcher name = NAME.matcher(method.replaceFirst("^putOrdered(.*)$", "put$1Release"));
        if (!name.matches()) {
            return null;
        }
        final String verb = name.group(1).equals("put") ? "set" : name.group(1);
        return new UnsafeName(verb + name.group(3), TYPES.get(name.group(2)));
    }
}
