package io.netchannel.samples.haproxy.stats;

import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.StatsSettings;
import java.util.List;
import java.util.Locale;

/**
 * What a request for the page asks for: words behind semicolons of its URI, as haproxy has them.
 *
 * @param prefix what the page's URIs begin with
 * @param scope text that names of proxies must contain; "": all
 * @param status of an action before, {@code DONE} and its like; "": none
 */
record PageRequest(String prefix, Format format, boolean up, boolean noMaintenance, boolean noRefresh, String scope,
        String status) {

    enum Format {
        HTML, CSV, TYPED, JSON, SCHEMA
    }

    static final String SCOPE = "scope=";
    static final int MAX_SCOPE = 20;
    private static final List<String> STATUSES = List.of("DENY", "DONE", "ERRP", "EXCD", "NONE", "PART", "UNKN",
            "IVAL");

    static PageRequest of(final ProxySection section, final String uri) {
        final String prefix = section.get(StatsSettings.URI);
        final String rest = uri.substring(prefix.length());
        final Format format = rest.contains(";json-schema")
                ? Format.SCHEMA
                : rest.contains(";json")
                        ? Format.JSON
                        : rest.contains(";typed") ? Format.TYPED : rest.contains(";csv") ? Format.CSV : Format.HTML;
        return new PageRequest(prefix, format, rest.contains(";up"), rest.contains(";no-maint"),
                rest.contains(";norefresh"), scope(rest), status(rest));
    }

    private static String status(final String rest) {
        final int at = rest.indexOf(";st=");
        if (at < 0 || rest.length() < at + 8) {
            return "";
        }
        final String status = rest.substring(at + 4, at + 8);
        return STATUSES.contains(status) ? status : "UNKN";
    }

    /** Only of characters that names have: it comes back in the page and in URIs. */
    private static String scope(final String rest) {
        final int at = rest.indexOf(SCOPE);
        if (at < 0) {
            return "";
        }
        final int from = at + SCOPE.length();
        int end = from;
        while (end < rest.length() && ";& ".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        final String scope = rest.substring(from, Math.min(end, from + MAX_SCOPE));
        return scope.matches("[A-Za-z0-9_.:-]*") ? scope : "";
    }

    /** Which proxies are shown, of those that {@code stats scope} allows. */
    StatFilter filter(final ProxySection page) {
        final List<String> allowed = page.get(StatsSettings.SCOPE);
        return new StatFilter(-1, -1, -1, up, noMaintenance, name -> (allowed.isEmpty() || allowed.contains(name)
                || allowed.contains(".") && name.equals(page.name()))
                && name.toLowerCase(Locale.ROOT).contains(scope.toLowerCase(Locale.ROOT)));
    }

    /** The same page with another choice of words. */
    String uri(final boolean withUp, final boolean withoutRefresh, final String more) {
        return prefix + (withUp ? ";up" : "") + (withoutRefresh ? ";norefresh" : "") + more
                + (scope.isEmpty() ? "" : ";" + SCOPE + scope);
    }

    /** Where the client goes after a form was processed: a page that a reload doesn't send again. */
    String redirect(final String newStatus) {
        return prefix + ";st=" + newStatus + (up ? ";up" : "") + (noRefresh ? ";norefresh" : "")
                + (scope.isEmpty() ? "" : ";" + SCOPE + scope);
    }
}
