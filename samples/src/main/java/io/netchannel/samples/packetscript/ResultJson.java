package io.netchannel.samples.packetscript;

import io.netchannel.tcpip.script.run.ScriptResult;
import java.util.Locale;

/** A result as a JSON object on one line. */
final class ResultJson {

    private ResultJson() {
    }

    static String of(final ScriptResult result) {
        final StringBuilder json = new StringBuilder("{");
        member(json, "file", result.file());
        member(json, "outcome", result.outcome().toString());
        member(json, "kind", result.kind());
        member(json, "message", result.message());
        member(json, "expected", result.expected());
        member(json, "actual", result.actual());
        return json.append("\"line\":").append(result.line()).append('}').toString();
    }

    private static void member(final StringBuilder json, final String name, final String value) {
        json.append('"').append(name).append("\":");
        if (value == null) {
            json.append("null");
        } else {
            json.append('"');
            value.chars().forEach(c -> {
                if (c == '"' || c == '\\') {
                    json.append('\\').append((char) c);
                } else if (c < ' ') {
                    json.append(String.format(Locale.ROOT, "\\u%04x", c));
                } else {
                    json.append((char) c);
                }
            });
            json.append('"');
        }
        json.append(',');
    }
}
