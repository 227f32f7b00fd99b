package io.netchannel.samples.haproxy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What haproxy says of lines that it can't take. */
final class RuleErrorsTest {

    private static final String PLACE = "parsing [test.cfg:3] : ";
    private static final String DETECTED = PLACE + "error detected in proxy 'web' while parsing 'http-request ";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"set-header a|expects exactly 2 arguments.",
        "replace-header a b|expects exactly 3 arguments.", "set-path|expects exactly 1 argument <format>.",
        "redirect location|missing argument for 'location'.",
        "redirect code 301|redirection type expected ('prefix', 'location', or 'scheme').",
        "redirect location / code 304|'code': unsupported HTTP code '304' (must be one of 301, 302, 303, 307 or 308).",
        "return status 199|Unexpected status code '199'.",
        "return string x|a content type must be defined when non-empty payload is configured.",
        "return status 204 content-type a string x|No body expected for 204 responses.",
        "return string x file y|unexpected 'file' argument, 'string' already defined.",
        "deny deny_status 402|status code '402' not handled by default with 'default-errorfiles' argument..",
        "set-log-level loud|expects exactly 1 argument (log level name or 'silent').",
        "set-timeout client 1|'set-timeout' rule supports 'server'/'tunnel' (got 'client').",
        "set-timeout server 0|null value is not valid for a 'set-timeout server' rule.",
        "strict-mode maybe|Unexpected value 'maybe'. Only 'on' and 'off' are supported.",
        "wait-for-body at-least 3|expects time <time> [ at-least <bytes> ].",
        "set-var-fmt(a) x|invalid variable name 'a'. A variable name must be start by its scope. The scope can be 'proc', 'sess', 'txn', 'req', 'res' or 'check'.",
        "set-var-fmt(txn.a-b) x|invalid syntax at char '-b'.",
        "set-var-fmt(txn.a,ifmad) x|unknown condition \"ifmad\".",
        "sc-inc-gpc0(3)|invalid stick table track ID 'sc-inc-gpc0(3)'. The max allowed ID is 2.",
        "sc-inc-gpc(1)|Missing gpc ID 'sc-inc-gpc(1)'. Expects sc-inc-gpc(<GPC ID>,<Track ID>).",
        "set-tos 1x|invalid character starting at 'x' (integer/hex value expected).",
        "normalize-uri|missing argument <normalizer>.", "normalize-uri nothing|unknown normalizer 'nothing'.",
        "del-header a -m nothing|-m with unsupported matching method 'nothing'.",
        "set-map(f) a|expects exactly 2 arguments.",
        "cache-use x|action 'cache-use' is not supported: there is no cache."})
    void shouldSayWhatIsWrongWithAnAction(final String rule, final String message) {
        final String action = rule.split(" ")[0];
        assertThat(Rules.listen("http-request " + rule).messages()).first().isEqualTo(DETECTED + action + "' rule : "
                + message);
    }

    @Test
    void shouldSuggestAnActionThatIsMeant() {
        assertThat(Rules.listen("http-request set-heder a b").messages()).first().asString()
                .startsWith("parsing [test.cfg:3]: 'http-request' expects 'allow', ")
                .endsWith(", but got 'set-heder'. Did you mean 'set-header' maybe ?");
        assertThat(Rules.listen("http-request").messages()).first().asString()
                .endsWith(", but got '' (missing argument).");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "http-request deny when|parsing [test.cfg:3]: 'http-request deny' expects either 'if' or 'unless' followed by a condition but found 'when'.",
        "tcp-request content accept when|parsing [test.cfg:3] : 'tcp-request content accept' only accepts 'if' or 'unless', in proxy 'web' (got 'when')",
        "tcp-request inspect-delay|parsing [test.cfg:3] : 'tcp-request inspect-delay' expects a positive delay in milliseconds, in proxy 'web'",
        "tcp-request inspect-delay x|parsing [test.cfg:3] : 'tcp-request inspect-delay' expects a positive delay in milliseconds, in proxy 'web' (unexpected character 'x')",
        "tcp-request|parsing [test.cfg:3] : missing argument for 'tcp-request' in proxy 'web'",
        "tcp-response connection accept|parsing [test.cfg:3] : 'tcp-response' expects 'inspect-delay' or 'content' in proxy 'web' (got 'connection')",
        "stick-table type ip|parsing [test.cfg:3] : stick-table: missing size.",
        "stick-table size 10|parsing [test.cfg:3] : stick-table: missing type.",
        "stick-table type ip size 1x|parsing [test.cfg:3] : stick-table: unexpected character 'x' in argument of 'size'.",
        "stick-table type ipx size 1|parsing [test.cfg:3] : stick-table: unknown type 'ipx'.",
        "stick-table type ip size 1 store gpc3|parsing [test.cfg:3] : stick-table: unknown store option 'gpc3'.",
        "stick-table type ip size 1 store conn_rate|parsing [test.cfg:3] : stick-table: missing argument to store option 'conn_rate'.",
        "stick-table type ip size 1 store gpc(101)|parsing [test.cfg:3] : stick-table: array size is out of allowed range (1-100) for store option 'gpc'.",
        "stick-table type ip size 1 store gpc(2),gpc0|parsing [test.cfg:3] : stick-table: simultaneous usage of 'gpc' and 'gpc[0/1]' in a same table is not permitted as 'gpc' overrides 'gpc[0/1]'.",
        "stick-table type ip size 1 what|parsing [test.cfg:3] : stick-table: unknown argument 'what'.",
        "stick by src|parsing [test.cfg:3] : 'stick' expects 'on', 'match', or 'store'.",
        "stick on|parsing [test.cfg:3] : 'stick' expects a fetch method.",
        "log 127.0.0.1|parsing [test.cfg:3] : log : expects <address> and <facility> or global as arguments",
        "log-format|parsing [test.cfg:3] : log-format expects an argument.",
        "errorfile 404|parsing [test.cfg:3] : errorfile : expects <status_code> and <file> as arguments.",
        "http-error status 402|parsing [test.cfg:3] : http-error: status code '402' not handled."})
    void shouldSayWhatIsWrongWithALine(final String line, final String message) {
        assertThat(Rules.listen(line).messages()).first().isEqualTo(message);
    }

    @Test
    void shouldRefuseRulesOfAnonymousDefaults() {
        assertThat(Rules.of("defaults\n http-request deny\n").messages()).first()
                .isEqualTo("parsing [test.cfg:2] : 'http-request' not allowed in anonymous 'defaults' section.");
        assertThat(Rules.of("defaults\n tcp-request connection accept\n").messages()).first().isEqualTo(
                "parsing [test.cfg:2] : tcp-request connection is not allowed in anonymous 'defaults' sections");
    }

    @Test
    void shouldWarnOfAnOrderThatIsNotThatOfProcessing() {
        assertThat(Rules.listen("http-request deny", "tcp-request content accept").messages()).containsExactly(
                "parsing [test.cfg:4] : a 'tcp-request' rule placed after an 'http-request' rule will still be processed before.");
    }

    @Test
    void shouldMissTablesAndSections() {
        assertThat(Rules.listen("http-request return errorfiles none status 404").messages()).first().isEqualTo(
                "Proxy 'web': unknown http-errors section 'none' referenced by an http reply .");
        assertThat(Rules.listen("errorfiles none").messages()).first().isEqualTo(
                "proxy 'web': unable to find http-errors section 'none' (at test.cfg:3).");
    }
}
