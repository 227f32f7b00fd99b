package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.node.Application;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups that both Linux and a node are in. */
@Timeout(60)
final class MulticastIT {

    private static final int PORT = 5_007;

    private NetworkNamespace namespace;

    @BeforeEach
    void makeNamespace() {
        Requirements.rootAndTap();
        Requirements.programs("socat", "tcpdump");
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void removeNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    /** Listens on every loop, joins on the last, and sends to the group what it is told to. */
    private static final class Member implements Application {

        private final IpAddress group;
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private volatile LoopContext last;
        private UdpSocket socket;

        Member(final IpAddress group) {
            this.group = group;
        }

        @Override
        public String name() {
            return "member";
        }

        @Override
        public void start(final LoopContext loop) {
            final UdpSocket own = loop.stack().udp().bind(0, 0, PORT, (from, high, low, port, address, length) -> {
                final byte[] bytes = new byte[length];
                loop.stack().ip().pool().packets().memory().copyToArray(address, bytes, 0, length);
                heard.add(new String(bytes, StandardCharsets.UTF_8));
            });
            // Not on the one that reports: it has to be told.
            if (loop.index() == loop.loopCount() - 1) {
                own.joinGroup(group);
                socket = own;
                last = loop;
            }
        }

        void leave() {
            last.execute(() -> socket.leaveGroup(group));
        }

        void send(final String text) {
            last.execute(() -> {
                final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                final long address = socket.reserve(bytes.length);
                last.stack().ip().pool().packets().memory().copyFromArray(bytes, 0, address, bytes.length);
                socket.commit(group.high(), group.low(), PORT, bytes.length);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"239.1.2.3", "ff15::1:2:3"})
    void shouldExchangeDatagramsWithAGroupAndReportIt(final String group) throws Exception {
        final Member member = new Member(IpAddress.parse(group));
        final boolean ipv6 = group.contains(":");
        try (TapNode node = TapNode.start(namespace, builder -> builder.loops(2), member)) {
            final String target = ipv6
                    ? "UDP6-DATAGRAM:[" + group + "]:" + PORT
                    : "UDP4-DATAGRAM:" + group + ":" + PORT
                            + ",ip-multicast-if=10.7.0.1";
            namespace.start("from Linux", "socat", "-u", "-", target).await(10).expectSuccess();
            while (member.heard.isEmpty()) {
                Thread.yield();
            }
            final Command listener = namespace.start("", "socat", "-u", ipv6
                    ? "UDP6-RECV:" + PORT + ",ipv6-join-group=[" + group + "]:" + node.tap()
                    : "UDP4-RECV:" + PORT + ",ip-add-membership=" + group + ":10.7.0.1", "-");
            while (!namespace.run("ip", "maddr", "show", "dev", node.tap()).out().contains(group)) {
                Thread.yield();
            }
            member.send("from the node");
            while (!listener.outputSoFar().contains("from the node")) {
                Thread.yield();
            }
            listener.process().destroy();
            listener.process().waitFor();
            assertThat(member.heard.getFirst()).isEqualTo("from Linux");

            final Command reports = namespace.start("", "tcpdump", "-n", "-v", "--immediate-mode", "-c", "1", "-i",
                    node.tap(), "ether src 02:00:0a:07:00:02 and " + (ipv6 ? "ip6[6] == 0" : "igmp"));
            while (!reports.errorsSoFar().contains("listening on")) {
                Thread.yield();
            }
            member.leave();
            // RFC 3376, 5.1; RFC 3810, 6.1: a report follows each change.
            assertThat(reports.await(20).expectSuccess().out()).contains(
                    ipv6 ? "multicast listener report v2" : "igmp v3 report",
                    "gaddr " + group + " to_in");
        }
    }
}
