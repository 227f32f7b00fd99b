package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.BindOptions;
import io.netchannel.samples.haproxy.config.BindSettings;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a {@code bind} line asks of its listening socket that only Linux's own have; options without a name in Netty by their numbers. */
final class EpollListening {

    static final ChannelOption<Integer> TCP_MAXSEG = new IntegerUnixChannelOption("TCP_MAXSEG", 6, 2);
    static final ChannelOption<Integer> SO_MARK = new IntegerUnixChannelOption("SO_MARK", 1, 36);
    /** Netty's sockets take IPv4 too unless told otherwise, which is {@code v4v6}. */
    private static final ChannelOption<Integer> IPV6_V6ONLY = new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);
    private static final int INTERFACE_BYTES = 16;
    private static final ChannelOption<ByteBuffer> SO_BINDTODEVICE = new RawUnixChannelOption("SO_BINDTODEVICE", 1, 25,
            INTERFACE_BYTES);
    private static final int DEFER_ACCEPT_S = 1;
    private static final int FAST_OPEN_QUEUE = 1024;

    private record Wanted<T>(String keyword, ChannelOption<T> option, T value) {

        void set(final EpollServerSocketChannel channel) {
            try {
                channel.config().setOption(option, value);
            } catch (final ChannelException e) {
                throw new ChannelException("'" + keyword + "': " + (e.getCause() == null ? e : e.getCause())
                        .getMessage(), e);
            }
        }
    }

    private final List<Wanted<?>> wanted = new ArrayList<>();

    EpollListening(final BindSettings bind) {
        if (bind.get(ListenerTraffic.DEFER_ACCEPT)) {
            add("defer-accept", EpollChannelOption.TCP_DEFER_ACCEPT, DEFER_ACCEPT_S);
        }
        if (bind.get(ListenerTraffic.V6ONLY)) {
            add("v6only", IPV6_V6ONLY, 1);
        }
        if (bind.get(BindOptions.INTERFACE) != null) {
            add("interface " + bind.get(BindOptions.INTERFACE), SO_BINDTODEVICE, name(bind.get(
                    BindOptions.INTERFACE)));
        }
        if (bind.get(BindOptions.MAX_SEGMENT_BYTES) > 0) {
            add("mss", TCP_MAXSEG, bind.get(BindOptions.MAX_SEGMENT_BYTES));
        }
        if (bind.get(BindOptions.FAST_OPEN)) {
            add("tfo", ChannelOption.TCP_FASTOPEN, FAST_OPEN_QUEUE);
        }
        if (bind.get(BindOptions.TRANSPARENT)) {
            add("transparent", EpollChannelOption.IP_TRANSPARENT, true);
        }
    }

    private <T> void add(final String keyword, final ChannelOption<T> option, final T value) {
        wanted.add(new Wanted<>(keyword, option, value));
    }

    private static ByteBuffer name(final String device) {
        final byte[] name = device.getBytes(StandardCharsets.ISO_8859_1);
        final ByteBuffer buffer = ByteBuffer.allocateDirect(INTERFACE_BYTES);
        // One too long is none that there is: it is cut, and the system says so.
        return buffer.put(name, 0, Math.min(name.length, INTERFACE_BYTES - 1)).position(0);
    }

    boolean isNeeded() {
        return !wanted.isEmpty();
    }

    /** @throws ChannelException that names what the system refuses */
    EpollServerSocketChannel open() {
        final EpollServerSocketChannel channel = new EpollServerSocketChannel();
        try {
            wanted.forEach(option -> option.set(channel));
        } catch (final ChannelException e) {
            channel.unsafe().closeForcibly();
            throw e;
        }
        return channel;
    }

    /** Its keywords. */
    @Override
    public String toString() {
        return wanted.stream().map(option -> "'" + option.keyword() + "'").toList().toString();
    }
}
