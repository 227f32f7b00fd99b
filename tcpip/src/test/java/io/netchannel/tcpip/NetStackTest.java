package io.netchannel.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.LinkCapabilities;
import io.netchannel.kernel.sched.LoopActivity;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.Timer;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpConnectFailure;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpListener;
import io.netchannel.tcpip.wire.IpAddress;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The composition: TCP over the real IP layer, turns, deadlines, closing. */
class NetStackTest {

    private static final long S = 1_000_000_000L;
    private static final String MAC_A = "02:00:00:00:00:01";
    private static final String MAC_B = "02:00:00:00:00:02";

    private final List<TestHost> hosts = new ArrayList<>();

    @AfterEach
    void close() {
        hosts.forEach(TestHost::close);
    }

    private TestHost host(final String mac, final int number, final LinkCapabilities capabilities) {
        final TestHost host = new TestHost(
                NetStackConfig.of(InterfaceConfig.of(mac, "10.7.0." + number + "/24", "fd00::" + number + "/64")),
                capabilities, 1024, 4096, 1);
        hosts.add(host);
        return host;
    }

    /** Sends what it got back, and finishes when the peer does. */
    private static final class Echo implements TcpHandler {

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            return flow.write(address, lengthBytes);
        }

        @Override
        public void onWritable(final TcpFlow flow) {
            flow.resumeReceive();
        }

