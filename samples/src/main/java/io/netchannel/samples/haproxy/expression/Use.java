package io.netchannel.samples.haproxy.expression;

/** What kind of line holds an expression, as messages about its arguments say it. */
public enum Use {
    NONE("in"), STICK("in stick rule in"), TRACK("in tracking rule in"), LOG("in log-format string in"), LOG_SD(
            "in log-format-sd string in"), HTTP_REQUEST("in http-request expression in"), HTTP_RESPONSE(
                    "in http-response response in"), UNIQUE_ID("in unique-id-format string in"), REDIRECT(
                            "in redirect format string in"), CAPTURE("in capture rule in"), ACL("in"), SERVER(
                                    "in server directive in"), USE_BACKEND("in use_backend expression in"), USE_SERVER(
                                            "in use-server or balance expression in"), HTTP_ERROR(
                                                    "in http-error directive in"), TCP_CONNECTION(
                                                            "in tcp-request connection expression in"), TCP_SESSION(
                                                                    "in tcp-request session expression in"), TCP_REQUEST(
                                                                            "in tcp-request content expression in"), TCP_RESPONSE(
                                                                                    "in tcp-response content expression in"), TCP_CHECK(
                                                                                            "in tcp-check expression in"), CONFIGURATION(
                                                                                                    "in configuration expression in"), COMMAND_LINE(
                                                                                                            "in CLI expression in");

    private final String label;

    Use(final String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
