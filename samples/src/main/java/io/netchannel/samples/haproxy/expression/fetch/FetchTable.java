package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Fetch;
import io.netchannel.samples.haproxy.expression.Origin;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import java.util.Map;

/** What the groups put their fetches into. */
final class FetchTable {

    static final Signature OPTIONAL_STRING = Signature.of(0, ArgType.STR);

    private final Map<String, Fetch> fetches;

    FetchTable(final Map<String, Fetch> fetches) {
        this.fetches = fetches;
    }

    /** Without arguments. */
    void add(final String name, final Type output, final Origin origin, final Fetch.Sampler sampler) {
        add(name, Signature.NONE, output, origin.bit(), (args, place) -> sampler);
    }

    void add(final String name, final Signature signature, final Type output, final Origin origin,
            final Fetch.Binder binder) {
        add(name, signature, output, origin.bit(), binder);
    }

    /** @param origins mask of {@link Origin} */
    void add(final String name, final Signature signature, final Type output, final int origins,
            final Fetch.Binder binder) {
        if (fetches.put(name, new Fetch(name, signature, output, origins, binder)) != null) {
            throw new IllegalStateException("fetch " + name + " is there twice");
        }
    }
}
