package io.netchannel.samples.haproxy.http;

import java.util.Locale;
import java.util.Set;

/** Whether a cache on the way may keep an answer with its cookie for others (configuration manual, option checkcache). */
public final class Cacheability {

    /** RFC 9110 section 9.2.1. */
    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    /** RFC 9110 section 15.1. */
    private static final Set<Integer> CACHEABLE_STATUSES = Set.of(200, 203, 204, 206, 300, 301, 404, 405, 410, 414,
            501);
    private static final Set<String> NOT_SHARED = Set.of("private", "no-cache", "no-store", "max-age=0", "s-maxage=0");

    private Cacheability() {
    }

    /** @param method as the request came */
    public static boolean leaksCookie(final String method, final HttpMessage response) {
        if (response.find("set-cookie", 0) < 0) {
            return false;
        }
        boolean cacheable = SAFE_METHODS.contains(method) && CACHEABLE_STATUSES.contains(response.status());
        final String pragma = response.first("pragma");
        if (pragma != null && pragma.strip().equalsIgnoreCase("no-cache")) {
            return false;
        }
        boolean withCookie = cacheable;
        for (int i = response.find("cache-control", 0); i >= 0; i = response.find("cache-control", i + 1)) {
            for (final String part : response.value(i).split(",")) {
                final String directive = part.strip().toLowerCase(Locale.ROOT);
                if (directive.equals("public")) {
                    cacheable = true;
                    withCookie = true;
                } else if (NOT_SHARED.contains(directive)) {
                    cacheable = false;
                    withCookie = false;
                } else if (directive.startsWith("no-cache=\"set-cookie")) {
                    withCookie = false;
                }
            }
        }
        return cacheable && withCookie;
    }
}
