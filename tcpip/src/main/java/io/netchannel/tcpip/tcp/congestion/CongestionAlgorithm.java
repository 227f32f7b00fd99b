package io.netchannel.tcpip.tcp.congestion;

import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import java.util.List;
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

    public static final CongestionAlgorithm CUBIC = new CongestionAlgorithm("cubic", false,
            config -> new Cubic(config.is(TcpSetting.HYSTART), config.is(TcpSetting.ALTERNATIVE_BACKOFF)));

    public static final CongestionAlgorithm NEW_RENO = new CongestionAlgorithm("reno", false,
            config -> new NewReno(config.is(TcpSetting.ALTERNATIVE_BACKOFF)));

    public static final CongestionAlgorithm DCTCP = new CongestionAlgorithm("dctcp", true, config -> new Dctcp());

    public static final CongestionAlgorithm DEFAULT = CUBIC;

    private static final List<CongestionAlgorithm> BUILT_IN = List.of(CUBIC, NEW_RENO, DCTCP);

    /** @throws IllegalArgumentException naming those that there are */
    public static CongestionAlgorithm named(final String name) {
        for (final CongestionAlgorithm algorithm : BUILT_IN) {
            if (algorithm.name.equals(name)) {
                return algorithm;
            }
        }
        throw new IllegalArgumentException("congestionControl=" + name + " is none of "
                + BUILT_IN.stream().map(CongestionAlgorithm::name).toList());
    }
}
