package io.netchannel.perf.netperf.host;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The kernel's sockets by blocking java.nio channels with direct buffers: the fastest way that plain Java has to them.
 */
final class NioSockets implements BlockingSockets {

    private static final int BACKLOG = 1024;

    private final String address;

    /** @param address of this side */
    NioSockets(final String address) {
        this.address = address;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public Stream connect(final Host server, final int port) throws IOException {
        return new NioStream(SocketChannel.open(new InetSocketAddress(server.address(), port)));
    }

    @Override
    public Listener listen() throws IOException {
        final ServerSocketChannel channel = ServerSocketChannel.open().bind(new InetSocketAddress(address, 0), BACKLOG);
        final int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        return new Listener() {

            @Override
            public int port() {
                return port;
            }

            @Override
            public Stream accept() throws IOException {
                return new NioStream(channel.accept());
            }

            @Override
            public void close() {
                quietly(channel);
            }
        };
    }

    @Override
    public Datagram datagram() throws IOException {
        return new NioDatagram(DatagramChannel.open().bind(new InetSocketAddress(address, 0)));
    }

    @Override
    public void close() {
        // Each socket is closed by itself.
    }

    private static void quietly(final AutoCloseable channel) {
        try {
            channel.close();
        } catch (final Exception e) {
            // Its descriptor is gone all the same.
        }
    }

    /** A view of the last payload, kept, so that a write makes no object. */
    private static final class View {

        private Payload of;
        private ByteBuffer buffer;

        ByteBuffer range(final Payload payload, final int offset, final int lengthBytes) {
            if (of != payload) {
                of = payload;
                buffer = payload.buffer();
            }
            return buffer.limit(offset + lengthBytes).position(offset);
        }
    }

    private static final class NioStream implements Stream {

        private final SocketChannel channel;
        private final View view = new View();

        NioStream(final SocketChannel channel) throws IOException {
            this.channel = channel;
            // As netperf -D, and as the other paths.
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }

        @Override
        public int read(final Buffer into) throws IOException {
            return channel.read(into.cleared());
        }

        @Override
        public void write(final Payload payload, final int offset, final int lengthBytes) throws IOException {
            final ByteBuffer range = view.range(payload, offset, lengthBytes);
            while (range.hasRemaining()) {
                channel.write(range);
            }
        }

        @Override
        public void writeFile(final FilePayload file, final int offset, final int lengthBytes) throws IOException {
            long done = 0;
            while (done < lengthBytes) {
                done += file.channel().transferTo(offset + done, lengthBytes - done, channel);
            }
        }

        @Override
        public void shutdownOutput() throws IOException {
            channel.shutdownOutput();
        }

        @Override
        public void close() {
            quietly(channel);
        }
    }

    private static final class NioDatagram implements Datagram {

        private final DatagramChannel channel;
        private final int port;
        private final View view = new View();

        NioDatagram(final DatagramChannel channel) throws IOException {
            this.channel = channel;
            this.port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        }

        @Override
        public int localPort() {
            return port;
        }

        @Override
        public void connect(final Host peer, final int remotePort) throws IOException {
            channel.connect(new InetSocketAddress(peer.address(), remotePort));
        }

        @Override
        public int receive(final Buffer into) throws IOException {
            return channel.read(into.cleared());
        }

        @Override
        public void send(final Payload payload, final int lengthBytes) throws IOException {
            channel.write(view.range(payload, 0, lengthBytes));
        }

        @Override
        public void close() {
            quietly(channel);
        }
    }
}
