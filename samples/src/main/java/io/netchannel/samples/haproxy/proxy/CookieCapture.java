package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.rule.CaptureKeywords;

/** {@code capture cookie}: the first cookie whose name begins with the one that is asked for, as {@code name=value}. */
final class CookieCapture {

    private CookieCapture() {
    }

    /** @return null: there is none */
    static String request(final HttpMessage request, final CaptureKeywords.Cookie wanted) {
        for (int i = request.find("cookie", 0); i >= 0; i = request.find("cookie", i + 1)) {
            for (final String pair : request.value(i).split(";")) {
                final String cookie = pair.strip();
                if (cookie.startsWith(wanted.name())) {
                    return cut(cookie, wanted);
                }
            }
        }
        return null;
    }

    static String response(final HttpMessage response, final CaptureKeywords.Cookie wanted) {
        for (int i = response.find("set-cookie", 0); i >= 0; i = response.find("set-cookie", i + 1)) {
            final String value = response.value(i);
            final int attributes = value.indexOf(';');
            final String cookie = (attributes < 0 ? value : value.substring(0, attributes)).strip();
            if (cookie.startsWith(wanted.name())) {
                return cut(cookie, wanted);
            }
        }
        return null;
    }

    private static String cut(final String cookie, final CaptureKeywords.Cookie wanted) {
        return cookie.length() > wanted.lengthBytes() ? cookie.substring(0, wanted.lengthBytes()) : cookie;
    }
}
