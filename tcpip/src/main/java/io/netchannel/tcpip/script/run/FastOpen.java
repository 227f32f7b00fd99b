package io.netchannel.tcpip.script.run;

import io.netchannel.tcpip.script.syntax.PacketSpec;
import io.netchannel.tcpip.script.syntax.PacketSpec.Tcp;
import io.netchannel.tcpip.script.syntax.TcpFlags;
import io.netchannel.tcpip.script.syntax.TcpOption;
import java.util.List;
import java.util.Map;

/** Recognizes packets of TCP Fast Open (RFC 7413), which we don't have. */
final class FastOpen {

    private static final String SYSCTL = "net.ipv4.tcp_fastopen";
    // Linux: TFO_SERVER_ENABLE with TFO_SERVER_WO_SOCKOPT1, and TFO_SERVER_COOKIE_NOT_REQD.
    private static final long ALL_LISTENERS = 0x402;
    private static final long WITHOUT_COOKIE = 0x200;

    private FastOpen() {
    }

    /** Whether Linux, so set, would send this packet, or take it, as one of Fast Open's. */
    static boolean isUsed(final PacketSpec packet, final Map<String, String> sysctls) {
        if (!(packet.transport() instanceof final Tcp tcp) || !tcp.has(TcpFlags.SYN)) {
            return false;
        }
        final boolean option = hasOption(tcp);
        if (!packet.inbound()) {
            return option;
        }
        final long mode = mode(sysctls.getOrDefault(SYSCTL, "1"));
        final boolean listening = (mode & ALL_LISTENERS) == ALL_LISTENERS && !tcp.has(TcpFlags.ACK);
        return listening && (option || tcp.payloadBytes() > 0 && (mode & WITHOUT_COOKIE) != 0);
    }

    private static boolean hasOption(final Tcp tcp) {
        for (final TcpOption option : tcp.options() == null ? List.<TcpOption>of() : tcp.options()) {
            final boolean experimental = option.kind() == TcpOption.EXPERIMENTAL && option.value().length >= 2
                    && ((option.value()[0] & 0xFF) << 8 | option.value()[1] & 0xFF) == TcpOption.FAST_OPEN_MAGIC;
            if (option.kind() == TcpOption.FAST_OPEN || experimental) {
                return true;
            }
        }
        return false;
    }

    private static long mode(final String value) {
        try {
            return Long.decode(value.trim());
        } catch (final NumberFormatException _) {
            return 0;
        }
    }
}
