package io.netchannel.samples.haproxy.rule;

/** How the evaluation of rules goes on after an action, and what a whole set came to. */
public sealed interface Verdict {

    /** The next rule; of a whole set: no rule decided, traffic goes on. */
    Verdict CONTINUE = Plain.CONTINUE;
    /** {@code accept}, {@code allow}: no more rules of this set. */
    Verdict ACCEPT = Plain.ACCEPT;
    /** More data or time is needed; the set is evaluated again from where its {@link RuleCursor} stands. */
    Verdict WAIT = Plain.WAIT;
    /** {@code reject}: the connection is closed without an answer (termination state PR). */
    Verdict REJECT = Plain.REJECT;
    /** {@code silent-drop}: the connection is forgotten without telling the client (termination state PR). */
    Verdict SILENT_DROP = Plain.SILENT_DROP;
    /** {@code tcp-response content close}: the server's connection is closed, the client gets what came so far. */
    Verdict CLOSE = Plain.CLOSE;
    /** An action failed where strict-mode doesn't let it: 500 (state PR or PH). */
    Verdict FAILED = Plain.FAILED;

    /** What the action needs is malformed: 400 on requests, 502 on responses (state PR or PH). */
    Verdict INVALID = Plain.INVALID;

    /** What was waited for didn't come in time: 408 on requests (state cD), 504 on responses (state sD). */
    Verdict TIME_OVER = Plain.TIME_OVER;

    /** Verdicts that carry nothing. */
    enum Plain implements Verdict {
        CONTINUE, ACCEPT, WAIT, REJECT, SILENT_DROP, CLOSE, FAILED, INVALID, TIME_OVER
    }

    /**
     * An answer to the client instead of what would have followed.
     *
     * @param denied {@code deny}: counted as denied, termination state PR; else ({@code return}, {@code redirect}, {@code auth}) LR
     */
    record Respond(Reply reply, boolean denied) implements Verdict {
    }

    /** The reply is sent when {@code timeout tarpit} is over; counted as denied, termination state PT. */
    record Tarpit(Reply reply) implements Verdict {
    }
}
