package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Keywords;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.ParseContext;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.SectionKind;
import io.netchannel.samples.haproxy.config.Setting;
import io.netchannel.samples.haproxy.config.Units;

/** Reads {@code capture} and {@code declare capture}. */
public final class CaptureKeywords {

    /** {@code capture cookie NAME len N}: a name that begins with it, of requests and responses. */
    public record Cookie(String name, int lengthBytes) {
    }

    public static final Setting<Cookie> COOKIE = Setting.of("capture cookie", null);

    private CaptureKeywords() {
    }

    static void register(final Keywords.Builder keywords) {
        keywords.proxy("capture", CaptureKeywords::capture);
        keywords.proxy("declare", CaptureKeywords::declare);
    }

    private static void capture(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        context.ignoredWithoutFrontend(section, line);
        switch (line.word(1)) {
            case "cookie" -> {
                ParseContext.noMoreThan(4, 1, line);
                if (line.word(4).isEmpty() || !"len".equals(line.word(3))) {
                    throw new ConfigException("'capture' expects 'cookie' <cookie_name> 'len' <len>.");
                }
                section.set(COOKIE, new Cookie(line.word(2), length(line, 4)));
            }
            case "request" -> header(line, section, RuleSettings.REQUEST_CAPTURES);
            case "response" -> header(line, section, RuleSettings.RESPONSE_CAPTURES);
            default ->
                throw new ConfigException("'capture' expects 'cookie' or 'request header' or 'response header'.");
        }
    }

    private static void header(final Line line, final ProxySection section, final Setting<CaptureSlots> captures)
            throws ConfigException {
        if (section.kind() == SectionKind.DEFAULTS) {
            throw new ConfigException("'capture " + line.word(1) + "' not allowed in 'defaults' section.");
        }
        if (!"header".equals(line.word(2)) || line.word(3).isEmpty() || !"len".equals(line.word(4))
                || line.word(5).isEmpty()) {
            throw new ConfigException("'capture " + line.word(1) + "' expects 'header' <header_name> 'len' <len>.");
        }
        section.set(captures, section.get(captures).with(line.word(3), length(line, 5)));
    }

    private static int length(final Line line, final int index) throws ConfigException {
        final long length = Units.leadingInteger(line.word(index));
        if (length <= 0 || length > Integer.MAX_VALUE) {
            throw new ConfigException("'capture " + line.word(1) + "' : length must be > 0, got '" + line.word(index)
                    + "'.");
        }
        return (int) length;
    }

    private static void declare(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        final String request = "declare capture expects 'request' or 'response'";
        if (!"capture".equals(line.word(1))) {
            throw new ConfigException("'declare' supports only 'capture' (got '" + line.word(1) + "')");
        }
        if (!section.hasFrontend() || section.kind() == SectionKind.DEFAULTS) {
            throw new ConfigException("'declare capture' is only available in 'frontend' or 'listen' sections");
        }
        final Setting<CaptureSlots> captures = switch (line.word(2)) {
            case "request" -> RuleSettings.REQUEST_CAPTURES;
            case "response" -> RuleSettings.RESPONSE_CAPTURES;
            default -> throw new ConfigException(request + " (got '" + line.word(2) + "')");
        };
        if (!"len".equals(line.word(3)) || line.word(4).isEmpty()) {
            throw new ConfigException("'declare capture " + line.word(2) + "' requires 'len' <len>");
        }
        section.set(captures, section.get(captures).with(null, length(line, 4)));
    }
}
