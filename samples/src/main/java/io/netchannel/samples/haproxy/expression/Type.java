package io.netchannel.samples.haproxy.expression;

/** The types of samples (configuration manual, 7.1), in the order of the casting matrix. */
public enum Type {
    ANY("any"), BOOL("bool"), SINT("sint"), ADDR("addr"), IPV4("ipv4"), IPV6("ipv6"), STR("str"), BIN("bin"), METH(
            "meth");

    private final String label;

    Type(final String label) {
        this.label = label;
    }

    /** The name that {@code debug} and the manual use. */
    public String label() {
        return label;
    }
}
