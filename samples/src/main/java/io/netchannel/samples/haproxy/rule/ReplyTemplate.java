package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.http.HttpMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An answer as {@code return}, {@code deny} and {@code http-error} describe it, to be made for one stream. */
interface ReplyTemplate {

    int status();

    Reply render(RuleContext context);

    /** A field whose value is a log-format string; left out when it is empty. */
    record Field(String name, LogFormat value) {
    }

    /** The error answer of the proxy that the stream is in. */
    record OfProxy(int status) implements ReplyTemplate {

        @Override
        public Reply render(final RuleContext context) {
            return context.errorReply(status).copy();
        }
    }

    /** haproxy's own answer of that status, whatever the proxy has. */
    record BuiltIn(int status) implements ReplyTemplate {

        @Override
        public Reply render(final RuleContext context) {
            return ErrorReplies.own(status);
        }
    }

    /** An error file, read when the configuration was. */
    record OfFile(int status, Reply reply) implements ReplyTemplate {

        /** @param read null: the file is empty */
        static OfFile of(final int status, final Reply read) {
            return new OfFile(status, read == null ? Reply.silent(status) : read);
        }

        @Override
        public Reply render(final RuleContext context) {
            return reply.copy();
        }
    }

    /** Of an http-errors section, which may have none for that status: then it is empty. */
    record OfSection(int status, HttpErrors errors) implements ReplyTemplate {

        @Override
        public Reply render(final RuleContext context) {
            final Reply reply = errors.get(status);
            return reply == null
                    ? new Built(status, null, List.of(), new byte[0], null).render(context)
                    : reply.copy();
        }
    }

    /**
     * Put together from its parts.
     *
     * @param contentType null: none
     * @param body null if {@code format} makes it
     */
    record Built(int status, String contentType, List<Field> fields, byte[] body, LogFormat format)
            implements
                ReplyTemplate {

        @Override
        public Reply render(final RuleContext context) {
            final byte[] bytes = body == null ? format.format(context).getBytes(StandardCharsets.ISO_8859_1) : body;
            final HttpMessage head = HttpMessage.response(status, Reasons.of(status), 1);
            for (final Field field : fields) {
                final String value = field.value.format(context);
                if (!value.isEmpty()) {
                    head.add(field.name, value);
                }
            }
            head.add("content-length", Integer.toString(bytes.length));
            if (bytes.length > 0 && contentType != null) {
                head.add("content-type", contentType);
            }
            return new Reply(head, bytes, true);
        }
    }
}
