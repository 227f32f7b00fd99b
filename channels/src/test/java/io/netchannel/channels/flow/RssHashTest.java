package io.netchannel.channels.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RssHashTest {

    /** Microsoft, "Verifying the RSS hash calculation". */
    private static final byte[] KEY = HexFormat.of().parseHex("6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b4"
            + "77cb2da38030f20c6a42b73bbeac01fa");

    private final RssHash hash = new RssHash(KEY);

    @ParameterizedTest
    @CsvSource({"161.142.100.80, 1766, 66.9.149.187, 2794, 323e8fc2, 51ccc178",
        "65.69.140.83, 4739, 199.92.111.2, 14230, d718262a, c626b0ea",
        "12.22.207.184, 38024, 24.19.198.95, 12898, d2d0a5de, 5c2b394a",
        "209.142.163.6, 2217, 38.27.205.30, 48228, 82989176, afc7327f",
        "202.188.127.2, 1303, 153.39.163.191, 44251, 5d1809c5, 10e828a2",
        "3ffe:2501:200:3::1, 1766, 3ffe:2501:200:1fff::7, 2794, 2cc18cd5, 40207d3d",
        "ff02::1, 4739, 3ffe:501:8::260:97ff:fe40:efab, 14230, 0f0c461c, dde51bbf",
        "fe80::200:f8ff:fe21:67cf, 38024, 3ffe:1900:4545:3:200:f8ff:fe21:67cf, 44251, 4b61e985, 02d1feef"})
    void shouldAgreeWithThePublishedVectors(final String destination, final int destinationPort, final String source,
            final int sourcePort, final String addressesOnly, final String withPorts) throws UnknownHostException {
        final FlowKey key = new FlowKey();
        final long[] local = address(destination);
        final long[] remote = address(source);
        key.local(local[0], local[1], destinationPort).remote(remote[0], remote[1], sourcePort);
        assertThat(hash.hash(key.protocol(FlowKey.TCP))).isEqualTo(HexFormat.fromHexDigits(withPorts));
        assertThat(hash.hash(key.protocol(FlowKey.UDP))).isEqualTo(HexFormat.fromHexDigits(withPorts));
        assertThat(hash.hash(key.protocol(1))).isEqualTo(HexFormat.fromHexDigits(addressesOnly));
    }

    private static long[] address(final String text) throws UnknownHostException {
        final byte[] bytes = InetAddress.getByName(text).getAddress();
        final ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return bytes.length == 4
                ? new long[]{0, FlowKey.v4Mapped(buffer.getInt())}
                : new long[]{buffer.getLong(), buffer.getLong()};
    }

    @Test
    void shouldRefuseKeysOfAnotherLengthAndKeepItsOwn() {
        assertThatThrownBy(() -> new RssHash(new byte[39])).hasMessageContaining("key.length=39");
        final byte[] copy = KEY.clone();
        final RssHash made = new RssHash(copy);
        copy[0] = 0;
        made.key()[1] = 0;
        assertThat(made.key()).isEqualTo(KEY);
        assertThat(RssHash.random(new SecureRandom()).key()).isNotEqualTo(RssHash.random(new SecureRandom()).key());
    }

    @Test
    void shouldSpreadFlowsEvenly() {
        final RssIndirection indirection = new RssIndirection(8);
        final int[] flows = new int[8];
        for (int port = 1024; port < 1024 + 32_000; port++) {
            flows[indirection.loopOf(hash.hash(new FlowKey().remoteV4(1, port).localV4(2, 80).protocol(6)))]++;
        }
        for (final int count : flows) {
            assertThat(count).isBetween(3_000, 5_000);
        }
    }

    @Test
    void shouldPickTheSameLoopAsTheDeviceWhereItMay() {
        final RssIndirection indirection = new RssIndirection(6);
        final Random random = new Random(4);
        final int[] others = new int[6];
        for (int i = 0; i < 60_000; i++) {
            final int value = random.nextInt();
            final int loop = indirection.loopOf(value);
            assertThat(indirection.loopOf(value, 0b111111)).isEqualTo(loop);
            final int chosen = indirection.loopOf(value, 0b101100);
            if ((0b101100 >>> loop & 1) != 0) {
                assertThat(chosen).isEqualTo(loop);
            } else {
                others[chosen]++;
            }
        }
        assertThat(others[0] + others[1] + others[4]).isZero();
        assertThat(others[2]).isBetween(9_000, 11_000);
        assertThat(others[3]).isBetween(9_000, 11_000);
        assertThat(others[5]).isBetween(9_000, 11_000);
        assertThat(indirection.loopOf(-1, 1L << 63)).isEqualTo(63);
    }

    @Test
    void shouldRefuseIndirectionsToLoopsThatDoNotExist() {
        final int[] entries = new RssIndirection(3).entries();
        assertThat(new RssIndirection(entries, 3).entries()).isEqualTo(entries);
        entries[127] = 3;
        assertThatThrownBy(() -> new RssIndirection(entries, 3)).hasMessageContaining("entries[127]=3");
        assertThatThrownBy(() -> new RssIndirection(65)).hasMessageContaining("loops=65");
        assertThatThrownBy(() -> new RssIndirection(0)).hasMessageContaining("loops=0");
        assertThatThrownBy(() -> new RssIndirection(new int[127], 1)).hasMessageContaining("127");
    }
}
