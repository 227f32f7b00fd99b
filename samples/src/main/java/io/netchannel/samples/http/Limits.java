package io.netchannel.samples.http;

/**
 * What a client may ask of the server.
 *
 * @param lineBytes of a request line; beyond, 414
 * @param headerBytes of all headers; beyond, 431
 * @param bodyBytes beyond, 413
 * @param idleSeconds without a byte either way, after which a connection is closed
 */
record Limits(int lineBytes, int headerBytes, int bodyBytes, int idleSeconds) {

    private static final int MIN_BYTES = 64;

    Limits {
        check("max-line", lineBytes, MIN_BYTES, 1 << 20);
        check("max-header", headerBytes, MIN_BYTES, 1 << 20);
        check("max-body", bodyBytes, 0, 1 << 30);
        check("idle", idleSeconds, 1, 86_400);
    }

    private static void check(final String name, final int value, final int min, final int max) {
        if (value < min) {
            throw new IllegalArgumentException(name + "=" + value + " < MIN=" + min);
        }
        if (value > max) {
            throw new IllegalArgumentException(name + "=" + value + " > MAX=" + max);
        }
    }
}
