package io.netchannel.samples.haproxy.stats;

/**
 * One value as statistics give it out.
 *
 * @param tags letters of origin, nature and scope (management manual, 9.2 Typed output format)
 * @param number 0 of a text
 * @param text null of a number
 */
public record Metric(String tags, Kind kind, long number, String text) {

    private static final long UINT = 0xffff_ffffL;

    public enum Kind {
        U32, S32, U64, STR;

        String text() {
            return this == STR ? "str" : this == U32 ? "u32" : this == S32 ? "s32" : "u64";
        }
    }

    static Metric u32(final String tags, final long value) {
        return new Metric(tags, Kind.U32, value & UINT, null);
    }

    static Metric u64(final String tags, final long value) {
        return new Metric(tags, Kind.U64, value, null);
    }

    static Metric s32(final String tags, final long value) {
        return new Metric(tags, Kind.S32, value, null);
    }

    static Metric str(final String tags, final String value) {
        return new Metric(tags, Kind.STR, 0, value == null ? "" : value);
    }

    static Metric gauge(final long value) {
        return u32("MGP", value);
    }

    static Metric gauge64(final long value) {
        return u64("MGP", value);
    }

    static Metric max(final long value) {
        return u32("MMP", value);
    }

    static Metric counter(final long value) {
        return u64("MCP", value);
    }

    static Metric limit(final long value) {
        return u32("CLP", value);
    }

    static Metric rate(final long value) {
        return u32("MRP", value);
    }

    static Metric average(final long value) {
        return u32("MaP", value);
    }

    static Metric age(final long value) {
        return u32("MAP", value);
    }

    static Metric configured(final long value) {
        return u32("CGS", value);
    }

    static Metric configured(final String value) {
        return str("CGS", value);
    }

    static Metric named(final String value) {
        return str("CNS", value);
    }

    static Metric output(final String value) {
        return str("MOP", value);
    }

    /** As CSV and typed lines have it, not quoted. */
    String raw() {
        return text == null ? Long.toUnsignedString(number) : text;
    }

    /** Signed where the kind is. */
    String plain() {
        return kind == Kind.S32 ? Long.toString(number) : raw();
    }
}
