package io.netchannel.node.netty;

import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannelConfig;
import java.util.Map;

/**
 * Options of a {@link DataplaneSocketChannel}: Netty's for sockets, and {@link DataplaneChannelOption}'s.
 *
 * <p>Threading: any; an open flow hears of a change on its loop.
 */
public final class DataplaneSocketChannelConfig extends DefaultChannelConfig implements SocketChannelConfig {

    private static final int NO_LINGER = -1;
    private static final long NS_PER_S = 1_000_000_000;
    private static final int ECN_BITS = 2;

    private final DataplaneSocketChannel socket;
    private final FlowOptions options = new FlowOptions();
    private final SettingOptions settings = new SettingOptions();
    private volatile boolean allowHalfClosure;
    // As Netty's other transports have it.
    private volatile boolean noDelay = true;
    private volatile boolean keepAlive;
    private volatile boolean reuseAddress;
    private volatile int lingerSeconds = NO_LINGER;
    // 0: by itself.
    private volatile int sendBufferBytes;
    private volatile int receiveBufferBytes;
    private volatile int trafficClass;

    DataplaneSocketChannelConfig(final DataplaneSocketChannel channel) {
        super(channel);
        this.socket = channel;
    }

    /** Those of a connect. */
    TcpConfig settings(final TcpConfig ofNode) {
        return settings.over(ofNode);
    }

    /** All at once, to a flow that is new to the channel. */
    void apply(final TcpFlow flow) {
        flow.noDelay(noDelay);
        if (keepAlive) {
            flow.keepAlive(true);
        }
        if (lingerSeconds != NO_LINGER) {
            flow.lingerNs(lingerSeconds * NS_PER_S);
        }
        if (sendBufferBytes != 0) {
            flow.sendBufferBytes(sendBufferBytes);
        }
        if (receiveBufferBytes != 0) {
            flow.receiveBufferBytes(receiveBufferBytes);
        }
        if (trafficClass != 0) {
            flow.differentiatedServices(trafficClass >> ECN_BITS);
        }
        options.apply(flow);
    }

