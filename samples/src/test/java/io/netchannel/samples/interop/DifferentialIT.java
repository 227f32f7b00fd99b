package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.sched.Poller;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeWire;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.virtio.device.ImpairmentConfig;
import io.netchannel.virtio.device.WireConfig;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The same random conversation over the same bad path, between two of our ends, and between ours and Linux's in both
 * roles: the same bytes and the same end.
 *
 * <p>One seed again: {@code mvn -pl samples -am verify -Dit.test=DifferentialIT
 * -Dfailsafe.failIfNoSpecifiedTests=false -Dsurefire.failIfNoSpecifiedTests=false -Dtest=none -Dnetchannel.seed=N}, with
 * {@code -Dnetchannel.seeds=COUNT} the ones after it too.
 */
@Timeout(300)
final class DifferentialIT {

    private static final int SEEDS = 20;
    private static final long TURN_NS = 1_000;
    private static final long LIMIT_NS = 3_600_000_000_000L;

    /** How both ends saw it. */
    private record Outcome(String a, String b) {
    }

    @Test
    void shouldEndAsLinuxDoes() throws Exception {
        Requirements.rootAndTap();
        final Long only = Long.getLong("netchannel.seed");
        final long first = only == null ? 1 : only;
        final long last = first + Long.getLong("netchannel.seeds", only == null ? SEEDS : 1) - 1;
        for (long seed = first; seed <= last; seed++) {
            final Conversation conversation = Conversation.random(seed);
            final Outcome ours = simulated(conversation, seed);
            try (NetworkNamespace namespace = new NetworkNamespace()) {
                assertThat(againstServer(conversation, seed, namespace))
                        .as("seed %d, Linux connects, %s", seed, conversation).isEqualTo(ours);
            }
            try (NetworkNamespace namespace = new NetworkNamespace()) {
                assertThat(againstClient(conversation, seed, namespace))
                        .as("seed %d, Linux listens, %s", seed, conversation).isEqualTo(ours);
            }
        }
    }

    private static ImpairmentConfig path(final long seed) {
        return ImpairmentConfig.none(seed).withLoss(0.02).withReorder(0.01, 1_000_000).withDuplicate(0.01)
                .withDelay(200_000, 100_000);
    }

    private static Outcome simulated(final Conversation conversation, final long seed) throws Exception {
        final ConversationApplication a = new ConversationApplication(conversation.a(), IpAddress.parse("10.0.0.2"));
        final ConversationApplication b = new ConversationApplication(conversation.b(), null);
        final NodeWire wire = new NodeWire(new WireConfig(WireConfig.WAIT, path(seed), path(~seed)), 1500);
        try (DataplaneNode nodeA = DataplaneNode.open(node("a", "10.0.0.1/24", seed), wire.a());
                DataplaneNode nodeB = DataplaneNode.open(node("b", "10.0.0.2/24", ~seed), wire.b())) {
            nodeA.deploy(a);
            nodeB.deploy(b);
            nodeB.startSimulated(0);
            nodeA.startSimulated(0);
            for (long now = 0; !a.outcome().isDone() || !b.outcome().isDone();) {
                final int work = nodeA.turn(now) + nodeB.turn(now);
                final long next = Math.min(nodeA.nextDeadlineNs(), nodeB.nextDeadlineNs());
                now = work > 0 ? now + TURN_NS : next == Poller.NO_DEADLINE ? LIMIT_NS : Math.max(next, now + TURN_NS);
                assertThat(now).as("seed %d: stalled in virtual time, %s", seed, conversation).isLessThan(LIMIT_NS);
            }
            return new Outcome(a.outcome().get(), b.outcome().get());
        }
    }

    private static NodeConfig node(final String name, final String address, final long seed) {
        return NodeConfig.builder(name).address(address).buffersPerLoop(2048).simulationSeed(seed).build();
    }

    /** Ours is the server. */
    private static Outcome againstServer(final Conversation conversation, final long seed,
            final NetworkNamespace namespace) throws Exception {
        final ConversationApplication b = new ConversationApplication(conversation.b(), null);
        try (ImpairedTapNode node = ImpairedTapNode.start(namespace, path(seed), config -> config, b)) {
            final String a = namespace.start("", KernelClient.commandLine("converse", ImpairedTapNode.NODE,
                    Integer.toString(ConversationApplication.PORT), Conversation.text(conversation.a()))).await(120)
                    .expectSuccess().out().strip();
            return new Outcome(a, ended(b, node, seed));
        }
    }

    /** Ours is the client; it comes to the namespace only when the server listens. */
    private static Outcome againstClient(final Conversation conversation, final long seed,
            final NetworkNamespace namespace) throws Exception {
        final Command server = namespace.start("", KernelClient.commandLine("converse-server", "0.0.0.0",
                Integer.toString(ConversationApplication.PORT), Conversation.text(conversation.b())));
        server.awaitOutput("listening");
        final ConversationApplication a = new ConversationApplication(conversation.a(),
                IpAddress.parse(ImpairedTapNode.HOST));
        try (ImpairedTapNode node = ImpairedTapNode.start(namespace, path(seed), config -> config, a)) {
            final String outcome = ended(a, node, seed);
            return new Outcome(outcome, server.await(120).expectSuccess().out().replace("listening", "").strip());
        }
    }

    private static String ended(final ConversationApplication ours, final ImpairedTapNode node, final long seed)
            throws Exception {
        try {
            return ours.outcome().get(60, TimeUnit.SECONDS);
        } catch (final TimeoutException e) {
            throw new AssertionError("seed " + seed + ": did not end: " + node.node().sockets(), e);
        }
    }
}
