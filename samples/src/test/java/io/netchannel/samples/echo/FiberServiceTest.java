package io.netchannel.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.node.Application;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.LoopContext;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeWire;
import io.netchannel.node.fiber.FiberDatagramSocket;
import io.netchannel.node.fiber.FiberSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The services in fibers, on two loops; the client is a thread of its own. */
@Timeout(60)
final class FiberServiceTest {

    private final CompletableFuture<LoopContext> client = new CompletableFuture<>();
    private DataplaneNode clientNode;
    private DataplaneNode serverNode;

    private record Client(CompletableFuture<LoopContext> loop) implements Application {

        @Override
        public String name() {
            return "client";
        }

        @Override
        public void start(final LoopContext context) {
            context.fibers();
            loop.complete(context);
        }
    }

    @BeforeEach
    void open() {
        final NodeWire wire = NodeWire.lossless();
        serverNode = DataplaneNode.open(NodeConfig.builder("s").address("10.0.0.2/24").loops(2).build(), wire.b());
        clientNode = DataplaneNode.open(NodeConfig.builder("c").address("10.0.0.1/24").build(), wire.a());
        serverNode.deploy(new EchoApplication(EnumSet.allOf(EchoService.class), true));
        clientNode.deploy(new Client(client));
        serverNode.start();
        clientNode.start();
    }

    @AfterEach
    void close() {
        clientNode.close();
        serverNode.close();
    }

    private FiberSocket connect(final EchoService service) throws IOException {
        return FiberSocket.connect(client.join(), new InetSocketAddress("10.0.0.2", service.port()), 0);
    }

    @Test
    void shouldEchoOnEachLoop() throws IOException {
        for (int i = 0; i < 8; i++) {
            try (FiberSocket socket = connect(EchoService.ECHO)) {
                final byte[] sent = new byte[20_000];
                Arrays.fill(sent, (byte) i);
                socket.outputStream().write(sent);
                socket.shutdownOutput();
                assertThat(socket.inputStream().readAllBytes()).isEqualTo(sent);
            }
        }
    }

    @Test
    void shouldDiscardAndEndWithTheClient() throws IOException {
        try (FiberSocket socket = connect(EchoService.DISCARD)) {
            socket.outputStream().write(new byte[200_000]);
            socket.shutdownOutput();
            assertThat(socket.inputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void shouldServeDatagrams() throws IOException {
        try (FiberDatagramSocket socket = FiberDatagramSocket.open(client.join(), new InetSocketAddress("10.0.0.1",
                5000))) {
            final ByteBuffer answer = ByteBuffer.allocate(2_000);
            socket.send(ByteBuffer.wrap(new byte[]{1, 2, 3}), new InetSocketAddress("10.0.0.2", EchoService.DISCARD
                    .port()));
            socket.send(ByteBuffer.wrap(new byte[]{4, 5}), new InetSocketAddress("10.0.0.2", EchoService.ECHO.port()));
            socket.receive(answer);
            assertThat(answer.flip()).isEqualTo(ByteBuffer.wrap(new byte[]{4, 5}));
            socket.send(ByteBuffer.allocate(0), new InetSocketAddress("10.0.0.2", EchoService.CHARGEN.port()));
            socket.receive(answer.clear());
            final byte[] pattern = Arrays.copyOf(ChargenPattern.bytes(1), answer.position());
            assertThat(answer.flip()).isEqualTo(ByteBuffer.wrap(pattern));
        }
    }

    @Test
    void shouldGenerateCharactersUntilTheClientHasFinished() throws IOException {
        try (FiberSocket socket = connect(EchoService.CHARGEN)) {
            final byte[] pattern = ChargenPattern.bytes(2);
            assertThat(socket.inputStream().readNBytes(pattern.length)).isEqualTo(pattern);
            socket.shutdownOutput();
            assertThat(socket.inputStream().readAllBytes()).isNotNull();
        }
    }
}
