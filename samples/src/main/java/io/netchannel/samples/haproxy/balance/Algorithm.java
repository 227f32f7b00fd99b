package io.netchannel.samples.haproxy.balance;

/**
 * {@code balance …}, with {@code hash-type}.
 *
 * @param argument name of a parameter, field or cookie; text of the expression of {@code hash}
 * @param draws of {@code random}
 * @param lengthLimit {@code len} of {@code uri}, 0 for none
 * @param depth of {@code uri}, 0 for none
 * @param whole {@code uri} with the query
 * @param pathOnly {@code uri} without scheme and authority
 * @param domainOnly {@code use_domain_only} of {@code hdr}
 * @param checkPost {@code url_param} looks into a body too
 */
public record Algorithm(Kind kind, String argument, int draws, int lengthLimit, int depth, boolean whole,
        boolean pathOnly, boolean domainOnly, boolean checkPost) {

    /** By what is chosen. */
    public enum Kind {

        ROUND_ROBIN("roundrobin", false), STATIC_ROUND_ROBIN("static-rr", false), LEAST_CONNECTIONS("leastconn",
                false), FIRST("first", false), RANDOM("random", false), SOURCE("source", true), URI("uri",
                        true), URL_PARAMETER("url_param",
                                true), FIELD("hdr", true), RDP_COOKIE("rdp-cookie", true), EXPRESSION("hash", true);

        private final String text;
        private final boolean hashed;

        Kind(final String text, final boolean hashed) {
            this.text = text;
            this.hashed = hashed;
        }

        /** As the configuration names it. */
        public String text() {
            return text;
        }

        /** Whether the same key goes to the same server. */
        public boolean isHashed() {
            return hashed;
        }
    }

    public static final Algorithm ROUND_ROBIN = of(Kind.ROUND_ROBIN);

    public static Algorithm of(final Kind kind) {
        return new Algorithm(kind, "", 2, 0, 0, false, false, false, false);
    }

    public static Algorithm of(final Kind kind, final String argument) {
        return new Algorithm(kind, argument, 2, 0, 0, false, false, false, false);
    }
}
