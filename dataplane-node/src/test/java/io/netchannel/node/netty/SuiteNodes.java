package io.netchannel.node.netty;

import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeLink;
import io.netchannel.node.NodeWire;
import io.netchannel.tcpip.wire.IpAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two nodes on a wire for each class of Netty's suite, where a test runs twice: on 127.0.0.1, which a node delivers to itself, and
 * from one node to the other. Closing the nodes checks that no buffer is missing.
 */
final class SuiteNodes implements BeforeAllCallback, AfterAllCallback {

    private static final String SERVER = "10.88.0.1";
    private static final String CLIENT = "10.88.0.2";
    private static final String LOOPBACK = "127.0.0.1";

    private static DataplaneNode serverNode;
    private static DataplaneNode clientNode;
    private static EventLoopGroup serverGroup;
    private static EventLoopGroup clientGroup;
    private static String address;

    private static boolean isForOne(final ExtensionContext context) {
        return context.getRequiredTestClass().isAnnotationPresent(Nested.class);
    }

    @Override
    public void beforeAll(final ExtensionContext context) {
        if (isForOne(context)) {
            final NodeWire wire = NodeWire.lossless();
            serverNode = open(SERVER, wire.a());
            clientNode = open(CLIENT, wire.b());
            serverGroup = new DataplaneEventLoopGroup(serverNode);
            clientGroup = new DataplaneEventLoopGroup(clientNode);
        }
    }

    private static DataplaneNode open(final String address, final NodeLink link) {
        // Nobody is there: what goes to other networks finds no answer.
        return DataplaneNode.open(NodeConfig.builder("node-" + address).address(address + "/24")
                .gateway(IpAddress.parse("10.88.0.254")).build(), link);
    }

    @Override
    public void afterAll(final ExtensionContext context) {
        if (isForOne(context)) {
            clientNode.close();
            serverNode.close();
        }
    }

    /** Where the server is to be that was made last. */
    static SocketAddress address() {
        return new InetSocketAddress(address, 0);
    }

    private static ServerBootstrap server(final String at) {
        address = at;
        return new ServerBootstrap().group(serverGroup).channel(DataplaneServerSocketChannel.class);
    }

    private static Bootstrap client(final EventLoopGroup group) {
        return new Bootstrap().group(group).channel(DataplaneSocketChannel.class);
    }

    static List<BootstrapFactory<ServerBootstrap>> servers() {
        return List.of(() -> server(LOOPBACK), () -> server(SERVER));
    }

    /** A client that reaches the server that was made last. */
    static Bootstrap clientOfLast() {
        return client(address.equals(LOOPBACK) ? serverGroup : clientGroup);
    }

    static List<BootstrapFactory<Bootstrap>> clients() {
        return List.of(() -> {
            address = LOOPBACK;
            return client(serverGroup);
        });
    }

    /** For tests that name the loopback address themselves, or bind clients where servers are. */
    static List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> loopback() {
        return List.of(new Combo(LOOPBACK));
    }

    static List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> both() {
        return List.of(new Combo(LOOPBACK), new Combo(SERVER));
    }

    static List<BootstrapFactory<Bootstrap>> datagrams() {
        return List.of(() -> new Bootstrap().group(serverGroup).channel(DataplaneDatagramChannel.class));
    }

    static List<BootstrapComboFactory<Bootstrap, Bootstrap>> datagramPairs() {
        return List.of(new BootstrapComboFactory<>() {

            @Override
            public Bootstrap newServerInstance() {
                return datagrams().getFirst().newInstance();
            }

            @Override
            public Bootstrap newClientInstance() {
                return datagrams().getFirst().newInstance();
            }
        });
    }

    private record Combo(String at) implements BootstrapComboFactory<ServerBootstrap, Bootstrap> {

        @Override
        public ServerBootstrap newServerInstance() {
            return server(at);
        }

        @Override
        public Bootstrap newClientInstance() {
            return clientOfLast();
        }
    }
}
