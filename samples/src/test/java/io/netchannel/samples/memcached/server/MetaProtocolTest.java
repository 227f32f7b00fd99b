package io.netchannel.samples.memcached.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MetaProtocolTest {

    private final TestServer server = new TestServer();
    private final TestServer.Client client = server.connect();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void shouldReturnTheFlagsInTheOrderAsked() {
        assertThat(client.send("ms k 2 F7 T100 c O9 k\r\nhi\r\n")).isEqualTo("HD c1 O9 k\r\n".replace(" k", " kk"));
        assertThat(client.send("mg k v s t f c k O5\r\n")).isEqualTo("VA 2 s2 t100 f7 c1 kk O5\r\nhi\r\n");
        assertThat(client.send("mg k O5 k\r\nmg x O5 k\r\n")).isEqualTo("HD O5 kk\r\nEN O5 kx\r\n");
    }

    @Test
    void shouldTellOfUseBeforeThisOne() {
        client.send("ms k 1\r\nx\r\n");
        server.advanceSeconds(3);
        assertThat(client.send("mg k h l t\r\n")).isEqualTo("HD h0 l3 t-1\r\n");
        assertThat(client.send("mg k h u\r\n")).isEqualTo("HD h1\r\n");
        client.send("ms other 1\r\nx\r\nmg other v u\r\n");
        assertThat(client.send("mg other h\r\n")).isEqualTo("HD h0\r\n");
    }

    @ParameterizedTest
    @CsvSource({"E,NS", "A,HD", "P,HD", "R,HD", "S,HD"})
    void shouldStoreByMode(final String mode, final String answer) {
        client.send("ms k 1\r\nx\r\n");
        assertThat(client.send("ms k 1 M" + mode + "\r\ny\r\n")).isEqualTo(answer + "\r\n");
        assertThat(client.send("ms k 1 MX\r\ny\r\nmn\r\n"))
                .isEqualTo("CLIENT_ERROR invalid mode for ms M token\r\nMN\r\n");
    }

    @Test
    void shouldKeepQuietAboutTheExpected() {
        assertThat(client.send("ms k 1 q\r\nx\r\nmg missing v q\r\nmg k v q\r\nmd k q\r\nmd k q\r\nma n q\r\nmn\r\n"))
                .isEqualTo("VA 1\r\nx\r\nNF\r\nNF\r\nMN\r\n");
    }

    @Test
    void shouldLetOneClientWinARecache() {
        client.send("ms k 1 T100\r\nx\r\n");
        assertThat(client.send("mg k R30\r\n")).isEqualTo("HD\r\n");
        server.advanceSeconds(80);
        assertThat(client.send("mg k R30\r\nmg k R30\r\n")).isEqualTo("HD W\r\nHD Z\r\n");
    }

    @Test
    void shouldVivifyAMissForOneClient() {
        assertThat(client.send("mg k N30 v\r\nmg k N30 v\r\n")).isEqualTo("VA 0 W\r\n\r\nVA 0 Z\r\n\r\n");
        assertThat(client.send("mg k t\r\n")).isEqualTo("HD t30 Z\r\n");
    }

    @Test
    void shouldServeStaleValuesUntilTheyAreReplaced() {
        client.send("ms k 1\r\nx\r\n");
        assertThat(client.send("md k I T30\r\n")).isEqualTo("HD\r\n");
        assertThat(client.send("mg k v c\r\nmg k v\r\n")).isEqualTo("VA 1 c2 X W\r\nx\r\nVA 1 Z X\r\nx\r\n");
        assertThat(client.send("ms k 1 C1 I\r\ny\r\nmg k v\r\n")).isEqualTo("HD\r\nVA 1 Z X\r\ny\r\n");
        assertThat(client.send("ms k 1 C99\r\nz\r\nms k 1 C3\r\nz\r\nmg k v\r\n"))
                .isEqualTo("EX\r\nHD\r\nVA 1\r\nz\r\n");
    }

    @Test
    void shouldCount() {
        assertThat(client.send("ma n\r\nma n N0 J13 v\r\nma n v\r\nma n MD D10 v\r\nma n MI D5 v t c\r\n"))
                .isEqualTo("NF\r\nVA 2\r\n13\r\nVA 2\r\n14\r\nVA 1\r\n4\r\nVA 1 t-1 c4\r\n9\r\n");
        client.send("ms s 1\r\nx\r\n");
        assertThat(client.send("ma s\r\nma n C77\r\n"))
                .isEqualTo("CLIENT_ERROR cannot increment or decrement non-numeric value\r\nEX\r\n");
    }

    @Test
    void shouldTakeBinaryKeys() {
        assertThat(client.send("ms AAEC/w== 1 b k\r\nx\r\nmg AAEC/w== b k v\r\nme AAEC/w== b\r\n"))
                .startsWith("HD kAAEC/w== b\r\nVA 1 kAAEC/w== b\r\nx\r\nME AAEC/w== exp=-1 la=0 cas=1 fetch=yes cls=1");
        assertThat(client.send("mg AAEC/w= b\r\n")).isEqualTo("CLIENT_ERROR error decoding key\r\n");
    }

    @Test
    void shouldRefuseTooManyAndTooLongFlags() {
        assertThat(client.send("mg k O" + "x".repeat(32) + "\r\n")).isEqualTo("EN\r\n".replace("EN",
                "CLIENT_ERROR opaque token too long"));
        assertThat(client.send("mg k a b c d e f g h i j k l m n o p q r s\r\n"))
                .isEqualTo("CLIENT_ERROR options flags are too long\r\n");
    }
}
