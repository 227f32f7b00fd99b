package io.netchannel.samples.haproxy.stats;

import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.StatsSettings;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.proxy.BuiltInPage;
import io.netchannel.samples.haproxy.rule.Reply;
import io.netchannel.samples.haproxy.rule.RuleContext;
import io.netchannel.samples.haproxy.rule.Verdict;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** {@code stats enable}: answers requests for the page, and forms that it sends. Threading: the proxy's loop. */
public final class StatsPage implements BuiltInPage {

    private static final byte[] NOTHING = {};

    private final Statistics statistics;

    public StatsPage(final Statistics statistics) {
        this.statistics = statistics;
    }

    @Override
    public Verdict answer(final ProxySection proxy, final RuleContext context) {
        final HttpMessage request = context.request();
        if (!proxy.get(StatsSettings.ENABLED) || !request.uri().startsWith(proxy.get(StatsSettings.URI))) {
            return Verdict.CONTINUE;
        }
        if (!isKnown(proxy, request)) {
            return new Verdict.Respond(unauthorized(proxy), false);
        }
        final PageRequest page = PageRequest.of(proxy, request.uri());
        final boolean admin = proxy.get(StatsSettings.ADMIN).stream().anyMatch(condition -> condition.test(context));
        if (request.isMethod("GET") || request.isMethod("HEAD")) {
            return respond(page(proxy, page, admin));
        }
        if (!request.isMethod("POST")) {
            return respond(redirect(page.redirect("IVAL")));
        }
        if (!admin) {
            return respond(redirect(page.redirect("DENY")));
        }
        if (!context.bodyComplete()) {
            return Verdict.WAIT;
        }
        if (!context.payloadComplete()) {
            return respond(redirect(page.redirect("EXCD")));
        }
        final ByteBuf body = context.payload();
        return respond(redirect(page.redirect(new StatsForm(statistics).process(body.toString(
                StandardCharsets.ISO_8859_1)))));
    }

    private static Verdict respond(final Reply reply) {
        return new Verdict.Respond(reply, false);
    }

    /** {@code stats auth} (RFC 7617). */
    private static boolean isKnown(final ProxySection proxy, final HttpMessage request) {
        final List<String> accounts = proxy.get(StatsSettings.ACCOUNTS);
        if (accounts.isEmpty()) {
            return true;
        }
        final String given = request.first("authorization");
        if (given == null || given.length() < 6 || !given.regionMatches(true, 0, "Basic ", 0, 6)) {
            return false;
        }
        try {
            return accounts.contains(new String(Base64.getDecoder().decode(given.substring(6).strip()),
                    StandardCharsets.ISO_8859_1));
        } catch (final IllegalArgumentException e) {
            return false;
        }
    }

    private static Reply unauthorized(final ProxySection proxy) {
        final byte[] body = "<html><body><h1>401 Unauthorized</h1>\nYou need a valid user and password to access this content.\n</body></html>\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        final HttpMessage head = HttpMessage.response(401, "Unauthorized", 1);
        head.add("content-length", Integer.toString(body.length));
        head.add("cache-control", "no-cache");
        head.add("content-type", "text/html");
        head.add("www-authenticate", "Basic realm=\"" + proxy.get(StatsSettings.REALM).replace("\\", "\\\\")
                .replace("\"", "\\\"") + "\"");
        return new Reply(head, body, true);
    }

    private Reply page(final ProxySection proxy, final PageRequest page, final boolean admin) {
        final List<StatRow> rows = statistics.rows(page.filter(proxy));
        final String text = switch (page.format()) {
            case HTML -> new HtmlPage(statistics, proxy, page, admin).text(rows);
            case CSV -> StatFormats.csv(rows);
            case TYPED -> StatFormats.typed(rows, false);
            case JSON -> StatFormats.json(rows);
            case SCHEMA -> JsonSchema.TEXT;
        };
        final byte[] body = text.getBytes(StandardCharsets.UTF_8);
        final HttpMessage head = HttpMessage.response(200, "OK", 1);
        head.add("cache-control", "no-cache");
        head.add("content-type", switch (page.format()) {
            case HTML -> "text/html";
            case JSON, SCHEMA -> "application/json";
            default -> "text/plain";
        });
        final long refresh = proxy.get(StatsSettings.REFRESH_S);
        if (refresh > 0 && !page.noRefresh()) {
            head.add("refresh", Long.toString(refresh));
        }
        head.add("content-length", Integer.toString(body.length));
        return new Reply(head, body, true);
    }

    private static Reply redirect(final String location) {
        final HttpMessage head = HttpMessage.response(303, "See Other", 1);
        head.add("cache-control", "no-cache");
        head.add("content-type", "text/plain");
        head.add("content-length", "0");
        head.add("location", location);
        return new Reply(head, NOTHING, true);
    }
}
