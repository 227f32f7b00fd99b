package io.netchannel.samples.haproxy.expression;

/**
 * Where in the life of a stream an expression is evaluated. Sets of them are int masks of {@link #bit()}: a rule of a
 * {@code listen} section stands both in a frontend and in a backend.
 */
public enum Point {
    FRONTEND_CONNECTION("frontend tcp-request connection rule"), FRONTEND_SESSION(
            "frontend tcp-request session rule"), FRONTEND_REQUEST_CONTENT(
                    "frontend tcp-request content rule"), FRONTEND_HTTP_REQUEST(
                            "frontend http-request header rule"), FRONTEND_HTTP_REQUEST_BODY(
                                    "frontend http-request body rule"), FRONTEND_USE_BACKEND(
                                            "frontend use-backend rule"), BACKEND_REQUEST_CONTENT(
                                                    "backend tcp-request content rule"), BACKEND_HTTP_REQUEST(
                                                            "backend http-request header rule"), BACKEND_HTTP_REQUEST_BODY(
                                                                    "backend http-request body rule"), BACKEND_USE_SERVER(
                                                                            "backend use-server, balance or stick-match rule"), BACKEND_CONNECT(
                                                                                    "server source selection"), BACKEND_RESPONSE_CONTENT(
                                                                                            "backend tcp-response content rule"), BACKEND_HTTP_RESPONSE(
                                                                                                    "backend http-response header rule"), BACKEND_HTTP_RESPONSE_BODY(
                                                                                                            "backend http-response body rule"), BACKEND_STICK_STORE(
                                                                                                                    "backend stick-store rule"), FRONTEND_RESPONSE_CONTENT(
                                                                                                                            "frontend tcp-response content rule"), FRONTEND_HTTP_RESPONSE(
                                                                                                                                    "frontend http-response header rule"), FRONTEND_HTTP_RESPONSE_BODY(
                                                                                                                                            "frontend http-response body rule"), LOG(
                                                                                                                                                    "logs"), CHECK(
                                                                                                                                                            "backend tcp-check rule"), CONFIGURATION(
                                                                                                                                                                    "configuration parser"), COMMAND_LINE(
                                                                                                                                                                            "CLI parser");

    /** Points at which a request is at hand. */
    public static final int REQUEST = mask(FRONTEND_CONNECTION, FRONTEND_SESSION, FRONTEND_REQUEST_CONTENT,
            FRONTEND_HTTP_REQUEST, FRONTEND_HTTP_REQUEST_BODY, FRONTEND_USE_BACKEND, BACKEND_REQUEST_CONTENT,
            BACKEND_HTTP_REQUEST, BACKEND_HTTP_REQUEST_BODY, BACKEND_USE_SERVER, CHECK);
    /** Points at which a response is at hand. */
    public static final int RESPONSE = mask(BACKEND_CONNECT, BACKEND_RESPONSE_CONTENT, BACKEND_HTTP_RESPONSE,
            BACKEND_HTTP_RESPONSE_BODY, BACKEND_STICK_STORE, FRONTEND_RESPONSE_CONTENT, FRONTEND_HTTP_RESPONSE,
            FRONTEND_HTTP_RESPONSE_BODY, LOG, CHECK);

    private final String label;

    Point(final String label) {
        this.label = label;
    }

    public int bit() {
        return 1 << ordinal();
    }

    public static int mask(final Point... points) {
        int mask = 0;
        for (final Point point : points) {
            mask |= point.bit();
        }
        return mask;
    }

    /** The name of the first point of a mask, for messages. */
    static String label(final int mask) {
        for (final Point point : values()) {
            if ((mask & point.bit()) != 0) {
                return point.label;
            }
        }
        return "unknown sample check place, please report this bug";
    }
}
