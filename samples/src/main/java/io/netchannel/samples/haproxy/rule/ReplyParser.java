package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Units;
import io.netchannel.samples.haproxy.http.ErrorMessages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@code http-request return} has behind it, and {@code deny}, {@code http-error}. */
final class ReplyParser {

    /** tune.bufsize's default. */
    static final int BUFFER_BYTES = 16_384;
    private static final int REWRITE_BYTES = 1_024;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final RuleWords words;
    private final List<ReplyTemplate.Field> fields = new ArrayList<>();
    private int status;
    private boolean deny;
    private String contentType;
    /** The argument that says what the payload is; null yet. */
    private String kind;
    private String value = "";
    private byte[] payload = {};
    private Reply file;

    ReplyParser(final RuleWords words, final int defaultStatus) {
        this.words = words;
        this.status = defaultStatus;
    }

    /** {@code deny_status} stands for {@code status}. */
    ReplyParser deny() {
        deny = true;
        return this;
    }

    static ReplyTemplate ofProxy(final int status) throws ConfigException {
        if (!ErrorMessages.isKnown(status)) {
            throw new ConfigException("status code '" + status
                    + "' not handled by default with 'default-errorfiles' argument.");
        }
        return new ReplyTemplate.OfProxy(status);
    }

    /** The word behind {@code status}. */
    static int status(final RuleWords words) throws ConfigException {
        final int status = (int) Units.leadingInteger(words.next("'status' expects <status_code> as argument"));
        if (status < 200 || status > 599) {
            throw new ConfigException("Unexpected status code '" + status + "'");
        }
        return status;
    }

    ReplyTemplate parse() throws ConfigException {
        while (argument()) {
            // Each takes its words.
        }
        if (kind == null) {
            if (contentType != null) {
                words.context().warning("content-type '" + contentType
                        + "' ignored by the http reply because neither errorfile nor payload defined.");
            }
            return new ReplyTemplate.Built(status, null, List.copyOf(fields), payload, null);
        }
        return switch (kind) {
            case "errorfiles", "default-errorfiles", "errorfile" -> errorFile();
            case "file", "string" -> raw();
            default -> formatted();
        };
    }

    int status() {
        return status;
    }

    /** {@code errorfiles NAME}: the name; else null. */
    String section() {
        return "errorfiles".equals(kind) ? value : null;
    }

