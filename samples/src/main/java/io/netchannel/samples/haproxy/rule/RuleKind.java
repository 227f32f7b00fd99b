package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.expression.Point;
import io.netchannel.samples.haproxy.expression.SampleContext.Direction;
import io.netchannel.samples.haproxy.expression.Use;

/** Where a rule stands: what it can see and do. */
enum RuleKind {
    TCP_CONNECTION("tcp-request connection", Direction.REQUEST, Use.TCP_CONNECTION, Point.FRONTEND_CONNECTION,
            null), TCP_SESSION("tcp-request session", Direction.REQUEST, Use.TCP_SESSION, Point.FRONTEND_SESSION,
                    null), TCP_CONTENT("tcp-request content", Direction.REQUEST, Use.TCP_REQUEST,
                            Point.FRONTEND_REQUEST_CONTENT,
                            Point.BACKEND_REQUEST_CONTENT), TCP_RESPONSE("tcp-response content", Direction.RESPONSE,
                                    Use.TCP_RESPONSE, Point.FRONTEND_RESPONSE_CONTENT,
                                    Point.BACKEND_RESPONSE_CONTENT), HTTP_REQUEST("http-request", Direction.REQUEST,
                                            Use.HTTP_REQUEST, Point.FRONTEND_HTTP_REQUEST,
                                            Point.BACKEND_HTTP_REQUEST), HTTP_RESPONSE("http-response",
                                                    Direction.RESPONSE, Use.HTTP_RESPONSE, Point.FRONTEND_HTTP_RESPONSE,
                                                    Point.BACKEND_HTTP_RESPONSE), HTTP_AFTER_RESPONSE(
                                                            "http-after-response", Direction.RESPONSE,
                                                            Use.HTTP_RESPONSE, Point.FRONTEND_HTTP_RESPONSE,
                                                            Point.BACKEND_HTTP_RESPONSE);

    private final String text;
    private final Direction direction;
    private final Use use;
    private final Point frontend;
    private final Point backend;

    RuleKind(final String text, final Direction direction, final Use use, final Point frontend, final Point backend) {
        this.text = text;
        this.direction = direction;
        this.use = use;
        this.frontend = frontend;
        this.backend = backend;
    }

    String text() {
        return text;
    }

    Direction direction() {
        return direction;
    }

    Use use() {
        return use;
    }

    boolean isHttp() {
        return text.startsWith("http");
    }

    boolean isResponse() {
        return direction == Direction.RESPONSE;
    }

    /** Mask of the points at which a rule of this kind is evaluated in that section. */
    int points(final ProxySection section) {
        return (section.hasFrontend() ? frontend.bit() : 0)
                | (section.hasBackend() && backend != null ? backend.bit() : 0);
    }
}
