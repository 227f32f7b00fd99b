package io.netchannel.node.netty;

import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netty.channel.ChannelOption;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** {@link DataplaneChannelOption#of}: settings that differ from the node's. Any thread. */
final class SettingOptions {

    private static final Map<ChannelOption<?>, TcpSetting> BY_OPTION = new HashMap<>();

    static {
        for (final TcpSetting setting : TcpSetting.values()) {
            BY_OPTION.put(DataplaneChannelOption.of(setting), setting);
        }
    }

    // Replaced by each change, never changed: of a server's many channels most have none.
    private volatile Map<TcpSetting, Long> values = Map.of();

    /** Null if it is another option. */
    static TcpSetting settingOf(final ChannelOption<?> option) {
        return BY_OPTION.get(option);
    }

    Object get(final TcpSetting setting) {
        return values.get(setting);
    }

    /** @throws IllegalArgumentException if it is out of the setting's range */
    synchronized void set(final TcpSetting setting, final long value) {
        TcpConfig.defaults().with(setting, value);
        final Map<TcpSetting, Long> changed = new EnumMap<>(TcpSetting.class);
        changed.putAll(values);
        changed.put(setting, value);
        values = changed;
    }

    TcpConfig over(final TcpConfig ofNode) {
        TcpConfig config = ofNode;
        for (final Map.Entry<TcpSetting, Long> entry : values.entrySet()) {
            config = config.with(entry.getKey(), entry.getValue());
        }
        return config;
    }
}
