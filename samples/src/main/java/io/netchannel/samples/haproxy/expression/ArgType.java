package io.netchannel.samples.haproxy.expression;

/** The types of the arguments of fetches and converters. */
public enum ArgType {
    SINT("integer"), STR("string"), IPV4("IPv4 address"), MSK4("IPv4 mask"), IPV6("IPv6 address"), MSK6(
            "IPv6 mask"), TIME("delay"), SIZE("size"), FE("frontend"), BE("backend"), TAB("table"), SRV("server"), USR(
                    "user list"), MAP("map"), REG("regex"), VAR("variable"), PBUF_FNUM("Protocol buffers field number");

    private final String label;

    ArgType(final String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
