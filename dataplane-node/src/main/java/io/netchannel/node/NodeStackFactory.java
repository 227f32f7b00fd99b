package io.netchannel.node;

import io.netchannel.channels.DropCounters;
import io.netchannel.channels.TxPort;
import io.netchannel.tcpip.NetStack;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes the stack of each loop of a node; all of them are the same station. */
final class NodeStackFactory {

    private final NetStackConfig config;
    private final RandomGenerator random;

    NodeStackFactory(final NodeConfig node, final int mtuBytes) {
        final InterfaceConfig network = new InterfaceConfig(node.mac(), node.addresses(),
                gateway(node.gateways(), true),
                gateway(node.gateways(), false), mtuBytes, node.vlanId(), node.autoconf());
        this.config = NetStackConfig.of(network).withTcp(boundedReceiveBuffers(node, boundedTimeWaits(node)));
        this.random = node.secrets();
    }

    /** Flows in TIME-WAIT lie in the flow table too, and must leave room for those that work. */
    private static TcpConfig boundedTimeWaits(final NodeConfig node) {
        final TcpConfig tcp = node.tcp();
        return tcp.with(TcpSetting.MAX_TIME_WAITS,
                Math.min(tcp.get(TcpSetting.MAX_TIME_WAITS), node.flowsPerLoop() / 2));
    }

    /**
     * In channel mode what all loops receive lies in the driver's buffers: of the half that flows may hold, each loop has
     * its part. Else unread flows of several loops together would take the buffers that everything else arrives in.
     */
    private static TcpConfig boundedReceiveBuffers(final NodeConfig node, final TcpConfig tcp) {
        if (node.mode() == NodeMode.INLINE || tcp.get(TcpSetting.MAX_RECEIVE_BUFFERS) != 0) {
            return tcp;
        }
        return tcp.with(TcpSetting.MAX_RECEIVE_BUFFERS, Math.max(1, node.buffersPerLoop() / 2 / node.loops()));
    }

    private static IpAddress gateway(final List<IpAddress> gateways, final boolean ipv4) {
        final List<IpAddress> ofFamily = gateways.stream().filter(g -> g.isIpv4() == ipv4).toList();
        if (ofFamily.size() > 1) {
            throw new IllegalArgumentException("gateways " + ofFamily + " are of one family; give one of each at most");
        }
        return ofFamily.isEmpty() ? null : ofFamily.getFirst();
    }

    NetStack create(final NodeThread thread, final TxPort port, final NodeSteering steering, final long nowNs) {
        final int loop = thread.index();
        return new NetStack(config.withAnswersRequests(loop == 0).withActivity(thread.loop().activity()), thread.pool(),
                port,
                steering.ofLoop(loop).withClassifier(
                        steering.newClassifier(thread.pool().packets(), new DropCounters())),
                steering.registryOf(loop), random, nowNs);
    }
}
