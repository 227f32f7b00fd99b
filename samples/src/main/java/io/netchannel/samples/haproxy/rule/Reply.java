package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.http.HttpMessage;

/**
 * An answer that the proxy gives itself, ready to be sent: of an action, an error file, or haproxy's own error pages.
 *
 * @param head status line and fields; Content-Length is there unless the status forbids it. Each stream gets a head of its
 *     own, which http-after-response may change
 * @param body not changed by anyone; null: nothing is sent at all, the connection is closed ({@link #silent})
 * @param keepAlive false: the connection is closed after it
 */
public record Reply(HttpMessage head, byte[] body, boolean keepAlive) {

    private static final byte[] EMPTY = {};

    /** A head without a body. */
    public static Reply of(final HttpMessage head, final boolean keepAlive) {
        return new Reply(head, EMPTY, keepAlive);
    }

    /** Of an empty error file: logs show the status, the client sees a close. */
    public static Reply silent(final int status) {
        return new Reply(HttpMessage.response(status, "", 1), null, false);
    }

    public boolean isSilent() {
        return body == null;
    }

    /** The same with a head of its own. */
    public Reply copy() {
        return new Reply(head.copy(), body, keepAlive);
    }
}
