package io.netchannel.samples.interop;

import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.node.LinkRelay;
import io.netchannel.node.NodeWire;
import io.netchannel.node.TapLink;
import io.netchannel.virtio.device.ImpairmentConfig;
import io.netchannel.virtio.device.WireConfig;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two Linux hosts with the bad path between them that {@link ImpairedTapNode} has: what to compare a node with. The left
 * one has a loop of its own, as the node has, so that each way takes as many wake-ups of a thread.
 */
final class LinuxPair implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final LinkRelay left;
    private final LinkRelay right;
    private final RunLoop leftLoop = RunLoop.builder("left").build();
    private final RunLoop rightLoop = RunLoop.builder("right").build();
    private final String leftTap;
    private final String rightTap;

    private LinuxPair(final LinkRelay left, final LinkRelay right, final String leftTap, final String rightTap) {
        this.left = left;
        this.right = right;
        this.leftTap = leftTap;
        this.rightTap = rightTap;
    }

    /**
     * IPv4 only. The left host has the node's address.
     *
     * @param there from left to right; the other direction has another seed
     */
    static LinuxPair start(final NetworkNamespace left, final NetworkNamespace right, final ImpairmentConfig there) {
        final String tap = "ncp" + ProcessHandle.current().pid() % 100_000 + "n" + NUMBER.incrementAndGet();
        final NodeWire wire = new NodeWire(new WireConfig(WireConfig.WAIT, there, there.withSeed(~there.seed())), 1500);
        final LinuxPair made = new LinuxPair(LinkRelay.open(new TapLink(tap + "l", List.of(), 1500), wire.a()),
                LinkRelay.open(wire.b(), new TapLink(tap + "r", List.of(), 1500)), tap + "l", tap + "r");
        try {
            left.withoutIpv6();
            right.withoutIpv6();
            left.adopt(made.leftTap, ImpairedTapNode.NODE + "/24");
            right.adopt(made.rightTap, ImpairedTapNode.HOST + "/24");
            made.left.start(made.leftLoop);
            made.right.start(made.rightLoop);
            made.leftLoop.start();
            made.rightLoop.start();
            return made;
        } catch (final RuntimeException | Error e) {
            made.close();
            throw e;
        }
    }

    String leftTap() {
        return leftTap;
    }

    String rightTap() {
        return rightTap;
    }

    @Override
    public void close() {
        leftLoop.close();
        rightLoop.close();
        left.close();
        right.close();
    }
}
