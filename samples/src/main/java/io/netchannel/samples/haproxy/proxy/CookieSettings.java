package io.netchannel.samples.haproxy.proxy;

import java.util.List;

/**
 * {@code cookie NAME …}: persistence by a cookie.
 *
 * @param domains as they go behind {@code domain=}
 * @param maxIdleS seconds, 0 for none
 * @param maxLifeS seconds, 0 for none
 * @param attributes more attributes, each behind {@code ; }
 */
public record CookieSettings(String name, Mode mode, boolean indirect, boolean noCache, boolean postOnly,
        boolean preserve,
        boolean httpOnly, boolean secure, List<String> domains, long maxIdleS, long maxLifeS, boolean dynamic,
        List<String> attributes) {

    /** What is done with the cookie on its way. */
    public enum Mode {
        /** Only read: the servers set it. */
        PASSIVE, REWRITE, INSERT, PREFIX
    }
}
