package io.netchannel.samples.haproxy.config;

/** Something in a line that can't be accepted; the message is haproxy's wording where it has one, without the place. */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    /** How the place of the line stands before the message: haproxy isn't of one mind. */
    public enum Style {
        /** {@code parsing [file:line] : message}, which most have. */
        PLACED,
        /** {@code parsing [file:line]: message}. */
        TIGHT,
        /** The message has its place. */
        WHOLE
    }

    private final Style style;
    private final boolean aborting;

    public ConfigException(final String message) {
        this(message, Style.PLACED, false, null);
    }

    public ConfigException(final String message, final Throwable cause) {
        this(message, Style.PLACED, false, cause);
    }

    private ConfigException(final String message, final Style style, final boolean aborting, final Throwable cause) {
        super(message, cause);
        this.style = style;
        this.aborting = aborting;
    }

    public static ConfigException tight(final String message) {
        return new ConfigException(message, Style.TIGHT, false, null);
    }

    public static ConfigException whole(final String message) {
        return new ConfigException(message, Style.WHOLE, false, null);
    }

    /** The same, after which nothing more is read. */
    public ConfigException aborting() {
        return new ConfigException(getMessage(), style, true, this);
    }

    public Style style() {
        return style;
    }

    public boolean isAborting() {
        return aborting;
    }
}
