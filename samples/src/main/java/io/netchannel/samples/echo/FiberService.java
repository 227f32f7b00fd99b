package io.netchannel.samples.echo;

import io.netchannel.node.LoopContext;
import io.netchannel.node.fiber.FiberServerSocket;
import io.netchannel.node.fiber.FiberSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;

/**
 * The services in blocking code: a fiber that accepts, and one for each connection, on the loop of its packets. To be read beside
 * {@link EchoHandler}, which does the same by callbacks.
 *
 * <p>Threading: one for each service on each loop; its methods run in fibers of that loop.
 */
final class FiberService {

    private static final int BUFFER_BYTES = 16 << 10;
    private static final byte[] PATTERN = ChargenPattern.bytes(8);

    private final LoopContext loop;
    private final EchoService service;
    private final FiberServerSocket listener;

    private FiberService(final LoopContext loop, final EchoService service, final FiberServerSocket listener) {
        this.loop = loop;
        this.service = service;
        this.listener = listener;
    }

    /** Serves until the node closes, which interrupts its fibers. */
    static void listen(final LoopContext loop, final EchoService service, final InetSocketAddress address,
            final int backlog) {
        try {
            final FiberService started = new FiberService(loop, service,
                    FiberServerSocket.open(loop, address, backlog));
            loop.fibers().start(service + " acceptor", started::accept);
        } catch (final BindException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        try (listener) {
            while (true) {
                final FiberSocket socket = listener.accept();
                loop.fibers().start(service + " of " + socket.remoteAddress(), () -> serve(socket));
            }
        } catch (final ClosedChannelException closed) {
            // Interrupted: the node closes.
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(final FiberSocket socket) {
        try (socket; InputStream in = socket.inputStream(); OutputStream out = socket.outputStream()) {
            switch (service) {
                case ECHO -> echo(in, out);
                case DISCARD -> in.skip(Long.MAX_VALUE);
                case CHARGEN -> generate(socket, in, out);
            }
        } catch (final IOException ended) {
            // The client has reset, or the node closes: nothing is kept for a connection.
        }
    }

    private static void echo(final InputStream in, final OutputStream out) throws IOException {
        final byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
        }
    }

    /** RFC 864: until the client closes, for which a second fiber waits. */
    private void generate(final FiberSocket socket, final InputStream in, final OutputStream out) throws IOException {
        loop.fibers().start(service + " input of " + socket.remoteAddress(), () -> {
            try (in) {
                in.skip(Long.MAX_VALUE);
            } catch (final IOException ended) {
                // Closed: so the writer ends, too.
            }
        });
        while (true) {
            out.write(PATTERN);
        }
    }
}
