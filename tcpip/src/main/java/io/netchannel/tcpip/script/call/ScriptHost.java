package io.netchannel.tcpip.script.call;

import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.tcpip.NetStack;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.Map;

/**
 * The host that a script runs on, as the socket calls see it.
 *
 * <p>Threading: one script, one host, one thread.
 */
public interface ScriptHost {

    /**
     * The stack; built at the first call from the settings collected until then, so that a script's {@code sysctl}
     * lines come first.
     */
    NetStack stack();

    /** Of the stack's packets: where {@code TcpHandler.onReceive} points into. */
    PacketPool pool();

    /** The script's present, on the stack's clock. */
    long nowNs();

    /** Settings by their name, as {@code net.ipv4.tcp_sack}, in the order of the script. */
    Map<String, String> sysctls();

    Dialect dialect();

    IpVersion ipVersion();

    /** On the wire: IPv4 for {@link IpVersion#IPV4_MAPPED_IPV6} too. */
    IpAddress localAddress();

    IpAddress remoteAddress();

    /** The port that {@code bind(3, ..., ...)} means. */
    int bindPort();

    /** The port that {@code connect(3, ..., ...)} means. */
    int connectPort();
}
