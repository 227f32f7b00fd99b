package io.netchannel.node.netty;

import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netty.channel.ChannelOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The options of {@link DataplaneChannelOption} that a connection has, as they were set.
 *
 * <p>Threading: values any; {@link #apply} the loop of the flow.
 */
final class FlowOptions {

    private static final long NS_PER_MS = 1_000_000;
    private static final long NS_PER_S = 1_000_000_000;
    private static final Map<ChannelOption<?>, BiConsumer<TcpFlow, Object>> SETTERS = new LinkedHashMap<>();

    static {
        setter(DataplaneChannelOption.TCP_CORK, TcpFlow::cork);
        setter(DataplaneChannelOption.TCP_QUICKACK, TcpFlow::quickAck);
        setter(DataplaneChannelOption.TCP_USER_TIMEOUT, (flow, ms) -> flow.userTimeoutNs(ms * NS_PER_MS));
        setter(DataplaneChannelOption.TCP_NOTSENT_LOWAT, TcpFlow::notSentLowWaterBytes);
        setter(DataplaneChannelOption.TCP_MAXSEG, TcpFlow::maxSegmentBytes);
        setter(DataplaneChannelOption.SO_MAX_PACING_RATE, TcpFlow::maxPacingRate);
    }

    // Replaced by each change, never changed: a server's many channels have none, or the same one.
    private volatile Map<ChannelOption<?>, Object> values = Map.of();

    @SuppressWarnings("unchecked")
    private static <T> void setter(final ChannelOption<T> option, final BiConsumer<TcpFlow, T> setter) {
        SETTERS.put(option, (flow, value) -> setter.accept(flow, (T) value));
    }

    private static boolean isKeepAlive(final ChannelOption<?> option) {
        return option == DataplaneChannelOption.TCP_KEEPIDLE || option == DataplaneChannelOption.TCP_KEEPINTVL
                || option == DataplaneChannelOption.TCP_KEEPCNT;
    }

    static boolean has(final ChannelOption<?> option) {
        return SETTERS.containsKey(option) || isKeepAlive(option);
    }

    Object get(final ChannelOption<?> option) {
        return values.get(option);
    }

    synchronized void set(final ChannelOption<?> option, final Object value) {
        final Map<ChannelOption<?>, Object> changed = new HashMap<>(values);
        changed.put(option, value);
        values = Map.copyOf(changed);
    }

    void apply(final TcpFlow flow) {
        if (values.isEmpty()) {
            return;
        }
        SETTERS.forEach((option, setter) -> {
            final Object value = values.get(option);
            if (value != null) {
                setter.accept(flow, value);
            }
        });
        if (values.keySet().stream().anyMatch(FlowOptions::isKeepAlive)) {
            flow.keepAliveTimes(
                    seconds(DataplaneChannelOption.TCP_KEEPIDLE, TcpSetting.KEEP_ALIVE_IDLE_NS),
                    seconds(DataplaneChannelOption.TCP_KEEPINTVL, TcpSetting.KEEP_ALIVE_INTERVAL_NS),
                    values.get(DataplaneChannelOption.TCP_KEEPCNT) instanceof final Integer probes
                            ? probes
                            : (int) TcpSetting.KEEP_ALIVE_PROBES.defaultValue());
        }
    }

    private long seconds(final ChannelOption<Integer> option, final TcpSetting otherwise) {
        return values.get(option) instanceof final Integer seconds ? seconds * NS_PER_S : otherwise.defaultValue();
    }
}
