package io.netchannel.samples.haproxy.stats.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.haproxy.proxy.LocalProxy;
import io.netchannel.samples.haproxy.proxy.ProxyServer;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The form of {@code show errors} beside haproxy's. */
class InvalidMessagesTest {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss.SSS", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final LocalProxy local = new LocalProxy();

    @AfterEach
    void stop() {
        local.close();
    }

    private String text(final ProxyServer proxy, final Integer id, final boolean requests, final boolean responses)
            throws Exception {
        return local.inLoop(() -> new InvalidMessages(proxy, DATE).text(0, id, requests, responses)).replaceAll(
                "\n\\[[^]]*]", "\n[when]");
    }

    @Test
    void shouldShowTheLastInvalidRequest() throws Exception {
        final ProxyServer proxy = local.start("", "frontend f\nbind 127.0.0.1:80\n");
        assertThat(text(proxy, null, true, true)).isEqualTo(
                "Total events captured on [01/Jan/1970:00:00:00.000] : 0\n");
        local.client(80).send("GET / HTTP/1.1\r\nbad name: x\r\n" + "y".repeat(80) + "\t\1\\: \r\n\r\n").untilClosed();
        final String head = "Total events captured on [01/Jan/1970:00:00:00.000] : 1\n";
        assertThat(text(proxy, null, true, true)).isEqualTo(head + " \n[when] frontend f (#1): invalid request\n"
                + "  backend <NONE> (#-1), server <NONE> (#-1), event #0, src :0\n"
                + "  buffer starts at 0 (including 0 out), 16266 free,\n"
                + "  len 118, wraps at 16384, error at position 19\n  \n"
                + "  00000  GET / HTTP/1.1\\r\\n\n  00016  bad name: x\\r\\n\n"
                + "  00029  " + "y".repeat(70) + "\n  00099+ " + "y".repeat(10)
                + "\\t\\x01\\\\: \\r\\n\n  00116  \\r\\n\n");
        assertThat(text(proxy, 9, true, true)).isEqualTo(head);
        assertThat(text(proxy, null, false, true)).isEqualTo(head);
        assertThat(text(proxy, 1, true, false)).contains("invalid request");
    }
}
