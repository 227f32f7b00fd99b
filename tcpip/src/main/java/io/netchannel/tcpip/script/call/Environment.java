package io.netchannel.tcpip.script.call;

import io.netchannel.tcpip.NetStack;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.function.Supplier;

/** What sockets ask their host. */
final class Environment {

    private final ScriptHost host;
    private final Supplier<TcpConfig> settings;

    Environment(final ScriptHost host, final Supplier<TcpConfig> settings) {
        this.host = host;
        this.settings = settings;
    }

    NetStack stack() {
        return host.stack();
    }

    Dialect dialect() {
        return host.dialect();
    }

    boolean isLinux() {
        return host.dialect() == Dialect.LINUX;
    }

    /** Settings of sockets that don't say otherwise, at present. */
    TcpConfig config() {
        return settings.get();
    }

    /** AF_INET or AF_INET6: what a socket has if a script leaves it open. */
    int family() {
        return host.ipVersion() == IpVersion.IPV4 ? LinuxNumbers.AF_INET : LinuxNumbers.AF_INET6;
    }

    IpAddress localAddress() {
        return host.localAddress();
    }

    IpAddress remoteAddress() {
        return host.remoteAddress();
    }

    int bindPort() {
        return host.bindPort();
    }

    int connectPort() {
        return host.connectPort();
    }
}
