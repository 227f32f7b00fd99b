package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Keywords;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.Names;
import io.netchannel.samples.haproxy.config.ParseContext;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.SectionKind;

/** The keyword {@code acl}, and the sections of users that {@code http_auth} asks. */
public final class ExpressionKeywords {

    private ExpressionKeywords() {
    }

    public static void register(final Keywords.Builder keywords) {
        keywords.proxy("acl", ExpressionKeywords::acl);
        keywords.section("userlist", UserListSection::new);
    }

    private static void acl(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (section.kind() == SectionKind.DEFAULTS && section.name().isEmpty()) {
            throw new ConfigException("'acl' not allowed in anonymous 'defaults' section.");
        }
        final String name = line.word(1);
        final int invalid = Names.invalid(name);
        if (invalid >= 0) {
            throw new ConfigException("character '" + Names.charAt(name, invalid) + "' is not permitted in acl name '"
                    + name + "'.");
        }
        if (name.equalsIgnoreCase("or")) {
            throw new ConfigException("acl name '" + name
                    + "' will never match. 'or' is used to express a logical disjunction within a condition.");
        }
        try {
            Acl.parse(line.words().subList(1, line.size()), new ParsePlace(line, section, context, Use.ACL));
        } catch (ConfigException e) {
            throw new ConfigException("error detected while parsing ACL '" + name + "' : " + e.getMessage() + ".", e);
        }
    }
}
