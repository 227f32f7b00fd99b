package io.netchannel.samples.haproxy.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netchannel.samples.haproxy.config.ConfigException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PayloadFetchTest {

    private final Places places = new Places();
    private final FakeContext context = new FakeContext();

    private String ask(final String expression) throws ConfigException {
        return Expression.parse(expression, places.place).evaluateText(context);
    }

    private boolean mayChange(final String expression) throws ConfigException {
        final Expression parsed = Expression.parse(expression, places.place);
        parsed.first(context, false, false);
        return parsed.mayChange();
    }

    @Test
    void shouldCutPayloads() throws ConfigException {
        context.complete = false;
        context.payload("\0\3abcdef");
        assertEquals("abc", ask("req.payload(2,3)"));
        assertEquals("abc", ask("req.payload_lv(0,2)"));
        assertEquals("cde", ask("req.payload_lv(0,2,4)"));
        assertEquals("bcd", ask("payload_lv(0,2,+1)"));
        assertEquals("abcdef", ask("req.payload(2,0)"));
        assertTrue(mayChange("req.payload(2,0)"));
        assertFalse(mayChange("req.payload(2,3)"));
        assertNull(ask("req.payload(2,30)"));
        assertTrue(mayChange("req.payload(2,30)"));
        assertFalse(mayChange("req.payload(2,30000)"));
        assertEquals("8", ask("req.len"));
        assertNull(ask("req.payload_lv(0,1)"));
    }

    @Test
    void shouldReadRdpCookies() throws ConfigException {
        context.payload("12345678901Cookie: mstshash=joe\r\n");
        assertEquals("joe", ask("rdp_cookie(mstshash)"));
        assertEquals("joe", ask("req.rdp_cookie"));
        assertNull(ask("rdp_cookie(msts)"));
        assertEquals("1", ask("req.rdp_cookie_cnt"));
        context.payload("12345678901Cookie: mstsh");
        assertNull(ask("rdp_cookie(mstshash)"));
        assertTrue(mayChange("rdp_cookie(mstshash)"));
    }

    @Test
    void shouldReadClientHellos() throws ConfigException {
        final String serverName = "0000000a0008000005612e622e63";
        final String alpn = "0010000e000c02683208687474702f312e31";
        final String ticket = "00230000";
        final String body = "0303" + "00".repeat(32) + "00" + "00021301" + "0100"
                + length(serverName + alpn + ticket, 2) + serverName + alpn + ticket;
        final String handshake = "01" + length(body, 3) + body;
        final String record = "160301" + length(handshake, 2) + handshake;
        context.payload(Casts.text(HexFormat.of().parseHex(record)));
        assertEquals("a.b.c", ask("req.ssl_sni"));
        assertEquals("h2,http/1.1", ask("req.ssl_alpn"));
        assertEquals("1", ask("req.ssl_hello_type"));
        assertEquals("1", ask("req.ssl_st_ext"));
        assertEquals(Integer.toString(0x30003), ask("req.ssl_ver"));
        assertNull(ask("req.ssl_ec_ext"));
        for (int cut = 1; cut < record.length() / 2; cut++) {
            context.payload(Casts.text(HexFormat.of().parseHex(record.substring(0, 2 * cut))));
            assertNull(ask("req.ssl_sni"));
            assertTrue(mayChange("req.ssl_sni"));
        }
        context.payload("GET / HTTP/1.0");
        assertNull(ask("req.ssl_sni"));
        assertFalse(mayChange("req.ssl_sni"));
    }

    private static String length(final String hex, final int bytes) {
        return HexFormat.of().toHexDigits(hex.length() / 2L, 2 * bytes);
    }
}
