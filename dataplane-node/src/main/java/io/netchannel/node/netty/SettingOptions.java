package io.netchannel.node.netty;

import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netty.channel.ChannelOption;
import java.util.Collections;
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

    private final Map<TcpSetting, Long> values = Collections.synchronizedMap(new EnumMap<>(TcpSetting.class));

    /** Null if it is another option. */
    static TcpSetting settingOf(final ChannelOption<?> option) {
        return BY_OPTION.get(option);
    }

    Object get(final TcpSetting setting) {
        return values.get(setting);
    }

    /** @throws IllegalArgumentException if it is out of the setting's range */
    void set(final TcpSetting setting, final long value) {
        TcpConfig.defaults().with(setting, value);
        values.put(setting, value);
    }

    TcpConfig over(final TcpConfig ofNode) {
        TcpConfig config = ofNode;
        synchronized (values) {
            for (final Map.Entry<TcpSetting, Long> entry : values.entrySet()) {
                config = config.with(entry.getKey(), entry.getValue());
            }
        }
        return config;
    }
}
