package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.expression.Fetch;
import io.netchannel.samples.haproxy.expression.Numbers;
import io.netchannel.samples.haproxy.expression.Origin;
import io.netchannel.samples.haproxy.expression.SampleContext.Direction;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Fetches of bodies, and of parameters in URIs and bodies. */
final class ParameterFetches {

    private ParameterFetches() {
    }

    static void addTo(final FetchTable table) {
        final Signature nameAndDelimiter = Signature.of(0, ArgType.STR, ArgType.STR);
        for (final String name : new String[]{"urlp", "url_param"}) {
            table.add(name, nameAndDelimiter, Type.STR, Origin.REQUEST_HEADERS,
                    (args, place) -> parameter(args.text(0), args.text(1)));
        }
        table.add("urlp_val", nameAndDelimiter, Type.SINT, Origin.REQUEST_HEADERS, (args, place) -> {
            final Fetch.Sampler parameter = parameter(args.text(0), args.text(1));
            return evaluation -> parameter.sample(evaluation) instanceof Value.Str(String text)
                    ? new Value.Int(Numbers.leading(text))
                    : null;
        });
        table.add("req.body_param", FetchTable.OPTIONAL_STRING, Type.BIN, Origin.REQUEST_HEADERS, (args, place) -> {
            final String name = args.text(0);
            return evaluation -> {
                final String body = body(evaluation, Direction.REQUEST);
                return body == null ? null : find(body, evaluation.position(), name, '&', evaluation);
            };
        });
        body(table, "req.", Direction.REQUEST, Origin.REQUEST_HEADERS);
        body(table, "res.", Direction.RESPONSE, Origin.RESPONSE_HEADERS);
    }

    private static void body(final FetchTable table, final String prefix, final Direction direction,
            final Origin origin) {
        table.add(prefix + "body", Type.BIN, origin, evaluation -> {
            final String body = body(evaluation, direction);
            if (body == null) {
                return null;
            }
            if (!evaluation.context().payloadComplete()) {
                evaluation.answerMayChange();
            }
            return new Value.Bin(body.getBytes(StandardCharsets.ISO_8859_1));
        });
        table.add(prefix + "body_len", Type.SINT, origin, evaluation -> {
            final HttpMessage message = message(evaluation, direction);
            return message == null ? null : new Value.Int(buffered(evaluation, direction));
        });
        table.add(prefix + "body_size", Type.SINT, origin, evaluation -> {
            final HttpMessage message = message(evaluation, direction);
            if (message == null) {
                return null;
            }
            final String announced = message.first("content-length");
            final Long length = announced == null ? null : Numbers.strict(announced.strip());
            return new Value.Int(length == null ? buffered(evaluation, direction) : length);
        });
    }

    private static HttpMessage message(final Evaluation evaluation, final Direction direction) {
        return direction == Direction.REQUEST ? Messages.REQUEST.of(evaluation) : Messages.RESPONSE.of(evaluation);
    }

    private static int buffered(final Evaluation evaluation, final Direction direction) {
        final ByteBuf payload = evaluation.context().payload();
        return payload == null || evaluation.context().direction() != direction ? 0 : payload.readableBytes();
    }

    /** What is there of it; null if there is no such message. */
    private static String body(final Evaluation evaluation, final Direction direction) {
        if (message(evaluation, direction) == null) {
            return null;
        }
        final ByteBuf payload = evaluation.context().payload();
        return payload == null || evaluation.context().direction() != direction
                ? ""
                : payload.toString(StandardCharsets.ISO_8859_1);
    }

    private static Fetch.Sampler parameter(final String name, final String delimiterText) {
        final char delimiter = delimiterText.isEmpty() ? '?' : delimiterText.charAt(0);
        return evaluation -> {
            final HttpMessage request = Messages.REQUEST.of(evaluation);
            if (request == null) {
                return null;
            }
            int from = evaluation.position();
            if (from == 0) {
                from = request.uri().indexOf(delimiter) + 1;
                if (from == 0) {
                    return null;
                }
            }
            return find(request.uri(), from, name, delimiter, evaluation);
        };
    }

    /** @param from behind the start of the list, or at the end of the last parameter's value */
    private static Value find(final String text, final int from, final String name, final char delimiter,
            final Evaluation evaluation) {
        final int start;
        if (name.isEmpty()) {
            final int equal = text.indexOf('=', from);
            start = equal + 1;
        } else {
            start = valueStart(text, from, name, delimiter);
        }
        if (start <= 0) {
            return null;
        }
        int end = start;
        while (end < text.length() && !isDelimiter(text.charAt(end), delimiter)) {
            end++;
        }
        if (end < text.length() && evaluation.iterating()) {
            evaluation.continueAt(0, end);
        }
        return new Value.Str(text.substring(start, end));
    }

    private static int valueStart(final String text, final int from, final String name, final char delimiter) {
        int at = from;
        while (at + name.length() < text.length()) {
            if (text.startsWith(name, at) && text.charAt(at + name.length()) == '=') {
                return at + name.length() + 1;
            }
            while (at < text.length() && !isDelimiter(text.charAt(at), delimiter)) {
                at++;
            }
            at++;
        }
        return -1;
    }

    private static boolean isDelimiter(final char c, final char delimiter) {
        return c == '&' || c == ';' || c == delimiter;
    }
}
