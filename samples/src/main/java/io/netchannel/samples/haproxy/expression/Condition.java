package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.ProxySettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** ACLs joined by "and" and "or", behind {@code if} or {@code unless}. Threading: the proxy's loop. */
public final class Condition {

    /** What a condition says; {@link #MISS}: too early to say. */
    public enum Outcome {
        PASS, FAIL, MISS
    }

    private static final Map<String, List<String>> PREDEFINED = Map.ofEntries(Map.entry("TRUE", List.of("always_true")),
            Map.entry("FALSE", List.of("always_false")), Map.entry("LOCALHOST", List.of("src", "127.0.0.1/8", "::1")),
            Map.entry("HTTP", List.of("req.proto_http")), Map.entry("HTTP_1.0", List.of("req.ver", "1.0")),
            Map.entry("HTTP_1.1", List.of("req.ver", "1.1")), Map.entry("HTTP_2.0", List.of("req.ver", "2.0")),
            Map.entry("METH_CONNECT", List.of("method", "CONNECT")),
            Map.entry("METH_DELETE", List.of("method", "DELETE")),
            Map.entry("METH_GET", List.of("method", "GET", "HEAD")), Map.entry("METH_HEAD", List.of("method", "HEAD")),
            Map.entry("METH_OPTIONS", List.of("method", "OPTIONS")), Map.entry("METH_POST", List.of("method", "POST")),
            Map.entry("METH_PUT", List.of("method", "PUT")), Map.entry("METH_TRACE", List.of("method", "TRACE")),
            Map.entry("HTTP_URL_ABS", List.of("url_reg", "^[^/:]*://")),
            Map.entry("HTTP_URL_SLASH", List.of("url_beg", "/")),
            Map.entry("HTTP_URL_STAR", List.of("url", "*")),
            Map.entry("HTTP_CONTENT", List.of("req.hdr_val(content-length)", "gt", "0")),
            Map.entry("RDP_COOKIE", List.of("req.rdp_cookie_cnt", "gt", "0")),
            Map.entry("REQ_CONTENT", List.of("req.len", "gt", "0")), Map.entry("WAIT_END", List.of("wait_end")));

    private record Term(Acl acl, boolean negated) {
    }

    private final boolean unless;
    private final Line line;
    private final List<Term[]> suites;

    private Condition(final boolean unless, final Line line, final List<Term[]> suites) {
        this.unless = unless;
        this.line = line;
        this.suites = suites;
    }

    /**
     * The rest of a rule, which must begin with {@code if} or {@code unless}; named ACLs are those of the place's proxy.
     *
     * @param from the index of that word
     */
    public static Condition parse(final List<String> words, final int from, final ParsePlace place)
            throws ConfigException {
        final String first = from < words.size() ? words.get(from) : "";
        if (!first.equals("if") && !first.equals("unless")) {
            throw new ConfigException("conditions must start with either 'if' or 'unless'");
        }
        final List<Term[]> suites = new ArrayList<>(1);
        List<Term> suite = new ArrayList<>(2);
        boolean negated = false;
        for (int i = from + 1; i < words.size() && !words.get(i).isEmpty(); i++) {
            String word = words.get(i);
            while (word.startsWith("!")) {
                negated = !negated;
                word = word.substring(1);
            }
            if (word.isEmpty()) {
                continue;
            }
            if (word.equalsIgnoreCase("or") || word.equals("||")) {
                close(suites, suite);
                suite = new ArrayList<>(2);
            } else if (word.equals("{")) {
                final int end = closing(words, i + 1);
                final List<String> inner = new ArrayList<>(List.of(""));
                inner.addAll(words.subList(i + 1, end));
                suite.add(new Term(Acl.parse(inner, place), negated));
                i = end;
            } else {
                suite.add(new Term(named(word, place), negated));
            }
            negated = false;
        }
        close(suites, suite);
        return new Condition(first.equals("unless"), place.line(), suites);
    }

    private static void close(final List<Term[]> suites, final List<Term> suite) {
        if (!suite.isEmpty()) {
            suites.add(suite.toArray(Term[]::new));
        }
    }