        @Override
        public void onPeerFinished(final TcpFlow flow) {
            flow.close();
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            // Nothing is kept.
        }
    }

    /** Writes all it has, and keeps what comes back. */
    private static class Client implements TcpHandler {

        private final TestHost host;
        private final byte[] data;
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private int written;
        private TcpCloseReason closed;

        Client(final TestHost host, final byte[] data) {
            this.host = host;
            this.data = data;
        }

        @Override
        public void onConnected(final TcpFlow flow) {
            onWritable(flow);
        }

        @Override
        public void onWritable(final TcpFlow flow) {
            written += flow.write(data, written, data.length - written);
            if (written == data.length) {
                flow.shutdownOutput();
            }
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            final byte[] bytes = new byte[lengthBytes];
            host.pool().packets().memory().copyToArray(address, bytes, 0, lengthBytes);
            received.writeBytes(bytes);
            return lengthBytes;
        }

        @Override
        public void onPeerFinished(final TcpFlow flow) {
            flow.close();
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason reason) {
            closed = reason;
        }
    }

    private static void run(final TestNetwork network, final long untilNs, final TestHost... hosts) {
        for (long now = hosts[0].nowNs(); now <= untilNs; now += 1_000_000) {
            for (final TestHost host : hosts) {
                host.time(now);
            }
            network.settle();
        }
    }

    @ParameterizedTest
    @CsvSource({"10.7.0.2,true,true", "10.7.0.2,false,true", "fd00::2,true,false", "fd00::2,false,false"})
    void shouldCarryTcpBetweenTwoStacks(final String remote, final boolean offloadsA, final boolean offloadsB) {
        final TestHost a = host(MAC_A, 1, offloadsA ? TestHost.OFFLOADS : TestHost.PLAIN);
        final TestHost b = host(MAC_B, 2, offloadsB ? TestHost.OFFLOADS : TestHost.PLAIN);
        final TcpListener listener = b.stack().tcp().listen(0, 0, 7, 16, flow -> new Echo());
        assertThat(b.registrations()).containsExactly("6/7");
        final Client client = new Client(a, Frames.pattern(300_000));
        final IpAddress to = IpAddress.parse(remote);
        a.stack().tcp().connect(to.high(), to.low(), 7, client);
        run(new TestNetwork(a, b), 2 * S, a, b);
        assertThat(client.received.toByteArray()).isEqualTo(client.data);
        assertThat(client.closed).isEqualTo(TcpCloseReason.FINISHED);
        assertThat(b.drops().total()).isZero();
        listener.close();
        b.poll(b.nowNs());
        assertThat(b.registrations()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"255.255.255.255", "10.7.0.255", "224.0.0.1", "ff02::1"})
    void shouldNotConnectToMany(final String group) {
        final TestHost a = host(MAC_A, 1, TestHost.OFFLOADS);
        final IpAddress to = IpAddress.parse(group);
        assertThat(a.stack().tcp().connect(to.high(), to.low(), 7, new Client(a, new byte[1]))).isNull();
        assertThat(a.stack().tcp().connectFailure()).isEqualTo(TcpConnectFailure.NO_ROUTE);
    }

    @ParameterizedTest
    @CsvSource({"10.7.0.1", "127.0.0.1", "fd00::1", "::1"})
    void shouldCarryTcpToItself(final String own) {
        final TestHost a = host(MAC_A, 1, TestHost.OFFLOADS);
        a.stack().tcp().listen(0, 0, 7, 16, flow -> new Echo());
        final Client client = new Client(a, Frames.pattern(50_000));
        final IpAddress to = IpAddress.parse(own);
        a.stack().tcp().connect(to.high(), to.low(), 7, client);
        run(new TestNetwork(a), 2 * S, a);
        assertThat(client.received.toByteArray()).isEqualTo(client.data);
        assertThat(client.closed).isEqualTo(TcpCloseReason.FINISHED);
    }

    @Test
    void shouldLetAConnectionFollowAPathThatBecomesNarrower() {
        final TestHost a = host(MAC_A, 1, TestHost.PLAIN);
        final TestHost b = host(MAC_B, 2, TestHost.PLAIN);
        b.stack().tcp().listen(0, 0, 7, 16, flow -> new Echo());
        final TcpFlow[] flow = new TcpFlow[1];
        final Client client = new Client(a, new byte[0]) {

            @Override
            public void onConnected(final TcpFlow connected) {
                flow[0] = connected;
            }

            @Override
            public void onWritable(final TcpFlow writable) {
                // The test writes.
            }
        };
        final IpAddress to = IpAddress.parse("10.7.0.2");
        a.stack().tcp().connect(to.high(), to.low(), 7, client);
        run(new TestNetwork(a, b), S / 10, a, b);
        flow[0].write(Frames.pattern(2000), 0, 2000);
        assertThat(a.poll(a.nowNs())).anyMatch(frame -> frame.bytes().length == 1514);
        a.stack().network().mtuBytes(800);
        for (long now = a.nowNs(); now < 2 * S; now += S / 100) {
            a.time(now);
            b.time(now);
            for (final Frame frame : a.poll(now)) {
                assertThat(frame.bytes().length).isLessThanOrEqualTo(814);
                b.receive(frame);
            }
            b.poll(now).forEach(a::receive);
        }
        assertThat(client.received.toByteArray()).isEqualTo(Frames.pattern(2000));
        flow[0].abort();
    }

    @Test
    void shouldRefuseAConnectionToAClosedPort() {
        final TestHost a = host(MAC_A, 1, TestHost.PLAIN);
        final TestHost b = host(MAC_B, 2, TestHost.PLAIN);
        final Client client = new Client(a, new byte[1]);
        final IpAddress to = IpAddress.parse("10.7.0.2");
        a.stack().tcp().connect(to.high(), to.low(), 9, client);
        run(new TestNetwork(a, b), S / 10, a, b);
        assertThat(client.closed).isEqualTo(TcpCloseReason.REFUSED);
    }

    @Test
    void shouldWantToBePolledWhenThereIsWorkAndSleepWhenThereIsNone() {
        final TestHost a = host(MAC_A, 1, TestHost.PLAIN);
        assertThat(a.stack().nextDeadlineNs()).as("announcements").isZero();
        a.pollUntil(10 * S);
        assertThat(a.stack().nextDeadlineNs()).isEqualTo(Poller.NO_DEADLINE);
        assertThat(a.stack().arm()).isTrue();
        final int flushes = a.port().flushes();
        a.stack().poll(10 * S);
        assertThat(a.port().flushes()).as("once per turn").isEqualTo(flushes + 1);
    }

    @Test
    void shouldTakeTheTimeOfTheTurnBeforeThePacketsOfTheTurn() {
        final TestHost a = host(MAC_A, 1, TestHost.PLAIN);
        a.pollUntil(10 * S);
        assertThat(a.stack().turnStart().poll(20 * S)).isZero();
        assertThat(a.stack().turnStart().nextDeadlineNs()).isEqualTo(Poller.NO_DEADLINE);
        // An entry that is learned and used at 20 s goes from DELAY to PROBE at 25 s; not at 15 s.
        a.stack().accept(prepared(a, Frames.ethernet(MAC_A, MAC_B, 0x0806,
                Frames.arp(1, MAC_B, "10.7.0.2", MAC_A, "10.7.0.1"))));
        final IpAddress peer = IpAddress.parse("10.7.0.2");
        a.stack().udp().bind(0, 0, 7, (socket, high, low, port, address, length) -> {
        }).send(peer.high(), peer.low(), 9, 0, 0);
        a.port().take();
        assertThat(a.poll(25 * S - 1)).isEmpty();
        assertThat(a.poll(26 * S)).hasSize(1);
    }

    private static long prepared(final TestHost host, final byte[] bytes) {
        final long packet = host.toPacket(Frame.of(bytes));
        host.classifier().classify(packet);
        return packet;
    }

    @Test
    void shouldDropEverythingOnceClosed() {
        final TestHost a = host(MAC_A, 1, TestHost.PLAIN);
        a.pollUntil(10 * S);
        a.stack().close();
        a.stack().close();
        assertThat(a.receive(Frames.ethernet("ff:ff:ff:ff:ff:ff", MAC_B, 0x0806,
                Frames.arp(1, MAC_B, "10.7.0.2", MAC_A, "10.7.0.1")))).isEmpty();
        assertThat(a.count(Counter.LINK_IN_CLOSED)).isOne();
        assertThat(a.stack().nextDeadlineNs()).isEqualTo(Poller.NO_DEADLINE);
    }

    @Test
    void shouldGivePendingPacketsBackWhenClosed() {
        final TestHost a = host(MAC_A, 1, TestHost.PLAIN);
        final IpAddress peer = IpAddress.parse("10.7.0.2");
        for (int i = 0; i < 5; i++) {
            a.stack().udp().bind(0, 0, 100 + i, (socket, high, low, port, address, length) -> {
            }).send(peer.high(), peer.low(), 9, 0, 0);
        }
        a.stack().tcp().connect(peer.high(), peer.low(), 7, new Client(a, new byte[1]));
        a.poll(0);
        // close() of the host checks that all buffers are back.
        assertThat(a.pool().available()).isLessThan(a.pool().capacity());
    }

    @Test
    void shouldCountUnderTheNamesOfLinux() {
        final TestHost a = host(MAC_A, 1, TestHost.PLAIN);
        assertThat(a.stack().counters().snapshot()).containsKeys("Ip.InReceives", "Icmp.InEchos", "Udp.NoPorts",
                "Icmp6.InEchos", "Ip6.InReceives");
        final List<String> names = new ArrayList<>();
        for (final Counter counter : Counter.values()) {
            names.add(counter.snmpName());
        }
        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name
                .matches("[A-Z][A-Za-z0-9]+\\.[A-Z][A-Za-z0-9]+"));
        a.poll(0);
        assertThat(a.stack().counters().toString()).contains("Arp.OutRequests=1").doesNotContain("Udp");
    }

    // -- standing in

    /** They are the loop's thread's meanwhile, and what waits for it is nothing that the helper could do. */
    @Test
    void shouldTellTheHelperNoDeadlineOfTheApplications() {
        final TestHost host = new TestHost(NetStackConfig.of(InterfaceConfig.of(MAC_A, "10.7.0.1/24")).withActivity(
                new LoopActivity(true)));
        hosts.add(host);
        final NetStack stack = host.stack();
        stack.udp().bind(0, 0, 7, (socket, high, low, port, address, length) -> {
        });
        host.pollUntil(100 * S);
        final long deadlineNs = 100 * S + 1_000_000;
        stack.timers().schedule(new Timer() {

            @Override
            protected void expire(final long nowNs) {
                // Isn't waited for.
            }
        }, deadlineNs);
        assertThat(stack.nextDeadlineNs()).isBetween(100 * S + 1, deadlineNs + TimerWheel.RESOLUTION_NS);
        stack.beginStandIn();
        assertThat(stack.nextDeadlineNs()).isGreaterThan(deadlineNs + TimerWheel.RESOLUTION_NS);
        host.receive(Frames.ethernet(MAC_A, MAC_B, 0x0800, Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.UDP, Frames.udp(
                "10.7.0.2", "10.7.0.1", 9, 7, new byte[3]))));
        assertThat(stack.nextDeadlineNs()).isGreaterThan(deadlineNs + TimerWheel.RESOLUTION_NS);
        stack.endStandIn();
        assertThat(stack.nextDeadlineNs()).isEqualTo(100 * S);
        host.poll(100 * S);
        assertThat(stack.nextDeadlineNs()).isBetween(100 * S + 1, deadlineNs + TimerWheel.RESOLUTION_NS);
    }
}
