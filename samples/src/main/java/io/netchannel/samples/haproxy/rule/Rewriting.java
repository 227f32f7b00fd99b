package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.http.HttpMessage;

/** What all changes to messages share: room in the buffer, and what happens without. */
final class Rewriting {

    private Rewriting() {
    }

    static HttpMessage message(final RuleContext context, final boolean ofResponse) {
        return ofResponse ? context.response() : context.request();
    }

    static boolean fits(final RuleContext context, final int addedBytes) {
        return addedBytes <= context.rewriteRoomBytes();
    }

    /** Counts it; fatal unless strict-mode is off. */
    static Verdict failed(final RuleContext context) {
        context.rewriteFailed();
        return context.strictRewriting() ? Verdict.FAILED : Verdict.CONTINUE;
    }
}
