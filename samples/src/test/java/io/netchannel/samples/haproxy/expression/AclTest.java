package io.netchannel.samples.haproxy.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Condition.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the table of conditions doesn't show: names, waiting, warnings. */
class AclTest {

    private static Condition condition(final Places places, final String text) throws ConfigException {
        return Condition.parse(List.of(text.split(" ")), 0, places.place);
    }

    private static void acl(final Places places, final String text) throws ConfigException {
        Acl.parse(List.of(text.split(" ")), places.place);
    }

    private static FakeContext get(final String path) {
        return new FakeContext().request("GET " + path + " HTTP/1.1\nHost: h\n\n");
    }

    @Test
    void shouldJoinLinesOfOneName() throws ConfigException {
        final Places places = Places.http();
        acl(places, "static path_beg /img");
        final Condition condition = condition(places, "if static");
        acl(places, "static path_end .css");
        assertTrue(condition.holds(get("/img/a")));
        assertTrue(condition.holds(get("/x.css")));
        assertFalse(condition.holds(get("/x")));
        assertTrue(condition(places, "unless static").holds(get("/x")));
        assertFalse(condition(places, "unless static").holds(get("/img/a")));
    }

    @Test
    void shouldNotSeeNamesOfOtherProxies() throws ConfigException {
        final Places places = Places.http();
        acl(places, "mine path /");
        final Places other = Places.http();
        final ConfigException e = assertThrows(ConfigException.class, () -> condition(other, "if mine"));
        assertEquals("no such ACL : 'mine'", e.getMessage());
        assertThrows(ConfigException.class, () -> condition(places, "when mine"));
    }

    @Test
    void shouldWaitForBytesThatMayCome() throws ConfigException {
        final Places places = new Places();
        final Condition length = condition(places, "if { req.len gt 3 }");
        final FakeContext context = new FakeContext().payload("ab");
        context.complete = false;
        assertEquals(Outcome.MISS, length.test(context, false));
        assertEquals(Outcome.FAIL, length.test(context, true));
        assertEquals(Outcome.PASS, length.test(context.payload("abcd"), false));
        final Condition end = condition(places, "if WAIT_END");
        assertEquals(Outcome.MISS, end.test(context, false));
        assertEquals(Outcome.PASS, end.test(context, true));
        assertEquals(Outcome.MISS, condition(places, "unless WAIT_END").test(context, false));
        // A false term decides, whatever the uncertain one becomes.
        assertEquals(Outcome.FAIL, condition(places, "if FALSE WAIT_END").test(context, false));
        assertEquals(Outcome.PASS, condition(places, "if WAIT_END or TRUE").test(context, false));
    }

    @Test
    void shouldWarnWhereAKeywordHasNoAnswer() throws ConfigException {
        final Places places = Places.http();
        acl(places, "ok status 200");
        acl(places, "mixed path /");
        acl(places, "mixed status 200");
        final int request = Point.FRONTEND_HTTP_REQUEST.bit();
        condition(places, "if ok").warnIfConflicting(request, places.place);
        condition(places, "if { status 200 }").warnIfConflicting(request, places.place);
        condition(places, "if mixed").warnIfConflicting(request, places.place);
        condition(places, "if { path / }").warnIfConflicting(request, places.place);
        condition(places, "if { req.len 1 }").warnIfRawInHttp(places.place);
        final String at = "WARNING parsing [t.cfg:7] : ";
        final String where = " incompatible with 'frontend http-request header rule'";
        assertEquals(
                List.of(at + "acl 'ok' will never match because it only involves keywords that are" + where,
                        at + "anonymous acl will never match because it uses keyword 'status' which is" + where,
                        at + "acl 'mixed' involves keywords 'status' which is" + where,
                        "WARNING Proxy 'fe1': L6 sample fetches ignored on HTTP proxies (declared at t.cfg:7)."),
                places.messages());
    }

    @Test
    void shouldWarnOfPatternsThatAreMissingOrSplit() throws ConfigException {
        final Places places = Places.http();
        acl(places, "a path");
        acl(places, "b path --");
        acl(places, "c path (x)");
        assertEquals(2, places.messages().size());
        assertTrue(places.messages().get(0).contains("no pattern to match against were provided"));
        assertTrue(places.messages().get(1).contains("matching 'path' for pattern '(x)' is likely a mistake"));
    }

    @Test
    void shouldCheckNamesWhenAllIsRead() {
        assertEquals(
                List.of("parsing [t.cfg:2]: unable to find backend 'b' referenced in arg 1 of ACL keyword 'nbsrv' in proxy 'f'.",
                        "parsing [t.cfg:3]: unable to find table 't' referenced in arg 1 of ACL keyword 'src_conn_cnt' in proxy 'f'.",
                        "parsing [t.cfg:4]: unable to find userlist 'u' referenced in arg 1 of ACL keyword 'http_auth' in proxy 'f'.",
                        "parsing [t.cfg:5]: unable to find proxy 'b' referenced in arg 1 of ACL keyword 'srv_is_up' in proxy 'f'.",
                        "parsing [t.cfg:6]: proxy 'f', referenced in arg 1 of ACL keyword 'queue' in proxy 'f', has not backend "
                                + "capability."),
                Reading.of("frontend f", " acl a nbsrv(b) gt 0", " acl b src_conn_cnt(t) gt 0", " acl c http_auth(u)",
                        " acl d srv_is_up(b/s)", " acl e queue() gt 0"));
    }

    @Test
    void shouldRefuseNamesOfAcls() {
        assertEquals(
                List.of("parsing [t.cfg:2] : character '!' is not permitted in acl name 'a!'.",
                        "parsing [t.cfg:3] : acl name 'or' will never match. 'or' is used to express a logical disjunction "
                                + "within a condition.",
                        "parsing [t.cfg:4] : error detected while parsing ACL 'x' : unknown fetch method 'nope' in ACL "
                                + "expression 'nope'."),
                Reading.of("frontend f", " acl a! path /", " acl or path /", " acl x nope"));
    }
}