    private static int closing(final List<String> words, final int from) throws ConfigException {
        for (int i = from; i < words.size() && !words.get(i).isEmpty(); i++) {
            if (words.get(i).equals("}")) {
                return i;
            }
        }
        throw new ConfigException("missing closing '}' in condition");
    }

    private static Acl named(final String name, final ParsePlace place) throws ConfigException {
        final Acl acl = Acl.find(name, place.proxy());
        if (acl != null) {
            return acl;
        }
        final List<String> predefined = PREDEFINED.get(name);
        if (predefined == null) {
            throw new ConfigException("no such ACL : '" + name + "'");
        }
        // It joins the proxy's own, so that a later line of that name adds to it.
        final List<String> words = new ArrayList<>(List.of(name));
        words.addAll(predefined);
        return Acl.parse(words, place);
    }

    /** Whether it holds as things are now. */
    public boolean holds(final SampleContext context) {
        return test(context, true) == Outcome.PASS;
    }

    /** @param complete false while more bytes may come and the rule can wait for them: then {@link Outcome#MISS} may be the answer */
    public Outcome test(final SampleContext context, final boolean complete) {
        int result = Acl.FAIL;
        for (int i = 0; i < suites.size() && result != Acl.PASS; i++) {
            result |= testAll(suites.get(i), context, complete);
        }
        if (result == Acl.MISS) {
            return Outcome.MISS;
        }
        return result == Acl.PASS != unless ? Outcome.PASS : Outcome.FAIL;
    }

    private static int testAll(final Term[] suite, final SampleContext context, final boolean complete) {
        int result = Acl.PASS;
        for (int i = 0; i < suite.length && result == Acl.PASS; i++) {
            final Term term = suite[i];
            final int one = term.acl.test(context, complete);
            result &= term.negated ? Acl.PASS >> one : one;
        }
        return result;
    }

    /** Warns, as haproxy does, where ACLs ask what isn't known at these points ({@link Point} bits). */
    public void warnIfConflicting(final int points, final ParsePlace place) {
        for (final Term[] suite : suites) {
            for (final Term term : suite) {
                if ((term.acl.points() & points) == 0) {
                    place.bareWarning("parsing " + line.place() + " : " + (term.acl.name().isEmpty()
                            ? "anonymous acl will never match because it uses keyword '"
                                    + term.acl.tests().getFirst().keyword() + "' which is"
                            : "acl '" + term.acl.name()
                                    + "' will never match because it only involves keywords that are")
                            + " incompatible with '" + Point.label(points) + "'");
                    return;
                }
            }
        }
        for (final Term[] suite : suites) {
            for (final Term term : suite) {
                for (final Acl.Test test : term.acl.tests()) {
                    if ((test.expression().points() & points) == 0) {
                        place.bareWarning("parsing " + line.place() + " : "
                                + (term.acl.name().isEmpty()
                                        ? "anonymous acl involves keyword '"
                                        : "acl '" + term.acl.name() + "' involves keywords '")
                                + test.keyword() + "' which is incompatible with '" + Point.label(points) + "'");
                        return;
                    }
                }
            }
        }
    }

    /** In mode http, haproxy warns of rules that look at raw bytes; call when the proxy is complete. */
    public void warnIfRawInHttp(final ParsePlace place) {
        if (place.proxy() != null && place.proxy().get(ProxySettings.MODE) == ProxySettings.Mode.HTTP
                && (origins() & Origin.mask(Origin.REQUEST_BUFFER, Origin.RESPONSE_BUFFER)) != 0) {
            place.bareWarning(
                    "Proxy '" + place.proxy().name() + "': L6 sample fetches ignored on HTTP proxies (declared at "
                            + line.file() + ":" + line.number() + ").");
        }
    }

    /** Mask of the {@link Origin}s that its ACLs look at. */
    public int origins() {
        int origins = 0;
        for (final Term[] suite : suites) {
            for (final Term term : suite) {
                origins |= term.acl.origins();
            }
        }
        return origins;
    }
}
