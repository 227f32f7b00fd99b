package io.netchannel.samples.haproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheabilityTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"GET|200||true", "HEAD|404||true", "POST|200||false", "GET|302||false",
        "GET|200|private|false", "GET|200|no-store, public|true", "GET|200|max-age=0|false", "GET|200|max-age=10|true",
        "GET|200|no-cache=\"set-cookie\"|false", "GET|200|No-Cache|false", "POST|500|public|true"})
    void shouldSayWhoMayKeepACookie(final String method, final int status, final String cacheControl,
            final boolean leaks) {
        final HttpMessage response = HttpMessage.response(status, "X", 1);
        response.add("Set-Cookie", "a=b");
        if (cacheControl != null) {
            response.add("Cache-Control", cacheControl);
        }
        assertThat(Cacheability.leaksCookie(method, response)).isEqualTo(leaks);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void shouldMindCookiesOnly(final boolean old) {
        final HttpMessage response = HttpMessage.response(200, "OK", 1);
        assertThat(Cacheability.leaksCookie("GET", response)).isFalse();
        response.add("Set-Cookie", "a=b");
        if (old) {
            response.add("Pragma", "no-cache");
        }
        assertThat(Cacheability.leaksCookie("GET", response)).isEqualTo(!old);
    }
}
