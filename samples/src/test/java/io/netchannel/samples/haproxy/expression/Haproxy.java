package io.netchannel.samples.haproxy.expression;

import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/** The request, the variables and the files for which haproxy 2.6.12 was asked what the tables of the resources hold. */
final class Haproxy {

    private Haproxy() {
    }

    private static final String JSON = "{\"integer\":4,\"string\":\"foo\",\"boolean-true\":true,\"boolean-false\":false,"
            + "\"negative-integer\":-4,\"my.key\":\"mk\",\"three-level\":{\"a\":{\"b\":\"deep\"}},\"array\":[1,\"two\",3],"
            + "\"float\":3.14159265,\"big\":9007199254740993,\"small\":0.0000123,\"exp\":1e10,\"null\":null,"
            + "\"esc\":\"a\\nb\",\"uni\":\"\\u0041x\"}";

    private static final String REQUEST = """
            POST /dir/file;k=v;a=9?a=1&b=two+x&c=&d&e=5;n=42xyz&=q HTTP/1.1
            Host: example.com:8080
            X-List: one, two ,three
            X-List: four
            X-Quoted: "a,b", c
            X-Empty:
            X-Comma: ,a,,b
            X-Num: 17abc
            X-Ip: foo, 10.1.2.3
            X-Ip6: 2001:db8::7
            X-Port: 1.2.3.4:8080
            Cookie: a=1; b="x;y"; c = spaced ; $Path=/; n=33q, q=last
            Cookie: dup=first; dup=second; sp=
            Authorization: Basic dXNlcjpwYXNzOndvcmQ=
            X-Bearer: Bearer   tok.en
            Content-Length: 19
            X-Json: %s
            X-N: %d

            p1=a&p2=b%%20c&p3=xy""";

    static Path resources() {
        try {
            return Path.of(Haproxy.class.getResource("/haproxy/expressions.tsv").toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static FakeContext context(final int number) {
        final FakeContext context = new FakeContext()
                .request(REQUEST.formatted(
                        Base64.getEncoder().encodeToString(JSON.getBytes(StandardCharsets.ISO_8859_1)),
                        number));
        context.variables("req").set("v", new Value.Str("val"));
        context.variables("req").set("num", new Value.Int(41));
        context.variables("req").set("json", new Value.Str(JSON));
        return context;
    }
}
