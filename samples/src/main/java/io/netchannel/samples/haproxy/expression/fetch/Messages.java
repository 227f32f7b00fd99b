package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.http.Targets;

/** Which message a fetch looks at, and parts of a message that several fetches want. */
final class Messages {

    /** Finds the message. */
    @FunctionalInterface
    interface Side {

        /** @return null when it isn't there; it may still come then */
        HttpMessage of(Evaluation evaluation);
    }

    static final Side REQUEST = evaluation -> present(evaluation, evaluation.request());
    static final Side RESPONSE = evaluation -> present(evaluation, evaluation.response());
    /** That of the rule which asks. */
    static final Side EITHER = evaluation -> evaluation.direction() == SampleContext.Direction.REQUEST
            ? REQUEST.of(evaluation)
            : RESPONSE.of(evaluation);

    private Messages() {
    }

    private static HttpMessage present(final Evaluation evaluation, final HttpMessage message) {
        if (message == null && !evaluation.context().payloadComplete()) {
            evaluation.answerMayChange();
        }
        return message;
    }

    /** The path with its query; null of an asterisk, an authority, and an absolute URI that ends with its authority. */
    static String pathAndQuery(final String uri) {
        final String path = Targets.pathAndQuery(uri);
        return path.isEmpty() ? null : path;
    }

    static String path(final String uri) {
        final String path = pathAndQuery(uri);
        final int query = path == null ? -1 : path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }
}
