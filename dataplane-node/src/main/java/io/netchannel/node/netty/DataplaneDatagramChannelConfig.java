package io.netchannel.node.netty;

import io.netchannel.tcpip.udp.UdpSocket;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannelConfig;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Options of a {@link DataplaneDatagramChannel}: Netty's for datagram sockets.
 *
 * <p>Threading: any; an open socket hears of a change on its loop.
 */
public final class DataplaneDatagramChannelConfig extends DefaultChannelConfig implements DatagramChannelConfig {

    /** Linux's net.core.rmem_default. */
    private static final int DEFAULT_BUFFER_BYTES = 212_992;
    private static final int DATAGRAM_BYTES = 2_048;

    private final DataplaneDatagramChannel channel;
    // Written by the event loop, read by any.
    private volatile long dropped;
    private volatile int sendBufferBytes = DEFAULT_BUFFER_BYTES;
    private volatile int receiveBufferBytes = DEFAULT_BUFFER_BYTES;
    private volatile int trafficClass;
    private volatile int multicastHops = 1;
    private volatile boolean reuseAddress;
    private volatile boolean broadcast;
    private volatile boolean loopbackDisabled;
    private volatile boolean activeOnRegistration;

    DataplaneDatagramChannelConfig(final DataplaneDatagramChannel channel) {
        super(channel, new FixedRecvByteBufAllocator(DATAGRAM_BYTES));
        this.channel = channel;
    }

    void apply(final UdpSocket socket) {
        socket.trafficClass(trafficClass);
        socket.multicastHops(multicastHops);
        socket.multicastLoopback(!loopbackDisabled);
        socket.broadcast(broadcast);
    }

    void countDropped() {
        final long before = dropped;
        dropped = before + 1;
    }

    /** Datagrams that found SO_RCVBUF full because nobody read. */
    public long droppedDatagrams() {
        return dropped;
    }

