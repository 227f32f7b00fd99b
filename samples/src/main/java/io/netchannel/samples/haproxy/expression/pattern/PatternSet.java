package io.netchannel.samples.haproxy.expression.pattern;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Addresses;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Numbers;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import java.net.InetAddress;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The patterns of one reference, as one method compares them. It follows its reference when that changes.
 *
 * <p>Threading: the proxy's loop.
 */
public final class PatternSet {

    private final MatchMethod method;
    private final boolean ignoreCase;
    private final boolean resolveNames;
    private final Type valueType;
    private final Index index;
    /** Of a map: where the value of each element is kept. */
    private final Map<PatternElement, Entry> entries = new IdentityHashMap<>();
    private long order;

    /** @param valueType of a map's values: {@link Type#STR}, {@link Type#SINT}, {@link Type#ADDR}; null in an ACL */
    PatternSet(final MatchMethod method, final boolean ignoreCase, final boolean resolveNames, final Type valueType) {
        this.method = method;
        this.ignoreCase = ignoreCase;
        this.resolveNames = resolveNames;
        this.valueType = valueType;
        this.index = Index.of(method, ignoreCase, resolveNames);
    }

    boolean is(final MatchMethod otherMethod, final boolean otherIgnoreCase, final boolean otherResolveNames,
            final Type otherValueType) {
        return method == otherMethod && ignoreCase == otherIgnoreCase && resolveNames == otherResolveNames
                && valueType == otherValueType;
    }

    public MatchMethod method() {
        return method;
    }

    public boolean ignoreCase() {
        return ignoreCase;
    }

    public boolean isTree() {
        return index.isTree();
    }

    /** @param value of any type: it is cast as the method wants it. Null when nothing matches. */
    public Entry find(final Value value) {
        final Value cast = Casts.cast(value, method.expected());
        return cast == null ? null : index.find(cast);
    }

    /** Whether that value would do as a map's value here. */
    void checkSample(final String sample) throws ConfigException {
        parse(sample);
    }

    void add(final PatternElement element) throws ConfigException {
        final Entry entry = new Entry(element, order++, parse(element.sample()));
        index.add(entry);
        if (valueType != null) {
            entries.put(element, entry);
        }
    }

    /** The element has another value, which {@link #checkSample} took. */
    void sampleChanged(final PatternElement element) throws ConfigException {
        final Entry entry = entries.get(element);
        if (entry != null) {
            entry.value(parse(element.sample()));
        }
    }

    /** The configuration is read: what comes now comes from traffic or the socket, where nobody can wait for a name server. */
    void resolveNoMore() {
        index.resolveNoMore();
    }

    void clear() {
        index.clear();
        entries.clear();
    }

    private Value parse(final String sample) throws ConfigException {
        if (valueType == null) {
            return null;
        }
        if (sample != null) {
            switch (valueType) {
                case SINT -> {
                    if (!sample.isEmpty() && Numbers.isWhole(sample)) {
                        return new Value.Int(Numbers.leading(sample));
                    }
                }
                case ADDR -> {
                    final InetAddress v4 = Addresses.v4(sample);
                    final InetAddress address = v4 != null ? v4 : Addresses.v6(sample);
                    if (address != null) {
                        return new Value.Ip(address);
                    }
                }
                default -> {
                    return new Value.Str(sample);
                }
            }
        }
        throw new ConfigException("unable to parse '" + sample + "'");
    }

    /** Of the expression that matched last: the value with its groups put in. */
    public String expandLast(final String template) {
        return index instanceof RegexIndex regexes && regexes.last() != null ? regexes.last().expand(template) : null;
    }
}
