package io.netchannel.samples.haproxy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.http.HttpMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each action does to a stream. */
final class RuleActionsTest {

    private final TestStream stream = new TestStream("GET", "/a/b?x=1");

    private static List<String> fields(final HttpMessage message) {
        final List<String> fields = new ArrayList<>();
        for (int i = 0; i < message.size(); i++) {
            fields.add(message.name(i) + ": " + message.value(i));
        }
        return fields;
    }

    private Verdict request(final String... lines) {
        final Rules rules = Rules.listen(lines);
        assertThat(rules.messages()).isEmpty();
        return rules.request(stream);
    }

    private Reply reply(final String line) {
        return ((Verdict.Respond) request(line)).reply();
    }

    private static String text(final Reply reply) {
        return new String(reply.body(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void shouldGoOnWithoutRules() {
        assertThat(request()).isEqualTo(Verdict.CONTINUE);
    }

    @Test
    void shouldStopAtAllowButNotBefore() {
        final Rules rules = Rules.listen("http-request set-header a 1", "http-request allow",
                "http-request set-header b 1");
        assertThat(rules.messages())
                .containsExactly("parsing [test.cfg:5]: previous 'http-request' action is final and "
                        + "has no condition attached, further entries are NOOP.");
        assertThat(rules.request(stream)).isEqualTo(Verdict.ACCEPT);
        assertThat(fields(stream.request)).containsExactly("a: 1");
    }

    @ParameterizedTest
    @CsvSource({"deny,403,Forbidden", "deny deny_status 429,429,Too Many Requests",
        "deny status 404,404,Not Found", "tarpit,500,Internal Server Error"})
    void shouldDenyWithTheProxysErrorAnswer(final String action, final int status, final String reason) {
        final Verdict verdict = request("http-request " + action);
        final Reply reply = verdict instanceof Verdict.Tarpit(Reply late) ? late : ((Verdict.Respond) verdict).reply();
        assertThat(reply.head().status()).isEqualTo(status);
        assertThat(reply.head().reason()).isEqualTo(reason);
    }

    @Test
    void shouldDenyResponsesWith502() {
        stream.response = HttpMessage.response(200, "OK", 1);
        final Verdict.Respond verdict = (Verdict.Respond) Rules.listen("http-response deny").response(stream);
        assertThat(verdict.reply().head().status()).isEqualTo(502);
        assertThat(verdict.denied()).isTrue();
    }

    @Test
    void shouldRejectAndDrop() {
        assertThat(request("http-request reject")).isEqualTo(Verdict.REJECT);
        assertThat(request("http-request silent-drop")).isEqualTo(Verdict.SILENT_DROP);
    }

    @Test
    void shouldReturnWhatItIsTold() {
        final Reply reply = reply(
                "http-request return status 201 content-type text/plain hdr x-a 1 hdr x-b 2 string hello");
        assertThat(reply.head().status()).isEqualTo(201);
        assertThat(reply.head().reason()).isEqualTo("Created");
        assertThat(fields(reply.head())).containsExactly("x-a: 1", "x-b: 2", "content-length: 5",
                "content-type: text/plain");
        assertThat(text(reply)).isEqualTo("hello");
        assertThat(reply("http-request return").head().status()).isEqualTo(200);
    }

    @Test
    void shouldReturnFormatsFilesAndErrorFiles(@TempDir final Path folder) throws IOException {
        final Path page = Files.writeString(folder.resolve("p"), "page %[str(1)]");
        assertThat(text(reply("http-request return content-type text/html file " + page))).startsWith("page");
        assertThat(text(reply("http-request return content-type text/html lf-string %%x"))).isEqualTo("%x");
        final Path error = Files.writeString(folder.resolve("e"),
                "HTTP/1.1 403 No\r\nContent-Length: 2\r\nX-E: 1\r\n\r\nno");
        final Reply denied = reply("http-request deny errorfile " + error);
        assertThat(denied.head().reason()).isEqualTo("No");
        assertThat(denied.head().first("X-E")).isEqualTo("1");
        assertThat(text(denied)).isEqualTo("no");
    }

    @Test
    void shouldAskForAPassword() {
        final Reply reply = reply("http-request auth realm Here");
        assertThat(reply.head().status()).isEqualTo(401);
        assertThat(reply.head().first("WWW-Authenticate")).isEqualTo("Basic realm=\"Here\"");
        assertThat(reply("http-request auth").head().first("WWW-Authenticate")).isEqualTo("Basic realm=\"web\"");
    }

    @ParameterizedTest
    @CsvSource({"location http://x/y,302,http://x/y", "location /y code 301,301,/y",
        "prefix http://x,302,http://x/a/b?x=1", "prefix http://x drop-query append-slash code 303,303,http://x/a/b/",
        "prefix / code 307,307,/a/b?x=1", "scheme https code 308,308,https://host:1/a/b?x=1"})
    void shouldRedirect(final String redirection, final int status, final String location) {
        stream.request.add("Host", "host:1");
        final Reply reply = reply("http-request redirect " + redirection);
        assertThat(reply.head().status()).isEqualTo(status);
        assertThat(reply.head().first("Location")).isEqualTo(location);
        assertThat(reply.keepAlive()).isTrue();
    }

    @Test
    void shouldCloseWhenARedirectedRequestHasABodyStill() {
        stream.bodyComplete = false;
        final Reply reply = reply("http-request redirect location / set-cookie A=1");
        assertThat(fields(reply.head())).containsExactly("Connection: close", "Content-length: 0", "Location: /",
                "Cache-Control: no-cache", "Set-Cookie: A=1; path=/;");
        assertThat(reply.keepAlive()).isFalse();
    }

    @Test
    void shouldChangeFields() {
        stream.request.add("A", "1");
        stream.request.add("a", "2");
        stream.request.add("X-One", "o");
        stream.request.add("X-Two", "t");
        request("http-request set-header A 3", "http-request add-header A 4", "http-request del-header x- -m beg",
                "http-request add-header List 'one, two,three'", "http-request replace-value list t([a-z]*) <\\1>",
                "http-request replace-header A ^4$ five");
        assertThat(fields(stream.request)).containsExactly("A: 3", "A: five", "List: one, <wo>,<hree>");
    }

    @Test
    void shouldKeepAuthorityAndHostTogether() {
        final TestStream absolute = new TestStream("GET", "http://old/p");
        absolute.request.add("Host", "old");
        Rules.listen("http-request set-header Host new").request(absolute);
        assertThat(absolute.request.uri()).isEqualTo("http://new/p");
        Rules.listen("http-request set-uri http://third/q").request(absolute);
        assertThat(absolute.request.first("Host")).isEqualTo("third");
        final TestStream likeItsScheme = new TestStream("GET", "http://tp@tp/tp");
        Rules.listen("http-request set-header Host new").request(likeItsScheme);
        assertThat(likeItsScheme.request.uri()).isEqualTo("http://tp@new/tp");
    }

    @ParameterizedTest
    @CsvSource({"set-path /n,/n?x=1", "set-pathq /n?q,/n?q", "set-query q=2,/a/b?q=2", "set-uri /u,/u",
        "replace-path ^/(.*)$ /z/\\1,/z/a/b?x=1", "replace-pathq .*[?](.*)$ /c?\\1&y,/c?x=1&y",
        "replace-uri ^/a(.*) /k\\1,/k/b?x=1"})
    void shouldChangeTheTarget(final String action, final String uri) {
        request("http-request " + action);
        assertThat(stream.request.uri()).isEqualTo(uri);
    }

    @Test
    void shouldChangeTheMethod() {
        request("http-request set-method PUT");
        assertThat(stream.request.method()).isEqualTo("PUT");
    }

    @Test
    void shouldSetAndUnsetVariables() {
        request("http-request set-var-fmt(txn.a) one", "http-request set-var-fmt(sess.b,ifnotexists) two",
                "http-request set-var-fmt(sess.b,ifnotexists) three", "http-request set-var-fmt(req.c,ifexists) x",
                "http-request set-var-fmt(res.d,ifnotempty) ''", "http-request set-var-fmt(proc.e) y",
                "http-request unset-var(proc.e)");
        assertThat(stream.variables.get("txn").get("a")).isEqualTo(new Value.Str("one"));
        assertThat(stream.variables.get("sess").get("b")).isEqualTo(new Value.Str("two"));
        assertThat(stream.variables.get("req").get("c")).isNull();
        assertThat(stream.variables.get("res").get("d")).isNull();
        assertThat(stream.variables.get("proc").get("e")).isNull();
    }

    @Test
    void shouldTellTheStreamWhatItIsTold() {
        request("http-request set-log-level silent", "http-request set-log-level err",
                "http-request set-timeout server 5s", "http-request set-timeout tunnel 7", "http-request set-tos 0x10",
                "http-request set-mark 3", "http-request disable-l7-retry", "http-request set-nice 3");
        assertThat(stream.calls).containsExactly("log -1", "log 3", "server 5000", "tunnel 7", "tos 16", "mark 3",
                "no retry");
    }

    @Test
    void shouldFailWhereARewritingDoesNotFit() {
        stream.room = 10;
        assertThat(request("http-request set-header name 0123456789")).isEqualTo(Verdict.FAILED);
        assertThat(request("http-request strict-mode off", "http-request set-header name 0123456789",
                "http-request set-path /" + "x".repeat(30))).isEqualTo(Verdict.CONTINUE);
        assertThat(stream.calls).containsExactly("rewrite failed", "rewrite failed", "rewrite failed");
        assertThat(stream.request.uri()).isEqualTo("/a/b?x=1");
    }

    @Test
    void shouldSetStatusOfResponses() {
        stream.response = HttpMessage.response(503, "x", 1);
        final Rules rules = Rules.listen("http-response set-status 431", "http-response set-header a b");
        assertThat(rules.response(stream)).isEqualTo(Verdict.CONTINUE);
        assertThat(stream.response.status()).isEqualTo(431);
        assertThat(stream.response.reason()).isEqualTo("Request Header Fields Too Large");
        assertThat(fields(stream.response)).containsExactly("a: b");
        Rules.listen("http-response set-status 503 reason 'Slow Down'").response(stream);
        assertThat(stream.response.reason()).isEqualTo("Slow Down");
    }

    @Test
    void shouldSendHintsThatStandTogetherAsOne() {
        request("http-request early-hint Link </a>", "http-request early-hint Link </b>",
                "http-request set-header a b", "http-request early-hint Link </c>");
        assertThat(stream.informational).hasSize(2);
        assertThat(fields(stream.informational.getFirst())).containsExactly("Link: </a>", "Link: </b>");
        assertThat(fields(stream.informational.getLast())).containsExactly("Link: </c>");
    }

    @Test
    void shouldWaitForABodyNoLongerThanTold() {
        stream.bodyComplete = false;
        final RuleSet rules = Rules.listen("http-request set-header before 1",
                "http-request wait-for-body time 1s at-least 10", "http-request set-header after 1").proxy()
                .get(RuleSettings.HTTP_REQUEST);
        final RuleCursor cursor = new RuleCursor();
        assertThat(rules.evaluate(stream, cursor)).isEqualTo(Verdict.WAIT);
        assertThat(stream.calls).containsExactly("wake 1000");
        stream.now += 999;
        stream.bodyBytes = 9;
        assertThat(rules.evaluate(stream, cursor)).isEqualTo(Verdict.WAIT);
        stream.now += 1;
        assertThat(rules.evaluate(stream, cursor)).isEqualTo(Verdict.TIME_OVER);
        stream.bodyInvalid = true;
        assertThat(rules.evaluate(stream, new RuleCursor())).isEqualTo(Verdict.INVALID);
        stream.bodyBytes = 10;
        assertThat(rules.evaluate(stream, new RuleCursor())).isEqualTo(Verdict.CONTINUE);
        assertThat(fields(stream.request)).containsExactly("before: 1", "after: 1");
    }

    @Test
    void shouldWaitForTheHandshake() {
        stream.complete = false;
        assertThat(request("http-request wait-for-handshake")).isEqualTo(Verdict.WAIT);
        stream.complete = true;
        assertThat(request("http-request wait-for-handshake")).isEqualTo(Verdict.CONTINUE);
    }

    @Test
    void shouldEvaluateThoseOfNamedDefaultsFirst() {
        final Rules rules = Rules.of("defaults d\n mode http\n http-request set-header a 1\nfrontend web from d\n"
                + " http-request set-header b 2\n");
        assertThat(rules.messages()).isEmpty();
        rules.request(stream);
        assertThat(fields(stream.request)).containsExactly("a: 1", "b: 2");
    }

    @Test
    void shouldAnswerErrorsAsTheProxySays(@TempDir final Path folder) throws IOException {
        final Path one = Files.writeString(folder.resolve("1"), "HTTP/1.0 404 Gone\r\nContent-Length: 1\r\n\r\n1");
        final Path two = Files.writeString(folder.resolve("2"), "HTTP/1.0 404 Lost\r\nContent-Length: 1\r\n\r\n2");
        final Rules rules = Rules.of("http-errors e\n errorfile 404 " + one + "\n errorfile 503 " + two
                + "\nlisten web\n mode http\n errorfile 404 " + two + "\n errorfiles e 503\n errorloc303 400 /bad\n"
                + " http-error status 500 content-type text/plain string oops\n"
                + " http-request return errorfiles e status 404\n");
        assertThat(rules.messages()).isEmpty();
        assertThat(ErrorReplies.find(404, rules.proxy(), null, stream).head().reason()).isEqualTo("Lost");
        assertThat(text(ErrorReplies.find(503, rules.proxy(), rules.proxy(), stream))).isEqualTo("2");
        assertThat(ErrorReplies.find(400, rules.proxy(), null, stream).head().first("Location")).isEqualTo("/bad");
        assertThat(text(ErrorReplies.find(500, rules.proxy(), null, stream))).isEqualTo("oops");
        assertThat(ErrorReplies.find(408, rules.proxy(), null, stream).head().reason()).isEqualTo("Request Time-out");
        assertThat(((Verdict.Respond) rules.request(stream)).reply().head().reason()).isEqualTo("Gone");
    }

    @Test
    void shouldKnowTheVerdictsOfConnections() {
        final Rules rules = Rules.listen("tcp-request connection reject", "tcp-request session accept",
                "tcp-request content accept", "tcp-response content close");
        assertThat(rules.messages()).isEmpty();
        final RuleCursor cursor = new RuleCursor();
        assertThat(rules.proxy().get(RuleSettings.TCP_CONNECTION).evaluate(stream, cursor)).isEqualTo(Verdict.REJECT);
        assertThat(rules.proxy().get(RuleSettings.TCP_SESSION).evaluate(stream, cursor)).isEqualTo(Verdict.ACCEPT);
        assertThat(rules.proxy().get(RuleSettings.TCP_CONTENT).evaluate(stream, cursor)).isEqualTo(Verdict.ACCEPT);
        assertThat(rules.proxy().get(RuleSettings.TCP_RESPONSE).evaluate(stream, cursor)).isEqualTo(Verdict.CLOSE);
    }
}
