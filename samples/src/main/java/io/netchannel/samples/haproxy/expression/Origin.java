package io.netchannel.samples.haproxy.expression;

import java.util.StringJoiner;

/** What a fetch looks at, which says at which points of a stream's life it has an answer. */
public enum Origin {
    // One column for each Point, in its order.
    CONST("", "xxxxxxxxxxxxxxxxxxxxxx"), INTERNAL("internal state", "xxxxxxxxxxxxxxxxxxxx.x"), LISTENER("listener",
            "xxxxxxxxxxxxxxxxxxx..."), FRONTEND("frontend", "xxxxxxxxxxxxxxxxxxx..."), CLIENT_L4("client address",
                    "xxxxxxxxxxxxxxxxxxxx.."), CLIENT_L5("client-side connection", ".xxxxxxxxxxxxxxxxxx..."), TRACK(
                            "track counters", "xxxxxxxxxxxxxxxxxxx..."), REQUEST_BUFFER("request buffer",
                                    "..xxxxxxxxx..........."), REQUEST_HEADERS("HTTP request headers",
                                            "..xxxxxxxxx..........."), REQUEST("HTTP request",
                                                    "..xxxxxxxxxxxxxxxxx..."), REQUEST_BODY("HTTP request body",
                                                            "....xxxxxxx..........."), BACKEND("backend",
                                                                    "......xxxxxxxxxxxxxx.."), SERVER("server",
                                                                            "..........xxxxxxxxxx.."), SERVER_L4(
                                                                                    "server address",
                                                                                    "...........xxxxxxxxx.."), SERVER_L5(
                                                                                            "server-side connection",
                                                                                            "...........xxxxxxxxx.."), RESPONSE_BUFFER(
                                                                                                    "response buffer",
                                                                                                    "...........xxxxxxx.x.."), RESPONSE_HEADERS(
                                                                                                            "HTTP response headers",
                                                                                                            "...........xxxxxxx.x.."), RESPONSE(
                                                                                                                    "HTTP response",
                                                                                                                    "...........xxxxxxxxx.."), RESPONSE_BODY(
                                                                                                                            "HTTP response body",
                                                                                                                            ".............xxxxx.x.."), REQUEST_STATISTICS(
                                                                                                                                    "request buffer statistics",
                                                                                                                                    "..................x..."), RESPONSE_STATISTICS(
                                                                                                                                            "response buffer statistics",
                                                                                                                                            "..................x..."), TRANSACTION_STATISTICS(
                                                                                                                                                    "transaction statistics",
                                                                                                                                                    "..................x..."), SESSION_STATISTICS(
                                                                                                                                                            "session statistics",
                                                                                                                                                            "..................x...");

    private final String label;
    private final int points;

    Origin(final String label, final String columns) {
        this.label = label;
        int mask = 0;
        for (int i = 0; i < columns.length(); i++) {
            mask |= columns.charAt(i) == 'x' ? 1 << i : 0;
        }
        this.points = mask;
    }

    public int bit() {
        return 1 << ordinal();
    }

    public static int mask(final Origin... origins) {
        int mask = 0;
        for (final Origin origin : origins) {
            mask |= origin.bit();
        }
        return mask;
    }

    /** The points at which something from any of these origins can be had. */
    static int points(final int origins) {
        int mask = 0;
        for (final Origin origin : values()) {
            mask |= (origins & origin.bit()) != 0 ? origin.points : 0;
        }
        return mask;
    }

    static String labels(final int origins) {
        final StringJoiner labels = new StringJoiner(",");
        for (final Origin origin : values()) {
            if ((origins & origin.bit()) != 0) {
                labels.add(origin.label);
            }
        }
        return labels.toString();
    }
}
