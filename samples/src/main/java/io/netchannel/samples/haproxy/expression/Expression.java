package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;
import java.util.List;

/** A fetch and the converters behind it, compiled. Threading: the proxy's loop; not reentrant, as haproxy's own aren't. */
public final class Expression {

    private final Fetch fetch;
    private final Fetch.Sampler sampler;
    private final Step[] steps;
    private final Evaluation evaluation = new Evaluation();
    private final int end;

    /** A converter with its arguments. */
    record Step(Converter converter, Converter.Conversion conversion) {
    }

    Expression(final Fetch fetch, final Fetch.Sampler sampler, final List<Step> steps, final int end) {
        this.fetch = fetch;
        this.sampler = sampler;
        this.steps = steps.toArray(Step[]::new);
        this.end = end;
    }

    /** One word that is an expression and nothing else. */
    public static Expression parse(final String text, final ParsePlace place) throws ConfigException {
        return new ExpressionParser(place).words(List.of(text), 0);
    }

    /**
     * As rules have it: a word that begins with a fetch, and words behind it that are converters.
     *
     * @see #end() for the first word that isn't part of it
     */
    public static Expression parse(final List<String> words, final int from, final ParsePlace place)
            throws ConfigException {
        return new ExpressionParser(place).words(words, from);
    }

    /** At the front of {@code text}; {@link #end()} is the first char behind it. */
    static Expression prefix(final String text, final int from, final ParsePlace place) throws ConfigException {
        return new ExpressionParser(place).prefix(text, from);
    }

    /** The index of the first word behind the expression, or for a prefix of the first char. */
    public int end() {
        return end;
    }

    /** @return null when there is no sample */
    public Value evaluate(final SampleContext context) {
        return first(context, false, true);
    }

    /** As text by the casts of the manual's 7.1; null when there is no sample or it can't be text. */
    public String evaluateText(final SampleContext context) {
        return Casts.string(evaluate(context));
    }

    Value evaluate(final SampleContext context, final SampleContext.Direction direction) {
        evaluation.begin(context, direction, false, true);
        return run();
    }

    Value first(final SampleContext context, final boolean iterate, final boolean complete) {
        evaluation.begin(context, context.direction(), iterate, complete);
        return run();
    }

    /** The next occurrence, after one for which {@link #hasMore()} held. */
    Value next() {
        evaluation.next();
        return run();
    }

    boolean hasMore() {
        return evaluation.more();
    }

    private Value run() {
        Value value = sampler.sample(evaluation);
        for (int i = 0; value != null && i < steps.length; i++) {
            final Step step = steps[i];
            value = Casts.cast(value, step.converter.input());
            if (value != null) {
                value = step.conversion.convert(value, evaluation);
            }
        }
        return value;
    }

    /** Whether the last answer, or its absence, may change when more bytes come: a rule waits then, if it can. */
    public boolean mayChange() {
        return evaluation.mayChange();
    }

    public Type type() {
        return steps.length == 0 ? fetch.output() : steps[steps.length - 1].converter.output();
    }

    boolean isConverted() {
        return steps.length > 0;
    }

    /** Mask of the {@link Point}s at which the fetch has an answer. */
    public int points() {
        return fetch.points();
    }

    /** Mask of the {@link Origin}s that the fetch looks at. */
    public int origins() {
        return fetch.origins();
    }

    /** "HTTP request headers" and the like: what is needed, for messages. */
    public String originNames() {
        return Origin.labels(fetch.origins());
    }

    /** The keyword of the fetch. */
    public String name() {
        return fetch.name();
    }
}
