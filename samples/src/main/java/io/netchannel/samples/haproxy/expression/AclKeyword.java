package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.expression.pattern.MatchMethod;
import java.util.HashMap;
import java.util.Map;

/**
 * A keyword that only ACLs know, or mean otherwise: a fetch with a way of comparing.
 *
 * @param fetch the keyword of the fetch
 */
record AclKeyword(String name, String fetch, MatchMethod method) {

    private static final Map<String, AclKeyword> ALL = new HashMap<>();

    static {
        for (final String[] family : new String[][]{{"base", "base"}, {"cook", "req.cook"}, {"hdr", "req.hdr"},
            {"path", "path"}, {"scook", "res.cook"}, {"shdr", "res.hdr"}, {"url", "url"}, {"urlp", "urlp"}}) {
            put(family[0], family[1], MatchMethod.STR);
            for (final MatchMethod method : new MatchMethod[]{MatchMethod.BEG, MatchMethod.DIR, MatchMethod.DOM,
                MatchMethod.END, MatchMethod.LEN, MatchMethod.REG, MatchMethod.SUB}) {
                put(family[0] + "_" + method.label(), family[1], method);
            }
        }
        put("http_auth_group", "http_auth_group", MatchMethod.GROUP);
        put("method", "method", MatchMethod.METHOD);
        put("req_ver", "req.ver", MatchMethod.STR);
        put("resp_ver", "res.ver", MatchMethod.STR);
        put("payload", "req.payload", MatchMethod.BIN);
        put("payload_lv", "req.payload_lv", MatchMethod.BIN);
        put("req_rdp_cookie", "req.rdp_cookie", MatchMethod.STR);
        put("req_rdp_cookie_cnt", "req.rdp_cookie_cnt", MatchMethod.INT);
        put("req_ssl_sni", "req.ssl_sni", MatchMethod.STR);
        put("req_ssl_ver", "req.ssl_ver", MatchMethod.VERSION);
        put("req.ssl_ver", "req.ssl_ver", MatchMethod.VERSION);
        put("ssl_fc_sni_end", "ssl_fc_sni", MatchMethod.END);
        put("ssl_fc_sni_reg", "ssl_fc_sni", MatchMethod.REG);
    }

    private static void put(final String name, final String fetch, final MatchMethod method) {
        ALL.put(name, new AclKeyword(name, fetch, method));
    }

    /** @return null if it is no keyword of ACLs */
    static AclKeyword find(final String name) {
        return ALL.get(name);
    }
}
