package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.http.HttpMessage;
import java.util.EnumSet;
import java.util.Set;

/** Actions that end the evaluation: with traffic going on, an answer, or a connection closed. */
final class FlowActions {

    private static final int FORBIDDEN = 403;
    private static final int TARPITTED = 500;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAUTHORIZED = 401;
    private static final int PROXY_UNAUTHORIZED = 407;
    private static final int OK = 200;

    private static final Set<RuleKind> TCP = EnumSet.of(RuleKind.TCP_CONNECTION, RuleKind.TCP_SESSION,
            RuleKind.TCP_CONTENT, RuleKind.TCP_RESPONSE);

    private FlowActions() {
    }

    static void register(final ActionTable table) {
        table.add(TCP, "accept", _ -> new Fixed(Verdict.ACCEPT));
        table.add(TCP, "reject", _ -> new Fixed(Verdict.REJECT));
        table.add(EnumSet.of(RuleKind.TCP_RESPONSE), "close", _ -> new Fixed(Verdict.CLOSE));
        table.add(ActionTable.HTTP, "allow", _ -> new Fixed(Verdict.ACCEPT));
        table.add(ActionTable.HTTP_REQUEST, "reject", _ -> new Fixed(Verdict.REJECT));
        table.add(ActionTable.BEFORE_AFTER_RESPONSE, "silent-drop", _ -> new Fixed(Verdict.SILENT_DROP));
        table.add(ActionTable.REQUEST_AND_RESPONSE, "deny", FlowActions::deny);
        table.add(ActionTable.HTTP_REQUEST, "tarpit", FlowActions::tarpit);
        table.add(ActionTable.REQUEST_AND_RESPONSE, "return", FlowActions::respond);
        table.add(ActionTable.HTTP_REQUEST, "auth", FlowActions::auth);
        table.add(ActionTable.REQUEST_AND_RESPONSE, "redirect", FlowActions::redirect);
    }

    private record Fixed(Verdict verdict) implements Action {

        @Override
        public Verdict apply(final RuleContext context) {
            return verdict;
        }

        @Override
        public boolean isFinal() {
            return verdict != Verdict.SILENT_DROP;
        }
    }

    private record Deny(ReplyTemplate template) implements Action {

        @Override
        public Verdict apply(final RuleContext context) {
            return new Verdict.Respond(template.render(context), true);
        }

        @Override
        public boolean isFinal() {
            return true;
        }
    }

    private static Action deny(final RuleWords words) throws ConfigException {
        return new Deny(denyTemplate(words, words.kind().isResponse() ? BAD_GATEWAY : FORBIDDEN));
    }

    private static Action tarpit(final RuleWords words) throws ConfigException {
        final ReplyTemplate template = denyTemplate(words, TARPITTED);
        return new Action() {

            @Override
            public Verdict apply(final RuleContext context) {
                return new Verdict.Tarpit(template.render(context));
            }

            @Override
            public boolean isFinal() {
                return true;
            }
        };
    }

    /** Without more than a status it is the proxy's error answer of that status. */
    private static ReplyTemplate denyTemplate(final RuleWords words, final int defaultStatus) throws ConfigException {
        if (words.endsAt(0)) {
            return ReplyParser.ofProxy(defaultStatus);
        }
        if ("deny_status".equals(words.peek())) {
            if (words.endsAt(2)) {
                words.next();
                return ReplyParser.ofProxy(ReplyParser.status(words));
            }
            return new ReplyParser(words, defaultStatus).deny().parse();
        }
        return new ReplyParser(words, defaultStatus).parse();
    }

    private static Action respond(final RuleWords words) throws ConfigException {
        final ReplyTemplate template = new ReplyParser(words, OK).parse();
        return new Action() {

            @Override
            public Verdict apply(final RuleContext context) {
                return new Verdict.Respond(template.render(context), false);
            }

            @Override
            public boolean isFinal() {
                return true;
            }
        };
    }

    private static Action auth(final RuleWords words) throws ConfigException {
        String realm = words.section().name();
        if (words.takeIf("realm")) {
            realm = words.next("missing realm value.");
        }
        return new Auth("Basic realm=\"" + realm + "\"");
    }

    /** RFC 7617; with {@code option http-use-proxy-header} as a proxy asks (RFC 9110 section 11.7). */
    private record Auth(String challenge) implements Action {

        @Override
        public Verdict apply(final RuleContext context) {
            final boolean asProxy = context.usesProxyFields();
            final Reply reply = context.errorReply(asProxy ? PROXY_UNAUTHORIZED : UNAUTHORIZED).copy();
            if (reply.isSilent()) {
                return new Verdict.Respond(reply, false);
            }
            final HttpMessage head = reply.head();
            final String name = asProxy ? "Proxy-Authenticate" : "WWW-Authenticate";
            head.removeAll(name);
            head.add(name, challenge);
            return new Verdict.Respond(reply, false);
        }

        @Override
        public boolean isFinal() {
            return true;
        }
    }

    private static Action redirect(final RuleWords words) throws ConfigException {
        return RedirectParser.parse(words, true);
    }
}
