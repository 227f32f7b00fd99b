package io.netchannel.tcpip.fuzz;

import io.netchannel.tcpip.capture.CaptureFilter;
import io.netchannel.tcpip.dns.HostsFile;
import io.netchannel.tcpip.script.code.CodeBlock;
import io.netchannel.tcpip.script.code.CodeException;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import io.netchannel.tcpip.wire.MacAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Short texts that people write: the first byte says which. */
public final class TextFuzzTarget {

    private static final int MAX_PRINTED_CHARS = 1 << 20;

    private TextFuzzTarget() {
    }

    static List<byte[]> seeds() {
        return List.of(bytes("0tcp and not host 10.7.0.2 and src net fd00::/8 and dst port 22"),
                bytes("0ip6 and icmp6 and arp and udp"),
                bytes("1# comment\n10.9.9.9 Printer lp # a printer\nfd00::9\tlp\nnonsense here\n"),
                bytes("2assert tcpi_cwnd == 10, tcpi_cwnd\nprint 'a' % (1, 2.5)\na = 3; a += (4 << 2) // 3 ** 2"),
                bytes("2assert not (0x1f & ~3 | 7 ^ 1) or tcpi_cwnd >= 10 and 'x' != \"y\" % 3 - -2 * 4 / 2 % 7 >> 1"),
                bytes("2a = 'xx'\n" + "a += a\n".repeat(60)),
                bytes("2a = 1, 2\n" + "a = (a, a)\n".repeat(60) + "print a"),
                bytes("310.0.0.1"), bytes("3fd00::1:2:3%4"), bytes("3::ffff:1.2.3.4"), bytes("4fd00::/64"),
                bytes("502:00:00:00:00:01"), bytes("5020000000001"));
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static void fuzzerTestOneInput(final byte[] input) {
        if (input.length == 0) {
            return;
        }
        final String text = new String(input, 1, input.length - 1, StandardCharsets.ISO_8859_1);
        try {
            switch (input[0]) {
                case '0' -> CaptureFilter.parse(text);
                case '1' -> HostsFile.parse(text);
                case '2' -> code(text);
                case '3' -> same(IpAddress.parse(text), IpAddress.parse(IpAddress.parse(text).toString()));
                case '4' -> same(IpPrefix.parse(text), IpPrefix.parse(IpPrefix.parse(text).toString()));
                default -> same(MacAddress.parse(text), MacAddress.parse(MacAddress.parse(text).toString()));
            }
        } catch (final IllegalArgumentException expected) {
            if (input[0] == '1' || input[0] == '2' || expected.getMessage() == null
                    || expected instanceof NumberFormatException) {
                throw new AssertionError("not for its caller: " + expected, expected);
            }
        }
    }

    private static void same(final Object first, final Object second) {
        if (!first.equals(second)) {
            throw new AssertionError(first + " becomes " + second);
        }
    }

    private static void code(final String text) {
        final Map<String, Object> variables = new HashMap<>(Map.of("tcpi_cwnd", 10L, "rate", 2.5, "name", "value"));
        try {
            CodeBlock.run(text, variables, printed -> {
                if (printed.length() > MAX_PRINTED_CHARS) {
                    throw new AssertionError("printed.length=" + printed.length());
                }
            });
        } catch (final CodeException expected) {
            same(expected.getMessage() == null, false);
        }
    }
}
