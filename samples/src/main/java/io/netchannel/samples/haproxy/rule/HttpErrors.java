package io.netchannel.samples.haproxy.rule;

import java.util.HashMap;
import java.util.Map;

/** An {@code http-errors} section: error files by their status. */
final class HttpErrors {

    private final String name;
    private final String file;
    private final int line;
    private final Map<Integer, Reply> replies = new HashMap<>();

    HttpErrors(final String name, final String file, final int line) {
        this.name = name;
        this.file = file;
        this.line = line;
    }

    String name() {
        return name;
    }

    String declaredAt() {
        return file + ":" + line;
    }

    void put(final int status, final Reply reply) {
        replies.put(status, reply);
    }

    /** @return null if it has none */
    Reply get(final int status) {
        return replies.get(status);
    }

    Iterable<Integer> statuses() {
        return replies.keySet();
    }
}
