package io.netchannel.samples.haproxy.config;

import java.util.Map;

/**
 * {@code fcgi-app}: FastCGI applications are described here and used by {@code use-fcgi-app}, which this build refuses. A
 * section that nobody uses is only checked.
 */
final class FcgiSection implements KeywordParser.Section {

    /** What a keyword can't be without. */
    private static final Map<String, String> ARGUMENTS = Map.of("docroot", "<path>", "path-info", "<regex>", "index",
            "<filename>", "acl", "<name>", "set-param", "<name> and <value>", "unset-param", "<name>", "pass-header",
            "<name>", "hide-header", "<name>", "option", "<option>", "log-stderr", "<address>");

    static void register(final Keywords.Builder builder) {
        builder.section("fcgi-app", FcgiSection::new);
    }

    @Override
    public void begin(final Line line, final ParseContext context) {
        if (line.word(1).isEmpty()) {
            context.tightAlert("'fcgi-app' expects <name> as argument.");
        }
    }

    @Override
    public void line(final Line line, final ParseContext context) {
        final String argument = ARGUMENTS.get(line.word(0));
        if (argument == null) {
            context.tightAlert("unknown keyword '" + line.word(0) + "' in 'fcgi-app' section");
        } else if (line.word(1).isEmpty() || "set-param".equals(line.word(0)) && line.word(2).isEmpty()) {
            context.alert("'" + line.word(0) + "' expects " + argument + " as argument.");
        }
    }

    @Override
    public void end(final ParseContext context) {
        // Each line is complete.
    }
}