    private void changed(final java.util.function.Consumer<TcpFlow> change) {
        if (!socket.isRegistered()) {
            // All are applied then.
            return;
        }
        if (!socket.eventLoop().inEventLoop()) {
            socket.eventLoop().execute(() -> changed(change));
        } else if (socket.flow() != null && socket.isOpen()) {
            change.accept(socket.flow());
        }
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), ChannelOption.SO_RCVBUF, ChannelOption.SO_SNDBUF,
                ChannelOption.TCP_NODELAY,
                ChannelOption.SO_KEEPALIVE, ChannelOption.SO_REUSEADDR, ChannelOption.SO_LINGER, ChannelOption.IP_TOS,
                ChannelOption.ALLOW_HALF_CLOSURE);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(final ChannelOption<T> option) {
        final TcpSetting setting = SettingOptions.settingOf(option);
        if (setting != null) {
            return (T) settings.get(setting);
        }
        if (FlowOptions.has(option)) {
            return (T) options.get(option);
        }
        final Object value = option == ChannelOption.SO_RCVBUF
                ? (Object) getReceiveBufferSize()
                : option == ChannelOption.SO_SNDBUF
                        ? (Object) getSendBufferSize()
                        : option == ChannelOption.TCP_NODELAY
                                ? (Object) isTcpNoDelay()
                                : option == ChannelOption.SO_KEEPALIVE
                                        ? (Object) isKeepAlive()
                                        : option == ChannelOption.SO_REUSEADDR
                                                ? (Object) isReuseAddress()
                                                : option == ChannelOption.SO_LINGER
                                                        ? (Object) getSoLinger()
                                                        : option == ChannelOption.IP_TOS
                                                                ? (Object) getTrafficClass()
                                                                : option == ChannelOption.ALLOW_HALF_CLOSURE
                                                                        ? (Object) isAllowHalfClosure()
                                                                        : super.getOption(option);
        return (T) value;
    }

    @Override
    public <T> boolean setOption(final ChannelOption<T> option, final T value) {
        validate(option, value);
        UnsupportedOptions.refuse(option, value);
        final TcpSetting setting = SettingOptions.settingOf(option);
        if (setting != null) {
            setSetting(setting, (Long) value);
        } else if (FlowOptions.has(option)) {
            options.set(option, value);
            changed(options::apply);
        } else if (option == ChannelOption.SO_RCVBUF) {
            setReceiveBufferSize((Integer) value);
        } else if (option == ChannelOption.SO_SNDBUF) {
            setSendBufferSize((Integer) value);
        } else if (option == ChannelOption.TCP_NODELAY) {
            setTcpNoDelay((Boolean) value);
        } else if (option == ChannelOption.SO_KEEPALIVE) {
            setKeepAlive((Boolean) value);
        } else if (option == ChannelOption.SO_REUSEADDR) {
            setReuseAddress((Boolean) value);
        } else if (option == ChannelOption.SO_LINGER) {
            setSoLinger((Integer) value);
        } else if (option == ChannelOption.IP_TOS) {
            setTrafficClass((Integer) value);
        } else if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
            setAllowHalfClosure((Boolean) value);
        } else {
            return super.setOption(option, value);
        }
        return true;
    }

    private void setSetting(final TcpSetting setting, final long value) {
        if (socket.home() != null || socket.isActive()) {
            throw new IllegalStateException(setting.camelCase() + "=" + value
                    + " comes too late for an open connection: set it before connect(), or as an option of the server channel");
        }
        settings.set(setting, value);
    }

    @Override
    public boolean isTcpNoDelay() {
        return noDelay;
    }

    @Override
    public DataplaneSocketChannelConfig setTcpNoDelay(final boolean on) {
        noDelay = on;
        changed(flow -> flow.noDelay(on));
        return this;
    }

    /** Seconds; -1 if it is off. */
    @Override
    public int getSoLinger() {
        return lingerSeconds;
    }

    /** Closing never blocks: what lingers does so in the background. */
    @Override
    public DataplaneSocketChannelConfig setSoLinger(final int seconds) {
        lingerSeconds = Math.max(NO_LINGER, seconds);
        changed(flow -> flow.lingerNs(lingerSeconds == NO_LINGER ? NO_LINGER : lingerSeconds * NS_PER_S));
        return this;
    }

    /** The setting's, where none was fixed: it grows with the path's need. */
    @Override
    public int getSendBufferSize() {
        return sendBufferBytes != 0 ? sendBufferBytes : (int) TcpSetting.SEND_BUFFER_BYTES.defaultValue();
    }

    @Override
    public DataplaneSocketChannelConfig setSendBufferSize(final int bytes) {
        sendBufferBytes = clamped(TcpSetting.SEND_BUFFER_BYTES, bytes);
        changed(flow -> flow.sendBufferBytes(sendBufferBytes));
        return this;
    }

    @Override
    public int getReceiveBufferSize() {
        return receiveBufferBytes != 0 ? receiveBufferBytes : (int) TcpSetting.RECEIVE_BUFFER_BYTES.defaultValue();
    }

    @Override
    public DataplaneSocketChannelConfig setReceiveBufferSize(final int bytes) {
        receiveBufferBytes = clamped(TcpSetting.RECEIVE_BUFFER_BYTES, bytes);
        changed(flow -> flow.receiveBufferBytes(receiveBufferBytes));
        return this;
    }

    /** As Linux does: a size that is too small or too large is a wish for the smallest or the largest. */
    static int clamped(final TcpSetting setting, final int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException(setting.camelCase() + "=" + bytes + " < MIN=1");
        }
        return (int) Math.clamp((long) bytes, setting.min(), setting.max());
    }

    @Override
    public boolean isKeepAlive() {
        return keepAlive;
    }

    @Override
    public DataplaneSocketChannelConfig setKeepAlive(final boolean on) {
        keepAlive = on;
        changed(flow -> flow.keepAlive(on));
        return this;
    }

    @Override
    public int getTrafficClass() {
        return trafficClass;
    }

    @Override
    public DataplaneSocketChannelConfig setTrafficClass(final int value) {
        if (value < 0 || value > 255) {
            throw new IllegalArgumentException("trafficClass=" + value + " is not within 0..255");
        }
        trafficClass = value;
        changed(flow -> flow.differentiatedServices(value >> ECN_BITS));
        return this;
    }

    @Override
    public boolean isReuseAddress() {
        return reuseAddress;
    }

    /** Kept, and without effect: the stack reuses addresses in TIME-WAIT anyway, where it is safe (RFC 6191). */
    @Override
    public DataplaneSocketChannelConfig setReuseAddress(final boolean on) {
        reuseAddress = on;
        return this;
    }

    @Override
    public boolean isAllowHalfClosure() {
        return allowHalfClosure;
    }

    @Override
    public DataplaneSocketChannelConfig setAllowHalfClosure(final boolean on) {
        allowHalfClosure = on;
        return this;
    }

    /** There is one implementation; nothing to prefer. */
    @Override
    public DataplaneSocketChannelConfig setPerformancePreferences(final int connectionTime, final int latency,
            final int bandwidth) {
        return this;
    }

    @Override
    protected void autoReadCleared() {
        socket.autoReadCleared();
    }

    @Override
    @Deprecated
    public DataplaneSocketChannelConfig setMaxMessagesPerRead(final int messages) {
        super.setMaxMessagesPerRead(messages);
        return this;
    }

    @Override
    public DataplaneSocketChannelConfig setConnectTimeoutMillis(final int millis) {
        super.setConnectTimeoutMillis(millis);
        return this;
    }

    @Override
    public DataplaneSocketChannelConfig setWriteSpinCount(final int count) {
        super.setWriteSpinCount(count);
        return this;
    }

    @Override
    public DataplaneSocketChannelConfig setAllocator(final ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public DataplaneSocketChannelConfig setRecvByteBufAllocator(final RecvByteBufAllocator allocator) {
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public DataplaneSocketChannelConfig setAutoRead(final boolean on) {
        super.setAutoRead(on);
        return this;
    }

    @Override
    public DataplaneSocketChannelConfig setMessageSizeEstimator(final MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }

    @Override
    public DataplaneSocketChannelConfig setWriteBufferWaterMark(final WriteBufferWaterMark mark) {
        super.setWriteBufferWaterMark(mark);
        return this;
    }

    @Override
    public DataplaneSocketChannelConfig setAutoClose(final boolean on) {
        super.setAutoClose(on);
        return this;
    }
}
