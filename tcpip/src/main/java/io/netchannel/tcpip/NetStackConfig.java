package io.netchannel.tcpip;

import io.netchannel.kernel.sched.LoopActivity;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.link.NeighborConfig;
import io.netchannel.tcpip.tcp.TcpConfig;
import java.util.Objects;

/**
 * What a stack is told when it is made.
 *
 * @param network the interface
 * @param neighbors limits of the neighbour cache
 * @param tcp limits and times of TCP
 * @param answersRequests whether this stack answers ARP, neighbour solicitations, echo and packets for nobody: one of
 *            the stacks of a station must, the others only learn
 * @param verifyChecksums of UDP once more, although the classifier has done so
 * @param activity what the stack's loop is in, and whether it lends the stack; or null
 */
public record NetStackConfig(InterfaceConfig network, NeighborConfig neighbors, TcpConfig tcp, boolean answersRequests,
        boolean verifyChecksums, LoopActivity activity) {

    public NetStackConfig {
        Objects.requireNonNull(network, "network");
        Objects.requireNonNull(neighbors, "neighbors");
        Objects.requireNonNull(tcp, "tcp");
    }

    /** For a station with one stack. */
    public static NetStackConfig of(final InterfaceConfig network) {
        return new NetStackConfig(network, NeighborConfig.DEFAULT, TcpConfig.defaults(), true, false, null);
    }

    public NetStackConfig withNeighbors(final NeighborConfig limits) {
        return new NetStackConfig(network, limits, tcp, answersRequests, verifyChecksums, activity);
    }

    public NetStackConfig withTcp(final TcpConfig settings) {
        return new NetStackConfig(network, neighbors, settings, answersRequests, verifyChecksums, activity);
    }

    public NetStackConfig withAnswersRequests(final boolean answers) {
        return new NetStackConfig(network, neighbors, tcp, answers, verifyChecksums, activity);
    }

    public NetStackConfig withVerifyChecksums(final boolean verify) {
        return new NetStackConfig(network, neighbors, tcp, answersRequests, verify, activity);
    }

    public NetStackConfig withActivity(final LoopActivity ofLoop) {
        return new NetStackConfig(network, neighbors, tcp, answersRequests, verifyChecksums, ofLoop);
    }
}
