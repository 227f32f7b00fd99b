package io.netchannel.samples.haproxy.config;

/** A section of a kind that haproxy has and we don't. */
record RefusedSection(String name) implements KeywordParser.Section {

    @Override
    public void begin(final Line line, final ParseContext context) throws ConfigException {
        throw new ConfigException("'" + name + "' sections are not supported by this build.");
    }

    @Override
    public void line(final Line line, final ParseContext context) {
        // It was said at the section's begin.
    }

    @Override
    public void end(final ParseContext context) {
        // Nothing was read.
    }
}
