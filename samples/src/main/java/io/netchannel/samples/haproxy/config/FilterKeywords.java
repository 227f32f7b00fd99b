package io.netchannel.samples.haproxy.config;

/**
 * {@code filter}: the order in which haproxy runs what changes messages. Here compression is the only one; of the filter that
 * traces others there is what it does to data.
 */
public final class FilterKeywords {

    /** Of what came, only a random part goes on at once. */
    public static final Setting<Boolean> RANDOM_FORWARDING = Setting.of("filter trace random-forwarding", false);

    private FilterKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        builder.proxy("filter", FilterKeywords::filter);
    }

    private static void filter(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (section.kind() == SectionKind.DEFAULTS) {
            throw new ConfigException("parsing " + line.place() + " : filter is not allowed in a 'default' section.");
        }
        switch (line.word(1)) {
            case "" -> throw new ConfigException("parsing " + line.place() + " : missing argument for 'filter' in "
                    + section.kind().text() + " '" + section.name() + "'.");
            case "compression" -> {
                // It acts if "compression" lines say what it is to do; where it stands makes no difference to one alone.
                if (!line.word(2).isEmpty()) {
                    throw new ConfigException("'filter compression' : unknown keyword '" + line.word(2) + "'.");
                }
            }
            case "trace" -> trace(line, section);
            case "cache", "fcgi-app", "spoe" -> throw new ConfigException(
                    "'filter' : '" + line.word(1) + "' is not supported by this build.");
            default -> throw new ConfigException("'filter' : unknown keyword '" + line.word(1) + "'.");
        }
    }

    private static void trace(final Line line, final ProxySection section) throws ConfigException {
        boolean quiet = false;
        for (int at = 2; !line.word(at).isEmpty(); at++) {
            switch (line.word(at)) {
                case "name" -> {
                    at++;
                    if (line.word(at).isEmpty()) {
                        throw new ConfigException("'filter' : 'trace' : 'name' option without value");
                    }
                }
                case "quiet" -> quiet = true;
                case "random-parsing" -> {
                    // haproxy takes it no more than that.
                }
                case "random-forwarding" -> section.set(RANDOM_FORWARDING, true);
                case "hexdump" -> throw new ConfigException(
                        "'filter' : 'trace' : 'hexdump' is not supported by this build.");
                default -> throw new ConfigException("'filter trace' : unknown keyword '" + line.word(at) + "'.");
            }
        }
        if (!quiet) {
            throw new ConfigException(
                    "'filter' : 'trace' is not supported without 'quiet' by this build: there are no calls of filters to tell.");
        }
    }
}
