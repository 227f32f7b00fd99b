package io.netchannel.cpu.litmus.parse;

/** A C type that a test declares a register or a location with. */
record TypeName(int sizeBytes, boolean signed) {

    /** herd shows what has no type as an int; it keeps all bits all the same. */
    static final TypeName DEFAULT = new TypeName(4, true);

    /** @return null if the word is no type */
    static TypeName of(final String word) {
        return switch (word) {
            case "int8_t", "char" -> new TypeName(1, true);
            case "uint8_t" -> new TypeName(1, false);
            case "int16_t" -> new TypeName(2, true);
            case "uint16_t" -> new TypeName(2, false);
            case "int", "int32_t" -> new TypeName(4, true);
            case "uint32_t" -> new TypeName(4, false);
            case "int64_t", "long", "intptr_t" -> new TypeName(8, true);
            case "uint64_t", "uintptr_t" -> new TypeName(8, false);
            default -> null;
        };
    }
}
