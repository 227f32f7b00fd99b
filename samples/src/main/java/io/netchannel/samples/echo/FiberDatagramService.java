package io.netchannel.samples.echo;

import io.netchannel.node.LoopContext;
import io.netchannel.node.fiber.FiberDatagramSocket;
import io.netchannel.node.fiber.FiberDatagramSocket.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.SplittableRandom;

/**
 * The services over UDP in blocking code: one fiber for each, on every loop.
 *
 * <p>Threading: in its fiber.
 */
final class FiberDatagramService {

    private static final int MAX_BYTES = 1 << 16;
    private static final byte[] PATTERN = ChargenPattern.bytes(1);

    private final EchoService service;
    private final FiberDatagramSocket socket;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_BYTES);
    private final SplittableRandom random = new SplittableRandom();

    private FiberDatagramService(final EchoService service, final FiberDatagramSocket socket) {
        this.service = service;
        this.socket = socket;
    }

    /** Serves until the node closes, which interrupts its fibers. */
    static void bind(final LoopContext loop, final EchoService service, final InetSocketAddress address) {
        try {
            final FiberDatagramService started = new FiberDatagramService(service, FiberDatagramSocket.open(loop,
                    address));
            loop.fibers().start(service + " datagrams", started::serve);
        } catch (final BindException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve() {
        try (socket) {
            while (true) {
                answer(socket.receive(buffer.clear()));
            }
        } catch (final ClosedChannelException closed) {
            // Interrupted: the node closes.
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(final Source source) throws ClosedChannelException {
        try {
            switch (service) {
                case ECHO -> socket.reply(buffer.flip(), source);
                case DISCARD -> {
                    // Nothing is answered.
                }
                case CHARGEN -> socket.reply(ByteBuffer.wrap(PATTERN, 0, random.nextInt(
                        ChargenDatagrams.MAX_BYTES + 1)), source);
            }
        } catch (final ClosedChannelException closed) {
            throw closed;
        } catch (final IOException unreachable) {
            // One client that can't be answered is no reason not to answer the next.
        }
    }
}
