package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.expression.pattern.MatchMethod;
import io.netchannel.samples.haproxy.expression.pattern.PatternSet;
import java.util.ArrayList;
import java.util.List;

/** Tests of which one must hold: all lines of one name in a proxy, or what stands between braces. Threading: the proxy's loop. */
public final class Acl {

    /** Bits of an answer, so that uncertain ones combine by {@code |} and {@code &}. */
    static final int FAIL = 0;
    static final int MISS = 1;
    static final int PASS = 3;

    /** An expression, and the patterns of which its sample must match one. */
    record Test(Expression expression, String keyword, MatchMethod method, List<PatternSet> sets) {

        boolean matches(final Value value) {
            if (method == MatchMethod.FOUND) {
                return true;
            }
            if (method == MatchMethod.BOOL) {
                return value instanceof Value.Bool(boolean held)
                        ? held
                        : Casts.cast(value, Type.SINT) instanceof Value.Int(long number) && number != 0;
            }
            for (int i = 0; i < sets.size(); i++) {
                if (sets.get(i).find(value) != null) {
                    return true;
                }
            }
            return false;
        }
    }

    private final String name;
    private final ProxySection owner;
    private final List<Test> tests = new ArrayList<>(1);
    private int points;
    private int origins;

    private Acl(final String name, final ProxySection owner) {
        this.name = name;
        this.owner = owner;
    }

    /**
     * {@code NAME FETCH [FLAG…] [PATTERN…]}: another line of a name that is there adds to its ACL.
     *
     * @param words from the name; "" is the name of what stands between braces
     */
    public static Acl parse(final List<String> words, final ParsePlace place) throws ConfigException {
        final String name = words.getFirst();
        final List<String> rest = words.subList(1, words.size());
        final Test test = new AclParser(rest, place.withUse(Use.ACL)).parse();
        warnOfParenthesis(name, rest, place);
        Acl acl = name.isEmpty() ? null : find(name, place.proxy());
        if (acl == null) {
            acl = new Acl(name, place.proxy());
            if (!name.isEmpty() && place.proxy() != null) {
                place.proxy().append(ExpressionSettings.ACLS, acl);
            }
        }
        acl.add(test);
        return acl;
    }

    private static void warnOfParenthesis(final String name, final List<String> rest, final ParsePlace place) {
        if (rest.size() > 1 && rest.get(0).indexOf('(') < 0 && rest.get(1).startsWith("(")) {
            place.bareWarning(
                    "parsing acl '" + name + "' :\n  matching '" + rest.get(0) + "' for pattern '" + rest.get(1)
                            + "' is likely a mistake and probably\n"
                            + "  not what you want. Maybe you need to remove the extraneous space before '('.\n"
                            + "  If you are really sure this is not an error, please insert '--' between the\n"
                            + "  match and the pattern to make this warning message disappear.");
        }
    }

    /** @return the proxy's own ACL of that name, or null */
    static Acl find(final String name, final ProxySection proxy) {
        if (proxy != null) {
            for (final Acl acl : proxy.get(ExpressionSettings.ACLS)) {
                if (acl.owner == proxy && acl.name.equals(name)) {
                    return acl;
                }
            }
        }
        return null;
    }

    private void add(final Test test) {
        tests.add(test);
        points |= test.expression.points();
        origins |= test.expression.origins();
    }

    /** "" of one between braces. */
    public String name() {
        return name;
    }

    int points() {
        return points;
    }

    int origins() {
        return origins;
    }

    List<Test> tests() {
        return tests;
    }

    /**
     * @param complete whether what may still change counts as it is now
     * @return {@link #PASS}, {@link #FAIL}, or if not complete {@link #MISS}
     */
    int test(final SampleContext context, final boolean complete) {
        int result = FAIL;
        for (int i = 0; i < tests.size(); i++) {
            final Test test = tests.get(i);
            final Expression expression = test.expression;
            Value value = expression.first(context, true, complete);
            while (true) {
                if (value != null && test.matches(value)) {
                    return PASS;
                }
                if (!expression.hasMore()) {
                    break;
                }
                value = expression.next();
            }
            if (!complete && expression.mayChange()) {
                result = MISS;
            }
        }
        return result;
    }
}
