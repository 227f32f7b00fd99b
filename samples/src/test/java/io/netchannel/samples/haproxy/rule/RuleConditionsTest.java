package io.netchannel.samples.haproxy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.haproxy.expression.StickCounters;
import io.netchannel.samples.haproxy.stick.StickSettings;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Rules whose conditions look at the stream: at once, or when more of it came. */
final class RuleConditionsTest {

    private final TestStream stream = new TestStream("GET", "/private/x");

    private static Rules listen(final String... lines) {
        final Rules rules = Rules.listen(lines);
        assertThat(rules.diagnostics.hasFailed()).as(rules.messages().toString()).isFalse();
        return rules;
    }

    @Test
    void shouldApplyWhatFits() {
        final Rules rules = listen("acl private path_beg /private", "http-request allow if { method POST }",
                "http-request deny if private !{ src 10.0.0.0/8 }", "http-request set-header seen 1");
        assertThat(rules.request(stream)).isInstanceOf(Verdict.Respond.class);
        stream.source(new java.net.InetSocketAddress("10.1.1.1", 1));
        assertThat(rules.request(stream)).isEqualTo(Verdict.CONTINUE);
        assertThat(stream.request.first("seen")).isEqualTo("1");
    }

    @Test
    void shouldWaitForContentWhileItMayCome() {
        final RuleSet rules = listen("tcp-request inspect-delay 5s", "tcp-request content accept if { req.len gt 3 }",
                "tcp-request content reject").proxy().get(RuleSettings.TCP_CONTENT);
        final RuleCursor cursor = new RuleCursor();
        // Where there is a head, its length counts.
        final TestStream stream = TestStream.ofBytes();
        stream.complete = false;
        assertThat(rules.evaluate(stream, cursor)).isEqualTo(Verdict.WAIT);
        stream.payload = Unpooled.copiedBuffer("abc", StandardCharsets.US_ASCII);
        assertThat(rules.evaluate(stream, cursor)).isEqualTo(Verdict.WAIT);
        stream.payload = Unpooled.copiedBuffer("abcd", StandardCharsets.US_ASCII);
        assertThat(rules.evaluate(stream, cursor)).isEqualTo(Verdict.ACCEPT);
        assertThat(cursor.lastRuleLine()).isEqualTo(4);
        stream.payload = Unpooled.copiedBuffer("abc", StandardCharsets.US_ASCII);
        stream.complete = true;
        assertThat(rules.evaluate(stream, cursor)).isEqualTo(Verdict.REJECT);
    }

    @Test
    void shouldTrackAndCount() {
        final Rules rules = listen("stick-table type ip size 10 expire 1m store gpc0,gpc1,gpt0,http_req_cnt,conn_cur",
                "http-request track-sc1 src", "http-request sc-inc-gpc0(1)", "http-request sc-inc-gpc1(1)",
                "http-request sc-inc-gpc0(1)", "http-request sc-set-gpt0(1) 7", "http-request sc-inc-gpc0(2)",
                "http-request deny if { sc1_get_gpc0 gt 3 }");
        assertThat(rules.request(stream)).isEqualTo(Verdict.CONTINUE);
        final StickCounters counters = stream.stream.get(1);
        assertThat(counters.get("gpc0", stream.now)).isEqualTo(2);
        assertThat(counters.get("gpc1", stream.now)).isEqualTo(1);
        assertThat(counters.get("gpt0", stream.now)).isEqualTo(7);
        assertThat(counters.get("http_req_cnt", stream.now)).isEqualTo(1);
        assertThat(counters.get("conn_cur", stream.now)).isEqualTo(1);
        assertThat(rules.request(stream)).isInstanceOf(Verdict.Respond.class);
        stream.stream.release(stream.now);
        assertThat(StickSettings.table(rules.configuration, "web").used(stream.now + 59_999)).isEqualTo(1);
        assertThat(StickSettings.table(rules.configuration, "web").used(stream.now + 60_000)).isZero();
    }

    @Test
    void shouldSetAddressesAndPriorities() {
        listen("http-request set-src str(192.0.2.77)", "http-request set-dst-port int(8080)",
                "http-request set-priority-class int(-5000)", "http-request set-priority-offset int(12)",
                "http-request set-var(txn.n) int(4),add(1)", "http-request set-header n %[var(txn.n)]",
                "http-request capture path len 4").request(stream);
        assertThat(stream.source.getAddress().getHostAddress()).isEqualTo("192.0.2.77");
        assertThat(stream.source.getPort()).isEqualTo(1234);
        assertThat(stream.destination.getPort()).isEqualTo(8080);
        assertThat(stream.calls).containsExactly("class -2047", "offset 12");
        assertThat(stream.request.first("n")).isEqualTo("5");
        assertThat(stream.captures[0]).isEqualTo("/pri");
    }

    @Test
    void shouldMissTablesAndFetchesThatAreNotThere() {
        assertThat(Rules.listen("http-request track-sc0 src table none").messages()).first()
                .isEqualTo("Proxy 'web': unable to find table 'none' referenced by track-sc0.");
        assertThat(Rules.listen("http-request set-var(txn.a) res.hdr(x)").messages()).first().asString().endsWith(
                "fetch method 'res.hdr' extracts information from 'HTTP response headers', none of which is available here.");
        assertThat(Rules.listen("stick on src table none").messages()).first()
                .isEqualTo("Proxy 'web': unable to find stick-table 'none'.");
    }
}
