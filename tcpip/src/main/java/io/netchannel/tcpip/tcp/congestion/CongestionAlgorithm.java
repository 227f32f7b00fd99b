package io.netchannel.tcpip.tcp.congestion;

import io.netchannel.tcpip.tcp.TcpConfig;
import java.util.function.Function;

/**
 * An algorithm that can be chosen by configuration. Users may bring their own.
 *
 * <p>Threading: immutable.
 *
 * @param name Linux's name for it
 * @param requiresEcn whether it works by routers' marks: all packets are marked as capable, and the receiver echoes
 *            exactly
 * @param create makes one for a connection
 */
public record CongestionAlgorithm(String name, boolean requiresEcn, Function<TcpConfig, CongestionControl> create) {

    public static final CongestionAlgorithm NEW_RENO = new CongestionAlgorithm("reno", false, config -> new NewReno());

    public static final CongestionAlgorithm DEFAULT = NEW_RENO;
}
