package io.netchannel.samples.haproxy.config;

/** {@code setenv} and its like. */
final class EnvironmentKeywords {

    private EnvironmentKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        builder.global("setenv", EnvironmentKeywords::set).global("presetenv", EnvironmentKeywords::set)
                .global("unsetenv", EnvironmentKeywords::unset)
                .global("resetenv", (line, global, context) -> context.configuration().environment().retain(line.words()
                        .subList(1, line.size())));
    }

    private static void set(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        ParseContext.noMoreThan(3, line);
        if (line.size() < 3) {
            throw ConfigException.tight("'" + line.word(0) + "' expects a name and a value.");
        }
        final Environment environment = context.configuration().environment();
        if ("setenv".equals(line.word(0)) || environment.get(line.word(1)) == null) {
            environment.set(line.word(1), line.word(2));
        }
    }

    private static void unset(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        if (line.size() < 2) {
            throw ConfigException.tight("'unsetenv' expects at least one variable name.");
        }
        line.words().subList(1, line.size()).forEach(context.configuration().environment()::unset);
    }
}
