package io.netchannel.samples.haproxy.http;

import java.util.List;

/**
 * Which messages are compressed, and how that changes their heads (configuration manual, "compression").
 *
 * <p>Threading: any; it has no state.
 */
public final class CompressionRules {

    private static final String ACCEPT_ENCODING = "accept-encoding";
    private static final String CONTENT_LENGTH = "content-length";
    private static final String TRANSFER_ENCODING = "transfer-encoding";
    private static final int FULL_QUALITY = 1000;

    private CompressionRules() {
    }

    /** @return the best of {@code algorithms} that the client takes; {@code IDENTITY} if it is there and no other fits; or null */
    public static Compression ofRequest(final HttpMessage request, final List<Compression> algorithms) {
        if (isBrokenAgent(request.first("user-agent"))) {
            return null;
        }
        Compression best = null;
        int bestQuality = 0;
        for (int i = request.find(ACCEPT_ENCODING, 0); i >= 0; i = request.find(ACCEPT_ENCODING, i + 1)) {
            for (final String part : request.value(i).split(",")) {
                final String coding = part.strip();
                final int quality = quality(coding);
                final Compression named = quality > bestQuality ? named(coding, algorithms) : null;
                if (named != null) {
                    best = named;
                    bestQuality = quality;
                }
            }
        }
        return best == null && algorithms.contains(Compression.IDENTITY) ? Compression.IDENTITY : best;
    }

    /** Among equals the one that was configured last is taken, as haproxy does. */
    private static Compression named(final String coding, final List<Compression> algorithms) {
        int end = 0;
        while (end < coding.length() && Characters.isToken((byte) coding.charAt(end))) {
            end++;
        }
        for (int i = algorithms.size() - 1; i >= 0; i--) {
            if (coding.startsWith("*") || coding.substring(0, end).equalsIgnoreCase(algorithms.get(i).coding())) {
                return algorithms.get(i);
            }
        }
        return null;
    }

    /** The weight of RFC 9110 section 12.4.2, in thousandths. */
    private static int quality(final String coding) {
        for (int at = coding.indexOf(';'); at >= 0; at = coding.indexOf(';', at + 1)) {
            final String parameter = coding.substring(at + 1).stripLeading();
            if (parameter.startsWith("q=")) {
                return thousandths(parameter.substring(2));
            }
        }
        return FULL_QUALITY;
    }

    private static int thousandths(final String text) {
        if (text.isEmpty() || !isDigit(text.charAt(0))) {
            return FULL_QUALITY;
        }
        int quality = (text.charAt(0) - '0') * FULL_QUALITY;
        if (text.length() > 1 && text.charAt(1) == '.') {
            int unit = FULL_QUALITY / 10;
            for (int i = 2; i < text.length() && unit > 0 && isDigit(text.charAt(i)); i++) {
                quality += (text.charAt(i) - '0') * unit;
                unit /= 10;
            }
        }
        return Math.min(FULL_QUALITY, quality);
    }

    private static boolean isDigit(final char c) {
        return c >= '0' && c <= '9';
    }

    /** Browsers that call themselves Mozilla/4 can't, unless they are Internet Explorer 6 with SV1 or a later one. */
    private static boolean isBrokenAgent(final String agent) {
        if (agent == null || !agent.startsWith("Mozilla/4")) {
            return false;
        }
        if (agent.length() < 31 || !agent.startsWith("MSIE ", 25) || agent.charAt(30) < '6') {
            return true;
        }
        return agent.charAt(30) == '6' && !agent.startsWith("SV1", 51);
    }

    /** {@code compression offload}: the server is not to know that the client takes compressed bodies. */
    public static void hide(final HttpMessage request) {
        request.removeAll(ACCEPT_ENCODING);
    }

    /**
     * Whether the body may be compressed; the caller has looked whether there is one, of a known end.
     *
     * @param types what content types begin with; empty: any, or none at all
     */
    public static boolean allow(final HttpMessage request, final HttpMessage response, final List<String> types) {
        final int status = response.status();
        if (request.minorVersion() == 0 || response.minorVersion() == 0 || request.isMethod("HEAD")
                || status < 200 || status > 203) {
            return false;
        }
        return response.find("content-encoding", 0) < 0 && !forbidsChange(response) && hasUsableEtag(response)
                && isOfType(response.first("content-type"), types);
    }

    /** {@code Cache-Control: no-transform}, RFC 9111 section 5.2.2.6. */
    private static boolean forbidsChange(final HttpMessage response) {
        for (int i = response.find("cache-control", 0); i >= 0; i = response.find("cache-control", i + 1)) {
            for (final String directive : response.value(i).split(",")) {
                if ("no-transform".equalsIgnoreCase(directive.strip())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** One that can be made weak, or none. */
    private static boolean hasUsableEtag(final HttpMessage response) {
        final int index = response.find("etag", 0);
        if (index < 0) {
            return true;
        }
        final String etag = response.value(index);
        return etag.length() >= 2 && etag.endsWith("\"") && (etag.startsWith("\"") || etag.startsWith("W/\""))
                && response.find("etag", index + 1) < 0;
    }

    private static boolean isOfType(final String contentType, final List<String> types) {
        if (contentType == null) {
            return types.isEmpty();
        }
        return !startsWith(contentType, "multipart")
                && (types.isEmpty() || types.stream().anyMatch(type -> startsWith(contentType, type)));
    }

    private static boolean startsWith(final String text, final String beginning) {
        return text.regionMatches(true, 0, beginning, 0, beginning.length());
    }

    /** The response's head is made that of a compressed one, in chunks. */
    public static void mark(final HttpMessage response, final Compression algorithm) {
        if (algorithm != Compression.IDENTITY) {
            response.add("content-encoding", algorithm.coding());
        }
        response.removeAll(CONTENT_LENGTH);
        if (response.find(TRANSFER_ENCODING, 0) < 0) {
            response.add(TRANSFER_ENCODING, "chunked");
        }
        final int etag = response.find("etag", 0);
        if (etag >= 0 && response.value(etag).startsWith("\"")) {
            // RFC 9110 section 8.8.1: other bytes, so it is the same only in meaning.
            response.value(etag, "W/" + response.value(etag));
        }
        response.add("vary", "Accept-Encoding");
    }
}
