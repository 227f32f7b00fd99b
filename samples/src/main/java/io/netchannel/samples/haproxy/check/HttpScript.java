package io.netchannel.samples.haproxy.check;

import java.util.ArrayList;
import java.util.List;

/** Puts {@code option httpchk} and the lines of {@code http-check} together. */
final class HttpScript {

    private static final String OPTIONS = "OPTIONS";
    private static final String HTTP_1_0 = "HTTP/1.0";

    private HttpScript() {
    }

    /** @param option's own request is what the first {@code send} line changes, if it stands before any other */
    static CheckScript create(final Step.SendRequest option, final List<Step> lines, final boolean disableOn404,
            final boolean sendState) {
        final List<Step> steps = new ArrayList<>();
        boolean sends = false;
        for (final Step line : lines) {
            if (line instanceof final Step.SendRequest send) {
                final Step.SendRequest base = sends || standsBehindConnect(steps) ? null : option;
                steps.add(merged(base, send));
                sends = true;
            } else {
                steps.add(line);
            }
        }
        if (!sends) {
            addImplicit(steps, merged(option, NONE));
        }
        if (steps.stream().noneMatch(Step.Expect.class::isInstance)) {
            steps.add(new Step.Expect(Step.Kind.STATUS, false, "", null, null, new int[][]{{200, 399}}, null, null, -1,
                    null, null, null, null, null, null, ""));
        }
        return new CheckScript(CheckScript.Protocol.HTTP, steps, disableOn404, sendState);
    }

    /** Says nothing: haproxy's own request. */
    static final Step.SendRequest NONE = new Step.SendRequest(null, null, null, null, List.of(), null, null, "");

    /** Before the first expectation. */
    private static void addImplicit(final List<Step> steps, final Step.SendRequest request) {
        int at = 0;
        while (at < steps.size() && !(steps.get(at) instanceof Step.Expect)) {
            at++;
        }
        steps.add(at, request);
    }

    /** With a connect line, the option's request is not its. */
    private static boolean standsBehindConnect(final List<Step> steps) {
        return steps.stream().anyMatch(Step.Connect.class::isInstance);
    }

    /** What the line doesn't say is the option's, and what that doesn't either is haproxy's default. */
    private static Step.SendRequest merged(final Step.SendRequest option, final Step.SendRequest line) {
        final Step.SendRequest base = option == null ? NONE : option;
        final boolean ownUri = line.uri() != null || line.uriFormat() != null;
        final List<Step.Field> fields = line.fields().isEmpty() ? base.fields() : line.fields();
        return new Step.SendRequest(first(line.method(), base.method(), OPTIONS),
                ownUri ? first(line.uri(), null, "/") : first(base.uri(), null, "/"), line.uriFormat(),
                first(line.version(), base.version(), HTTP_1_0), fields,
                line.body() == null ? base.body() : line.body(),
                line.bodyFormat(), line.comment());
    }

    private static String first(final String one, final String two, final String three) {
        if (one != null) {
            return one;
        }
        return two == null ? three : two;
    }
}