    private boolean argument() throws ConfigException {
        final String word = deny && "deny_status".equals(words.peek()) ? "status" : words.peek();
        switch (word) {
            case "status" -> {
                words.next();
                status = status(words);
            }
            case "content-type" -> {
                words.next();
                contentType = words.next("'content-type' expects <ctype> as argument");
            }
            case "hdr" -> field();
            case "default-errorfiles" -> kind(word);
            case "errorfiles" -> {
                kind(word);
                value = words.next("'errorfiles' expects <name> as argument");
            }
            case "errorfile" -> {
                kind(word);
                value = words.next("'errorfile' expects <fmt> as argument");
                file = ErrorFile.load(value, BUFFER_BYTES);
            }
            case "file", "lf-file" -> {
                kind(word);
                value = words.next("'" + word + "' expects <file> as argument");
                payload = read(value);
            }
            case "string" -> {
                kind(word);
                value = words.next("'string' expects <str> as argument");
                payload = value.getBytes(StandardCharsets.ISO_8859_1);
            }
            case "lf-string" -> {
                kind(word);
                value = words.next("'lf-string' expects <fmt> as argument");
                payload = value.getBytes(StandardCharsets.ISO_8859_1);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void kind(final String word) throws ConfigException {
        if (kind != null) {
            throw new ConfigException("unexpected '" + word + "' argument, '" + kind + "' already defined");
        }
        words.next();
        kind = word;
    }

    private void field() throws ConfigException {
        words.next();
        if (words.peek().isEmpty() || words.peek(1).isEmpty()) {
            throw new ConfigException("'hdr' expects <name> and <value> as arguments");
        }
        final String name = words.next();
        final String format = words.next();
        if ("content-length".equalsIgnoreCase(name) || "transfer-encoding".equalsIgnoreCase(name)
                || "content-type".equalsIgnoreCase(name)) {
            words.context().warning("header '" + name + "' always ignored by the http reply.");
            return;
        }
        fields.add(new ReplyTemplate.Field(name, words.format(format)));
    }

    private static byte[] read(final String name) throws ConfigException {
        final byte[] bytes;
        try {
            bytes = Files.readAllBytes(Path.of(name));
        } catch (IOException | InvalidPathException e) {
            throw new ConfigException("error opening file '" + name + "'", e);
        }
        if (bytes.length > BUFFER_BYTES) {
            throw new ConfigException("file '" + name + "' exceeds the buffer size (" + bytes.length + " > "
                    + BUFFER_BYTES + ")");
        }
        return bytes;
    }

    private ReplyTemplate errorFile() throws ConfigException {
        final boolean ofFile = "errorfile".equals(kind);
        if (!ofFile && !ErrorMessages.isKnown(status)) {
            throw new ConfigException("status code '" + status + "' not handled by default with '" + kind
                    + "' argument.");
        }
        if (contentType != null) {
            words.context().warning("content-type '" + contentType
                    + "' ignored by the http reply when used with an erorrfile.");
        }
        if (!fields.isEmpty()) {
            words.context().warning("hdr parameters ignored by the http reply when used with an erorrfile.");
        }
        if (ofFile) {
            return ReplyTemplate.OfFile.of(status, file);
        }
        return "errorfiles".equals(kind) ? new LateSection(status, value, words) : new ReplyTemplate.OfProxy(status);
    }

    private ReplyTemplate raw() throws ConfigException {
        if ((status == NO_CONTENT || status == NOT_MODIFIED) && payload.length > 0) {
            throw new ConfigException("No body expected for " + status + " responses");
        }
        if (contentType == null && payload.length > 0) {
            throw new ConfigException("a content type must be defined when non-empty payload is configured");
        }
        if (contentType != null && payload.length == 0) {
            words.context().warning("content-type '" + contentType
                    + "' ignored by the http reply when used with an empty payload.");
        }
        if (BUFFER_BYTES - payload.length < REWRITE_BYTES) {
            words.context().warning("http reply payload runs over the buffer space reserved to headers rewriting."
                    + " It may lead to internal errors if strict rewriting mode is enabled.");
        }
        return new ReplyTemplate.Built(status, contentType, List.copyOf(fields), payload, null);
    }

    private ReplyTemplate formatted() throws ConfigException {
        if (status == NO_CONTENT || status == NOT_MODIFIED) {
            throw new ConfigException("No body expected for " + status + " responses");
        }
        if (contentType == null) {
            throw new ConfigException("a content type must be defined with a log-format payload");
        }
        return new ReplyTemplate.Built(status, contentType, List.copyOf(fields), null,
                words.format(new String(payload, StandardCharsets.ISO_8859_1)));
    }

    /** Of a section that may stand further down in the files. */
    private static final class LateSection implements ReplyTemplate {

        private final int status;
        private ReplyTemplate found;

        LateSection(final int status, final String name, final RuleWords words) {
            this.status = status;
            words.context().afterParsing(context -> {
                final HttpErrors errors = context.configuration().global().get(RuleSettings.SECTIONS).get(name);
                final String proxy = "Proxy '" + words.section().name() + "': ";
                if (errors == null) {
                    throw new ConfigException(proxy + "unknown http-errors section '" + name
                            + "' referenced by an http reply .");
                }
                if (errors.get(status) == null) {
                    context.warning(proxy + "status '" + status
                            + "' referenced by an http reply not declared in http-errors section '" + name + "'.");
                }
                found = new OfSection(status, errors);
            });
        }

        @Override
        public int status() {
            return status;
        }

        @Override
        public Reply render(final RuleContext context) {
            return found.render(context);
        }
    }
}