    private void changed(final Consumer<UdpSocket> change) {
        if (!channel.isRegistered()) {
            return;
        }
        if (!channel.eventLoop().inEventLoop()) {
            channel.eventLoop().execute(() -> changed(change));
        } else if (channel.socket() != null) {
            change.accept(channel.socket());
        }
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), ChannelOption.SO_BROADCAST, ChannelOption.SO_RCVBUF,
                ChannelOption.SO_SNDBUF,
                ChannelOption.SO_REUSEADDR, ChannelOption.IP_MULTICAST_LOOP_DISABLED, ChannelOption.IP_MULTICAST_TTL,
                ChannelOption.IP_TOS);
    }

    boolean isActiveOnRegistration() {
        return activeOnRegistration;
    }

    @Override
    @SuppressWarnings({"unchecked", "deprecation"})
    public <T> T getOption(final ChannelOption<T> option) {
        final Object value = option == ChannelOption.SO_BROADCAST
                ? (Object) isBroadcast()
                : option == ChannelOption.SO_RCVBUF
                        ? (Object) getReceiveBufferSize()
                        : option == ChannelOption.SO_SNDBUF
                                ? (Object) getSendBufferSize()
                                : option == ChannelOption.SO_REUSEADDR
                                        ? (Object) isReuseAddress()
                                        : option == ChannelOption.IP_MULTICAST_LOOP_DISABLED
                                                ? (Object) isLoopbackModeDisabled()
                                                : option == ChannelOption.IP_MULTICAST_TTL
                                                        ? (Object) getTimeToLive()
                                                        : option == ChannelOption.IP_TOS
                                                                ? (Object) getTrafficClass()
                                                                : option == ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION
                                                                        ? (Object) activeOnRegistration
                                                                        : super.getOption(option);
        return (T) value;
    }

    @Override
    @SuppressWarnings("deprecation")
    public <T> boolean setOption(final ChannelOption<T> option, final T value) {
        validate(option, value);
        UnsupportedOptions.refuse(option, value);
        if (option == ChannelOption.SO_BROADCAST) {
            setBroadcast((Boolean) value);
        } else if (option == ChannelOption.SO_RCVBUF) {
            setReceiveBufferSize((Integer) value);
        } else if (option == ChannelOption.SO_SNDBUF) {
            setSendBufferSize((Integer) value);
        } else if (option == ChannelOption.SO_REUSEADDR) {
            setReuseAddress((Boolean) value);
        } else if (option == ChannelOption.IP_MULTICAST_LOOP_DISABLED) {
            setLoopbackModeDisabled((Boolean) value);
        } else if (option == ChannelOption.IP_MULTICAST_TTL) {
            setTimeToLive((Integer) value);
        } else if (option == ChannelOption.IP_TOS) {
            setTrafficClass((Integer) value);
        } else if (option == ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION) {
            activeOnRegistration = (Boolean) value;
        } else {
            return super.setOption(option, value);
        }
        return true;
    }

    private static int checked(final String name, final int value, final int min, final int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + "=" + value + " is not within " + min + ".." + max);
        }
        return value;
    }

    @Override
    public int getSendBufferSize() {
        return sendBufferBytes;
    }

    /** Kept, and without effect: datagrams go to the link at once, and wait in Netty's buffer while it is full. */
    @Override
    public DataplaneDatagramChannelConfig setSendBufferSize(final int bytes) {
        sendBufferBytes = checked("sendBufferSize", bytes, 1, Integer.MAX_VALUE);
        return this;
    }

    @Override
    public int getReceiveBufferSize() {
        return receiveBufferBytes;
    }

    @Override
    public DataplaneDatagramChannelConfig setReceiveBufferSize(final int bytes) {
        receiveBufferBytes = checked("receiveBufferSize", bytes, 1, Integer.MAX_VALUE);
        return this;
    }

    @Override
    public int getTrafficClass() {
        return trafficClass;
    }

    @Override
    public DataplaneDatagramChannelConfig setTrafficClass(final int value) {
        trafficClass = checked("trafficClass", value, 0, 255);
        changed(socket -> socket.trafficClass(value));
        return this;
    }

    @Override
    public boolean isReuseAddress() {
        return reuseAddress;
    }

    /** Before it is bound. */
    @Override
    public DataplaneDatagramChannelConfig setReuseAddress(final boolean on) {
        reuseAddress = on;
        return this;
    }

    @Override
    public boolean isBroadcast() {
        return broadcast;
    }

    @Override
    public DataplaneDatagramChannelConfig setBroadcast(final boolean on) {
        broadcast = on;
        changed(socket -> socket.broadcast(on));
        return this;
    }

    @Override
    public boolean isLoopbackModeDisabled() {
        return loopbackDisabled;
    }

    @Override
    public DataplaneDatagramChannelConfig setLoopbackModeDisabled(final boolean disabled) {
        loopbackDisabled = disabled;
        changed(socket -> socket.multicastLoopback(!disabled));
        return this;
    }

    @Override
    public int getTimeToLive() {
        return multicastHops;
    }

    @Override
    public DataplaneDatagramChannelConfig setTimeToLive(final int hops) {
        multicastHops = checked("timeToLive", hops, 0, 255);
        changed(socket -> socket.multicastHops(hops));
        return this;
    }

    /** Null: the node's own is not one of the JDK's. */
    @Override
    public InetAddress getInterface() {
        return null;
    }

    @Override
    public DataplaneDatagramChannelConfig setInterface(final InetAddress address) {
        UnsupportedOptions.refuse(ChannelOption.IP_MULTICAST_ADDR, address);
        return this;
    }

    /** Null: the node's own is not one of the JDK's. */
    @Override
    public NetworkInterface getNetworkInterface() {
        return null;
    }

    @Override
    public DataplaneDatagramChannelConfig setNetworkInterface(final NetworkInterface networkInterface) {
        UnsupportedOptions.refuse(ChannelOption.IP_MULTICAST_IF, networkInterface);
        return this;
    }

    @Override
    protected void autoReadCleared() {
        channel.autoReadCleared();
    }

    @Override
    @Deprecated
    public DataplaneDatagramChannelConfig setMaxMessagesPerRead(final int messages) {
        super.setMaxMessagesPerRead(messages);
        return this;
    }

    @Override
    public DataplaneDatagramChannelConfig setConnectTimeoutMillis(final int millis) {
        super.setConnectTimeoutMillis(millis);
        return this;
    }

    @Override
    public DataplaneDatagramChannelConfig setWriteSpinCount(final int count) {
        super.setWriteSpinCount(count);
        return this;
    }

    @Override
    public DataplaneDatagramChannelConfig setAllocator(final ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public DataplaneDatagramChannelConfig setRecvByteBufAllocator(final RecvByteBufAllocator allocator) {
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public DataplaneDatagramChannelConfig setAutoRead(final boolean on) {
        super.setAutoRead(on);
        return this;
    }

    @Override
    public DataplaneDatagramChannelConfig setMessageSizeEstimator(final MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }

    @Override
    public DataplaneDatagramChannelConfig setWriteBufferWaterMark(final WriteBufferWaterMark mark) {
        super.setWriteBufferWaterMark(mark);
        return this;
    }

    @Override
    public DataplaneDatagramChannelConfig setAutoClose(final boolean on) {
        super.setAutoClose(on);
        return this;
    }
}
