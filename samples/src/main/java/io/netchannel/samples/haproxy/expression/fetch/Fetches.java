package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.expression.Fetch;
import java.util.HashMap;
import java.util.Map;

/** All fetches by name. */
public final class Fetches {

    private static final Map<String, Fetch> ALL = new HashMap<>();

    static {
        final FetchTable table = new FetchTable(ALL);
        ConstantFetches.addTo(table);
        ProxyFetches.addTo(table);
        ConnectionFetches.addTo(table);
        TlsFetches.addTo(table);
        PayloadFetches.addTo(table);
        StickFetches.addTo(table);
        RequestFetches.addTo(table);
        HeaderFetches.addTo(table);
        CookieFetches.addTo(table);
        ParameterFetches.addTo(table);
        AuthFetches.addTo(table);
    }

    private Fetches() {
    }

    /** @return null if there is none of that name */
    public static Fetch find(final String name) {
        return ALL.get(name);
    }
}
