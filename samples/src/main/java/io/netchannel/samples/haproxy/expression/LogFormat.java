package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.format.Escaping;
import io.netchannel.samples.haproxy.expression.format.FormatOptions;
import io.netchannel.samples.haproxy.expression.format.Variable;
import java.util.List;

/** Text with variables and expressions in it (configuration manual, 8.2.4), compiled. Threading: the proxy's loop. */
public final class LogFormat {

    /** {@code option httplog} */
    public static final String HTTP = "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc "
            + "%ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r";
    /** {@code option httpslog} */
    public static final String HTTPS = HTTP + " %[fc_err]/%[ssl_fc_err,hex]/%[ssl_c_err]/%[ssl_c_ca_err]/"
            + "%[ssl_fc_is_resumed] %[ssl_fc_sni]/%sslv/%sslc";
    /** {@code option httplog clf} */
    public static final String COMMON = "%{+Q}o %{-Q}ci - - [%trg] %r %ST %B \"\" \"\" %cp %ms %ft %b %s "
            + "%TR %Tw %Tc %Tr %Ta %tsc %ac %fc %bc %sc %rc %sq %bq %CC %CS %hrl %hsl";
    /** {@code option tcplog} */
    public static final String TCP = "%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq";

    /** A part of the format. */
    sealed interface Node {

        /** @return false if nothing stands there, so that the spaces around it are one */
        boolean write(StringBuilder out, SampleContext context);
    }

    record Text(String text) implements Node {

        @Override
        public boolean write(final StringBuilder out, final SampleContext context) {
            out.append(text);
            return true;
        }
    }

    /** A space, unless one was just written. */
    record Separator() implements Node {

        @Override
        public boolean write(final StringBuilder out, final SampleContext context) {
            out.append(' ');
            return false;
        }
    }

    record Named(Variable variable, int options) implements Node {

        @Override
        public boolean write(final StringBuilder out, final SampleContext context) {
            return variable.writer().write(out, context, options);
        }
    }

    /** @param request whether it is asked in the request's direction first; @param response in the response's then */
    record Sampled(Expression expression, int options, boolean request, boolean response) implements Node {

        @Override
        public boolean write(final StringBuilder out, final SampleContext context) {
            String text = null;
            if (request) {
                text = Casts.string(expression.evaluate(context, SampleContext.Direction.REQUEST));
            }
            if (text == null && response) {
                text = Casts.string(expression.evaluate(context, SampleContext.Direction.RESPONSE));
            }
            if (!request && !response) {
                text = expression.evaluateText(context);
            }
            if ((options & FormatOptions.HTTP) == 0) {
                Escaping.text(out, text, options);
            } else if (text != null) {
                Escaping.percent(out, text, options);
            }
            return true;
        }
    }

    private final Node[] nodes;
    private final String constant;

    LogFormat(final List<Node> nodes) {
        this.nodes = nodes.toArray(Node[]::new);
        this.constant = nodes.isEmpty()
                ? ""
                : nodes.size() == 1 && nodes.getFirst() instanceof Text(String text)
                        ? text
                        : null;
    }

    /** For logs: spaces are merged, and a dash stands for what is empty. */
    public static LogFormat parseLog(final String text, final ParsePlace place) throws ConfigException {
        return parse(text, place, FormatOptions.MANDATORY | FormatOptions.MERGE_SPACES, Point.LOG.bit());
    }

    /**
     * For parts of HTTP messages and keys of maps ({@code http-request set-header} and its kind).
     *
     * @param points the {@link Point}s at which it is used
     */
    public static LogFormat parseHttp(final String text, final ParsePlace place, final int points)
            throws ConfigException {
        return parse(text, place, FormatOptions.HTTP, points);
    }

    /** @param options of {@link FormatOptions}, for the parts that say nothing else */
    public static LogFormat parse(final String text, final ParsePlace place, final int options, final int points)
            throws ConfigException {
        return new LogFormatParser(text, place, options, points).parse();
    }

    public String format(final SampleContext context) {
        if (constant != null) {
            return constant;
        }
        final StringBuilder out = new StringBuilder(256);
        append(out, context);
        return out.toString();
    }

    public void append(final StringBuilder out, final SampleContext context) {
        boolean afterSpace = true;
        for (final Node node : nodes) {
            if (node instanceof Separator) {
                if (!afterSpace) {
                    out.append(' ');
                    afterSpace = true;
                }
            } else if (node.write(out, context)) {
                afterSpace = false;
            }
        }
    }

    /** Whether it is the same for every stream. */
    public boolean isConstant() {
        return constant != null;
    }
}
