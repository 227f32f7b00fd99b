package io.netchannel.perf.netperf.host;

import io.netchannel.perf.conventional.ConventionalDatagramSocket;
import io.netchannel.perf.conventional.ConventionalNode;
import io.netchannel.perf.conventional.ConventionalServerSocket;
import io.netchannel.perf.conventional.ConventionalSocket;
import io.netchannel.tcpip.wire.IpAddress;
import java.io.IOException;

/** Sockets of our TCP run as in a kernel: {@link io.netchannel.perf.conventional}. */
final class ConventionalSockets implements BlockingSockets {

    private static final int FIRST_PORT = 5001;
    private static final int BACKLOG = 1024;

    private final ConventionalNode node;
    private final String address;
    private int nextPort = FIRST_PORT;

    ConventionalSockets(final ConventionalNode node, final String address) {
        this.node = node;
        this.address = address;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public Stream connect(final Host server, final int port) throws IOException {
        return new SocketStream(node.connect(IpAddress.parse(server.address()), port));
    }

    @Override
    public synchronized Listener listen() {
        final int port = nextPort++;
        final ConventionalServerSocket listener = node.listen(port, BACKLOG);
        return new Listener() {

            @Override
            public int port() {
                return port;
            }

            @Override
            public Stream accept() throws IOException {
                return new SocketStream(listener.accept());
            }

            @Override
            public void close() {
                listener.close();
            }
        };
    }

    @Override
    public Datagram datagram() {
        return new SocketDatagram(node.datagrams());
    }

    @Override
    public void close() {
        node.close();
    }

    private record SocketStream(ConventionalSocket socket) implements Stream {

        @Override
        public int read(final Buffer into) throws IOException {
            return socket.read(into.address(), into.bytes());
        }

        @Override
        public void write(final Payload payload, final int offset, final int lengthBytes) throws IOException {
            socket.write(payload.address() + offset, lengthBytes);
        }

        @Override
        public void writeFile(final FilePayload file, final int offset, final int lengthBytes) throws IOException {
            socket.write(file.address() + offset, lengthBytes);
        }

        @Override
        public void shutdownOutput() {
            socket.shutdownOutput();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private record SocketDatagram(ConventionalDatagramSocket socket) implements Datagram {

        @Override
        public int localPort() {
            return socket.localPort();
        }

        @Override
        public void connect(final Host peer, final int port) throws IOException {
            socket.connect(IpAddress.parse(peer.address()), port);
        }

        @Override
        public int receive(final Buffer into) throws IOException {
            return socket.receive(into.address(), into.bytes());
        }

        @Override
        public void send(final Payload payload, final int lengthBytes) throws IOException {
            socket.send(payload.address(), lengthBytes);
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
