package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.http.HttpMessage;

/**
 * One evaluation of one expression: what it sees, and what the fetch says about its answer. Threading: the proxy's loop.
 */
public final class Evaluation {

    private SampleContext context;
    private SampleContext.Direction direction;
    private boolean iterating;
    private boolean complete;
    private boolean more;
    private boolean mayChange;
    private int field;
    private int position;

    void begin(final SampleContext newContext, final SampleContext.Direction newDirection, final boolean iterate,
            final boolean isComplete) {
        context = newContext;
        direction = newDirection;
        iterating = iterate;
        complete = isComplete;
        more = false;
        mayChange = false;
        field = 0;
        position = 0;
    }

    void next() {
        more = false;
        mayChange = false;
    }

    public SampleContext context() {
        return context;
    }

    /** Which message is meant by fetches that don't say: not always that of the context, when a log asks. */
    public SampleContext.Direction direction() {
        return direction;
    }

    public HttpMessage request() {
        return context.request();
    }

    public HttpMessage response() {
        return context.response();
    }

    /** Whether the asker looks at all occurrences, one after another: an ACL. */
    public boolean iterating() {
        return iterating;
    }

    /** Whether what may still change counts as it is now: nobody waits any longer. */
    public boolean complete() {
        return complete;
    }

    /** Where a fetch of many occurrences stands: an index, 0 at first. */
    public int field() {
        return field;
    }

    /** And a position within it, 0 at first. */
    public int position() {
        return position;
    }

    /** Told by a fetch while {@link #iterating()}: ask again for the next occurrence. */
    public void continueAt(final int nextField, final int nextPosition) {
        more = true;
        field = nextField;
        position = nextPosition;
    }

    boolean more() {
        return more;
    }

    /** Told by a fetch or converter: with more bytes, or later, the answer may be another. */
    public void answerMayChange() {
        mayChange = true;
    }

    public void answerIsFinal() {
        mayChange = false;
    }

    boolean mayChange() {
        return mayChange;
    }
}
