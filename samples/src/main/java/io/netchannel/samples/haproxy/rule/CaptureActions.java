package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.SectionKind;
import io.netchannel.samples.haproxy.config.Setting;
import io.netchannel.samples.haproxy.config.Units;
import io.netchannel.samples.haproxy.expression.Expression;
import io.netchannel.samples.haproxy.expression.SampleContext.Direction;
import io.netchannel.samples.haproxy.expression.Use;
import java.util.EnumSet;

/** {@code capture}: text that logs show, or that later rules ask for. */
final class CaptureActions {

    private CaptureActions() {
    }

    static void register(final ActionTable table) {
        table.add(EnumSet.of(RuleKind.TCP_CONTENT), "capture", CaptureActions::ofContent);
        table.add(ActionTable.HTTP_REQUEST, "capture", CaptureActions::ofRequest);
        table.add(EnumSet.of(RuleKind.HTTP_RESPONSE, RuleKind.HTTP_AFTER_RESPONSE), "capture",
                CaptureActions::ofResponse);
    }

    private static Action ofContent(final RuleWords words) throws ConfigException {
        final String rule = "'tcp-request content capture' : ";
        if (!words.section().hasFrontend()) {
            throw new ConfigException(rule + "proxy '" + words.section().name() + "' has no frontend capability");
        }
        final Expression expression;
        try {
            expression = words.expression(Use.CAPTURE);
        } catch (final ConfigException e) {
            throw new ConfigException(rule + e.getMessage(), e);
        }
        if (!words.takeIf("len")) {
            throw new ConfigException(rule + "a positive 'len' argument is mandatory");
        }
        final int length = length(words, rule);
        final int slot = addSlot(words.section(), length);
        return context -> {
            final String text = expression.evaluateText(context);
            if (expression.mayChange() && !context.payloadComplete()) {
                return Verdict.WAIT;
            }
            return capture(context, Direction.REQUEST, slot, text, length);
        };
    }

    private static Action ofRequest(final RuleWords words) throws ConfigException {
        notTooShort(words, "expects <expression> [ 'len' <length> | id <idx> ]");
        final Expression expression = words.expression();
        final String word = words.next("expects 'len or 'id'");
        switch (word) {
            case "len" -> {
                if (!words.section().hasFrontend()) {
                    throw new ConfigException("proxy '" + words.section().name() + "' has no frontend capability");
                }
                final int length = length(words, "");
                final int slot = addSlot(words.section(), length);
                return context -> capture(context, Direction.REQUEST, slot, expression.evaluateText(context), length);
            }
            case "id" -> {
                return byId(words, expression, Direction.REQUEST, RuleSettings.REQUEST_CAPTURES);
            }
            default -> throw new ConfigException("expects 'len' or 'id', found '" + word + "'");
        }
    }

    private static Action ofResponse(final RuleWords words) throws ConfigException {
        notTooShort(words, "expects <expression> id <idx>");
        final Expression expression = words.expression();
        final String word = words.next("expects 'id'");
        if (!"id".equals(word)) {
            throw new ConfigException("expects 'id', found '" + word + "'");
        }
        return byId(words, expression, Direction.RESPONSE, RuleSettings.RESPONSE_CAPTURES);
    }

    private static void notTooShort(final RuleWords words, final String usage) throws ConfigException {
        for (int i = 0; i < 3; i++) {
            if (words.endsAt(i)) {
                throw new ConfigException(usage);
            }
        }
    }

    private static int length(final RuleWords words, final String rule) throws ConfigException {
        final long length = Units.leadingInteger(words.next(rule + "missing length value"));
        if (length <= 0) {
            throw new ConfigException(rule + "length must be > 0");
        }
        return (int) Math.min(length, Integer.MAX_VALUE);
    }

    private static int addSlot(final ProxySection section, final int length) {
        final CaptureSlots slots = section.get(RuleSettings.REQUEST_CAPTURES);
        section.set(RuleSettings.REQUEST_CAPTURES, slots.with(null, length));
        return slots.size();
    }

    /** The slot is the frontend's, which a backend's rule doesn't know before there is a stream. */
    private static Action byId(final RuleWords words, final Expression expression, final Direction direction,
            final Setting<CaptureSlots> captures) throws ConfigException {
        final String text = words.next("missing id value");
        if (!text.matches("[0-9]{1,9}")) {
            throw new ConfigException("cannot parse id '" + text + "'");
        }
        final int id = Integer.parseInt(text);
        final ProxySection section = words.section();
        final String rule = words.kind().text();
        words.context().afterParsing(_ -> {
            if (section.hasFrontend() && id >= section.get(captures).size()
                    && section.kind() != SectionKind.DEFAULTS) {
                throw new ConfigException("Proxy '" + section.name() + "': unable to find capture id '" + id
                        + "' referenced by " + rule + " capture rule.");
            }
        });
        return context -> capture(context, direction, id, expression.evaluateText(context), Integer.MAX_VALUE);
    }

    private static Verdict capture(final RuleContext context, final Direction direction, final int slot,
            final String text, final int length) {
        if (text != null) {
            context.capture(direction, slot, text.substring(0, Math.min(length, text.length())));
        }
        return Verdict.CONTINUE;
    }
}
