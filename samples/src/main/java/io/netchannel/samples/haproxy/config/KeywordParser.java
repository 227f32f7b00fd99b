package io.netchannel.samples.haproxy.config;

/** Reads a line of a proxy's section into the section's settings. */
@FunctionalInterface
public interface KeywordParser {

    /** @throws ConfigException whose message goes behind {@code parsing [file:line] :} */
    void parse(Line line, ProxySection section, ParseContext context) throws ConfigException;

    /** Reads a line of {@code global}. */
    @FunctionalInterface
    interface Global {

        void parse(Line line, GlobalSettings global, ParseContext context) throws ConfigException;
    }

    /** Reads an option of {@code bind}: its name was taken, its values are next. */
    @FunctionalInterface
    interface Bind {

        void parse(BindLine line, BindSettings bind, ParseContext context) throws ConfigException;
    }

    /** Reads an option of {@code server}: its name was taken, its values are next. */
    @FunctionalInterface
    interface Server {

        void parse(ServerLine line, ServerSettings server, ParseContext context) throws ConfigException;
    }

    /** Reads a section that is none of a proxy: {@code resolvers}, {@code userlist}… */
    interface Section {

        /** The line that opens it. */
        void begin(Line line, ParseContext context) throws ConfigException;

        void line(Line line, ParseContext context) throws ConfigException;

        /** No line of it follows. */
        void end(ParseContext context) throws ConfigException;
    }
}
