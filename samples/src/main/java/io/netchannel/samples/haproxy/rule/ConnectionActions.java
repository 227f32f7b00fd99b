package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Expression;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Set;

/** Actions on the client's connection: its addresses, its packets, what it begins with. */
final class ConnectionActions {

    private static final Set<RuleKind> MARKED = ActionTable.BEFORE_AFTER_RESPONSE;
    private static final int PORT_MASK = 0xffff;

    private ConnectionActions() {
    }

    static void register(final ActionTable table) {
        table.add(ActionTable.REQUESTS, "set-src", words -> address(words, true));
        table.add(ActionTable.REQUESTS, "set-dst", words -> address(words, false));
        table.add(ActionTable.REQUESTS, "set-src-port", words -> port(words, true));
        table.add(ActionTable.REQUESTS, "set-dst-port", words -> port(words, false));
        table.add(MARKED, "set-mark", ConnectionActions::mark);
        table.add(MARKED, "set-tos", ConnectionActions::tos);
        table.add(EnumSet.of(RuleKind.TCP_CONNECTION), "expect-proxy", ConnectionActions::expectProxy);
        table.add(ActionTable.HTTP_REQUEST, "wait-for-handshake", _ -> context -> context.handshakeDone()
                ? Verdict.CONTINUE
                : Verdict.WAIT);
    }

    /** The port stays. */
    private static Action address(final RuleWords words, final boolean source) throws ConfigException {
        final Expression expression = words.expression();
        return context -> {
            final InetSocketAddress old = source ? context.source() : context.destination();
            if (old != null
                    && Casts.cast(expression.evaluate(context), Type.ADDR) instanceof Value.Ip(InetAddress ip)) {
                change(context, source, new InetSocketAddress(ip, old.getPort()));
            }
            return Verdict.CONTINUE;
        };
    }

    /** The address stays; where there is none it is 0.0.0.0. */
    private static Action port(final RuleWords words, final boolean source) throws ConfigException {
        final Expression expression = words.expression();
        return context -> {
            final Long port = Casts.number(expression.evaluate(context));
            if (port != null) {
                final InetSocketAddress old = source ? context.source() : context.destination();
                final int number = (int) (port & PORT_MASK);
                change(context, source, old == null
                        ? new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), number)
                        : new InetSocketAddress(old.getAddress(), number));
            }
            return Verdict.CONTINUE;
        };
    }

    private static void change(final RuleContext context, final boolean source, final InetSocketAddress address) {
        if (source) {
            context.source(address);
        } else {
            context.destination(address);
        }
    }

    private static Action mark(final RuleWords words) throws ConfigException {
        final int mark = integer(words);
        return context -> {
            context.mark(mark);
            return Verdict.CONTINUE;
        };
    }

    private static Action tos(final RuleWords words) throws ConfigException {
        final int tos = integer(words);
        return context -> {
            context.tos(tos);
            return Verdict.CONTINUE;
        };
    }

    private static int integer(final RuleWords words) throws ConfigException {
        final String text = words.next("expects exactly 1 argument (integer/hex value)");
        try {
            return Long.decode(text).intValue();
        } catch (final NumberFormatException e) {
            final String rest = text.replaceFirst("^(0[xX][0-9a-fA-F]*|[0-9]*)", "");
            throw new ConfigException("invalid character starting at '" + rest + "' (integer/hex value expected)", e);
        }
    }

    private static Action expectProxy(final RuleWords words) throws ConfigException {
        if (!words.takeIf("layer4")) {
            throw new ConfigException("'tcp-request connection expect-proxy' only supports 'layer4' in "
                    + words.section() + " (got '" + words.peek() + "')");
        }
        return context -> {
            context.expectProxyProtocol();
            return Verdict.CONTINUE;
        };
    }
}
