package io.netchannel.samples.haproxy.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** What the proxy itself answers where no error file says otherwise: haproxy's own words, which clients and tests know. */
public final class ErrorMessages {

    private static final Map<Integer, byte[]> MESSAGES = new TreeMap<>();

    static {
        define(200, "OK", "Service ready.", "");
        define(400, "Bad request", "Your browser sent an invalid request.", "Connection: close\r\n");
        define(401, "Unauthorized", "You need a valid user and password to access this content.", "");
        define(403, "Forbidden", "Request forbidden by administrative rules.", "");
        define(404, "Not Found", "The resource could not be found.", "");
        define(405, "Method Not Allowed",
                "A request was made of a resource using a request method not supported by that resource", "");
        define(407, "Unauthorized", "You need a valid user and password to access this content.", "");
        define(408, "Request Time-out", "Your browser didn't send a complete request in time.",
                "Connection: close\r\n");
        define(410, "Gone", "The resource is no longer available and will not be available again.", "");
        define(413, "Payload Too Large", "The request entity exceeds the maximum allowed.", "");
        define(421, "Misdirected Request", "Request sent to a non-authoritative server.", "");
        define(422, "Unprocessable Content", "The server cannot process the contained instructions.", "");
        define(425, "Too Early", "Your browser sent early data.", "");
        define(429, "Too Many Requests", "You have sent too many requests in a given amount of time.", "");
        define(500, "Internal Server Error", "An internal server error occurred.", "");
        define(501, "Not Implemented",
                ".The server does not support the functionality required to fulfill the request.", "");
        define(502, "Bad Gateway", "The server returned an invalid or incomplete response.", "");
        define(503, "Service Unavailable", "No server is available to handle this request.", "");
        define(504, "Gateway Time-out", "The server didn't respond in time.", "");
    }

    private ErrorMessages() {
    }

    private static void define(final int status, final String reason, final String sentence, final String connection) {
        final String body = "<html><body><h1>" + status + " " + reason + "</h1>\n" + sentence + "\n</body></html>\n";
        MESSAGES.put(status, ("HTTP/1.1 " + status + " " + reason + "\r\nContent-length: " + body.length()
                + "\r\nCache-Control: no-cache\r\n" + connection + "Content-Type: text/html\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII));
    }

    /** @return the whole message, head and body, or null if there is none for this status; not to be changed */
    public static byte[] get(final int status) {
        return MESSAGES.get(status);
    }

    /** Whether an error file may stand for this status. */
    public static boolean isKnown(final int status) {
        return MESSAGES.containsKey(status);
    }

    /** All of them, ascending. */
    public static Iterable<Integer> statuses() {
        return MESSAGES.keySet();
    }
}
