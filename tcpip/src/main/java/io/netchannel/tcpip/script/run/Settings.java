package io.netchannel.tcpip.script.run;

import io.netchannel.tcpip.script.Sysctls;
import io.netchannel.tcpip.script.call.Dialect;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;

/** TCP's settings as a script makes them, starting from those of the system that it describes. */
final class Settings implements Shell.Target {

    private static final long MS = 1_000_000;

    private final VirtualHost host;
    private final Sysctls sysctls;

    Settings(final VirtualHost host) {
        this.host = host;
        this.sysctls = new Sysctls(host.dialect() == Dialect.FREEBSD ? freeBsd() : TcpConfig.defaults());
    }

    /** Where FreeBSD's defaults are not Linux's (tcp(4)). */
    private static TcpConfig freeBsd() {
        return TcpConfig.defaults().with(TcpSetting.RECEIVE_BUFFER_BYTES, 65_536)
                .with(TcpSetting.RECEIVE_BUFFER_MAX_BYTES, 1 << 21).with(TcpSetting.SEND_BUFFER_BYTES, 32_768)
                .with(TcpSetting.SEND_BUFFER_MAX_BYTES, 1 << 21).with(TcpSetting.QUICK_ACKS, 0)
                .with(TcpSetting.COMPRESSED_ACK_NS, 0).with(TcpSetting.MIN_RTO_NS, 230 * MS)
                .with(TcpSetting.EXACT_WINDOW, 1).with(TcpSetting.ACK_SEGMENTS, 2)
                .with(TcpSetting.DELAYED_FIN_ACK, 0).with(TcpSetting.RFC1337, 1).with(TcpSetting.SYN_FIN, 0)
                .with(TcpSetting.SYN_REPEAT_NS, 0).with(TcpSetting.ECN_FALLBACK, 2).with(TcpSetting.RACK, 0)
                .with(TcpSetting.TAIL_LOSS_PROBE, 0);
    }

    /** At present: a script may change them as it goes. */
    TcpConfig config() {
        return sysctls.config();
    }

    @Override
    public String sysctl(final String name, final String value) {
        host.sysctls().put(name, value);
        final Sysctls.Result result = sysctls.set(name, value);
        return result.isSupported() ? null : result.reason();
    }

    @Override
    public String offload(final boolean on) {
        if (host.isBuilt()) {
            return "the stack runs already";
        }
        host.offload(on);
        return null;
    }

    @Override
    public int countInState(final String state) {
        final String name = switch (state) {
            case "SYN_RCVD" -> "SYN-RECV";
            case "ESTABLISHED" -> "ESTAB";
            default -> state.replace('_', '-');
        };
        return (int) host.stack().sockets().stream()
                .filter(entry -> entry.protocol().equals("tcp") && entry.state().equals(name)).count();
    }
}
