package io.netchannel.node.netty;

import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpListener;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.socket.ServerSocketChannelConfig;
import io.netty.util.NetUtil;
import java.util.Map;

/**
 * Options of a {@link DataplaneServerSocketChannel}: Netty's for server sockets, and settings of TCP by
 * {@link DataplaneChannelOption#of} for what is accepted.
 *
 * <p>Threading: any; listeners hear of a change on their loops.
 */
public final class DataplaneServerSocketChannelConfig extends DefaultChannelConfig
        implements
            ServerSocketChannelConfig {

    private final DataplaneServerSocketChannel server;
    private final SettingOptions settings = new SettingOptions();
    private volatile int backlog = NetUtil.SOMAXCONN;
    private volatile int receiveBufferBytes;
    private volatile boolean reuseAddress;
    private volatile int trafficClass;

    DataplaneServerSocketChannelConfig(final DataplaneServerSocketChannel channel) {
        super(channel, new ServerChannelRecvByteBufAllocator());
        this.server = channel;
    }

    /** Of what is accepted. */
    TcpConfig settings(final TcpConfig ofNode) {
        final TcpConfig config = settings.over(ofNode);
        return receiveBufferBytes == 0 ? config : config.with(TcpSetting.RECEIVE_BUFFER_BYTES, receiveBufferBytes);
    }

    void apply(final TcpListener listener) {
        listener.differentiatedServices(trafficClass >> 2);
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), ChannelOption.SO_RCVBUF, ChannelOption.SO_REUSEADDR,
                ChannelOption.SO_BACKLOG,
                ChannelOption.IP_TOS);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(final ChannelOption<T> option) {
        final TcpSetting setting = SettingOptions.settingOf(option);
        if (setting != null) {
            return (T) settings.get(setting);
        }
        final Object value = option == ChannelOption.SO_RCVBUF
                ? (Object) getReceiveBufferSize()
                : option == ChannelOption.SO_REUSEADDR
                        ? (Object) isReuseAddress()
                        : option == ChannelOption.SO_BACKLOG
                                ? (Object) getBacklog()
                                : option == ChannelOption.IP_TOS
                                        ? (Object) trafficClass
                                        : super.getOption(option);
        return (T) value;
    }

    @Override
    public <T> boolean setOption(final ChannelOption<T> option, final T value) {
        validate(option, value);
        UnsupportedOptions.refuse(option, value);
        final TcpSetting setting = SettingOptions.settingOf(option);
        if (setting != null) {
            settings.set(setting, (Long) value);
        } else if (option == ChannelOption.SO_RCVBUF) {
            setReceiveBufferSize((Integer) value);
        } else if (option == ChannelOption.SO_REUSEADDR) {
            setReuseAddress((Boolean) value);
        } else if (option == ChannelOption.SO_BACKLOG) {
            setBacklog((Integer) value);
        } else if (option == ChannelOption.IP_TOS) {
            setTrafficClass((Integer) value);
        } else {
            return super.setOption(option, value);
        }
        return true;
    }

    private void setTrafficClass(final int value) {
        if (value < 0 || value > 255) {
            throw new IllegalArgumentException("trafficClass=" + value + " is not within 0..255");
        }
        trafficClass = value;
        server.forListeners(this::apply);
    }

    @Override
    public int getBacklog() {
        return backlog;
    }

    @Override
    public DataplaneServerSocketChannelConfig setBacklog(final int connections) {
        if (connections < 0) {
            throw new IllegalArgumentException("backlog=" + connections + " < MIN=0");
        }
        backlog = Math.max(1, connections);
        server.forListeners(listener -> listener.backlog(backlog));
        return this;
    }

    @Override
    public boolean isReuseAddress() {
        return reuseAddress;
    }

    /** Kept, and without effect: an address in TIME-WAIT can be listened at anyway. */
    @Override
    public DataplaneServerSocketChannelConfig setReuseAddress(final boolean on) {
        reuseAddress = on;
        return this;
    }

    @Override
    public int getReceiveBufferSize() {
        return receiveBufferBytes != 0 ? receiveBufferBytes : (int) TcpSetting.RECEIVE_BUFFER_BYTES.defaultValue();
    }

    /** Of what is accepted; before it is bound. */
    @Override
    public DataplaneServerSocketChannelConfig setReceiveBufferSize(final int bytes) {
        receiveBufferBytes = DataplaneSocketChannelConfig.clamped(TcpSetting.RECEIVE_BUFFER_BYTES, bytes);
        return this;
    }

    /** There is one implementation; nothing to prefer. */
    @Override
    public DataplaneServerSocketChannelConfig setPerformancePreferences(final int connectionTime, final int latency,
            final int bandwidth) {
        return this;
    }

    @Override
    protected void autoReadCleared() {
        server.autoReadCleared();
    }

    @Override
    @Deprecated
    public DataplaneServerSocketChannelConfig setMaxMessagesPerRead(final int messages) {
        super.setMaxMessagesPerRead(messages);
        return this;
    }

    @Override
    @Deprecated
    public DataplaneServerSocketChannelConfig setWriteBufferHighWaterMark(final int bytes) {
        super.setWriteBufferHighWaterMark(bytes);
        return this;
    }

    @Override
    @Deprecated
    public DataplaneServerSocketChannelConfig setWriteBufferLowWaterMark(final int bytes) {
        super.setWriteBufferLowWaterMark(bytes);
        return this;
    }

    @Override
    public DataplaneServerSocketChannelConfig setConnectTimeoutMillis(final int millis) {
        super.setConnectTimeoutMillis(millis);
        return this;
    }

    @Override
    public DataplaneServerSocketChannelConfig setWriteSpinCount(final int count) {
        super.setWriteSpinCount(count);
        return this;
    }

    @Override
    public DataplaneServerSocketChannelConfig setAllocator(final ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public DataplaneServerSocketChannelConfig setRecvByteBufAllocator(final RecvByteBufAllocator allocator) {
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public DataplaneServerSocketChannelConfig setAutoRead(final boolean on) {
        super.setAutoRead(on);
        return this;
    }

    @Override
    public DataplaneServerSocketChannelConfig setMessageSizeEstimator(final MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }

    @Override
    public DataplaneServerSocketChannelConfig setWriteBufferWaterMark(final WriteBufferWaterMark mark) {
        super.setWriteBufferWaterMark(mark);
        return this;
    }
}
