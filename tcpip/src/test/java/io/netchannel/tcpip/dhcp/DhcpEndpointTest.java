package io.netchannel.tcpip.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Frame;
import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client on a stack that has no address, frame by frame. */
class DhcpEndpointTest {

    private static final long S = 1_000_000_000L;
    /** RFC 5227, 1.1: a second before the first probe, two between them each, two after the last. */
    private static final long CHECKED = 8 * S;
    private static final String MAC = "02:00:00:00:00:07";
    private static final String SERVER_MAC = "02:00:00:00:00:01";
    private static final int SERVER = IpAddress.parse("10.7.0.1").ipv4();

    private final TestHost host = new TestHost(NetStackConfig.of(InterfaceConfig.of(MAC)));
    private final DhcpInterface configured = new DhcpInterface(host.stack().network());
    private final List<String> lost = new ArrayList<>();
    private final DhcpEndpoint endpoint = new DhcpEndpoint(host.stack(),
            DhcpConfig.of(host.stack().network().mac()), new DhcpEvents() {
                @Override
                public void onLease(final DhcpLease lease) {
                    configured.apply(lease);
                }

                @Override
                public void onLost(final DhcpLease lease, final LossReason reason) {
                    lost.add(reason.name());
                    configured.remove();
                }
            }, new SplittableRandom(3));

    @BeforeEach
    void listen() {
        host.stack().events(endpoint::onEvent);
    }

    @AfterEach
    void close() {
        endpoint.close();
        host.close();
    }

    /** The one DHCP message of some frames. */
    private static byte[] message(final List<Frame> frames) {
        final byte[] frame = frames.stream().map(Frame::bytes)
                .filter(bytes -> bytes.length > 282 && Frames.getShort(bytes, 36) == 67).findFirst().orElseThrow();
        return Arrays.copyOfRange(frame, 42, frame.length);
    }

    private List<Frame> answer(final byte[] request, final int type, final String toMac, final String toAddress,
            final UnaryOperator<Message> more) {
        final Message answer = more.apply(Message.answer(request, type, IpAddress.parse("10.7.0.9").ipv4())
                .word(DhcpOption.SERVER_ID, SERVER).word(DhcpOption.LEASE_TIME, 1000)
                .word(DhcpOption.SUBNET_MASK, 0xFFFF_FF00).word(DhcpOption.ROUTER, SERVER));
        return host.receive(Frames.ethernet(toMac, SERVER_MAC, 0x0800, Frames.ipv4("10.7.0.1", toAddress, Frames.UDP,
                Frames.udp("10.7.0.1", toAddress, 67, 68, answer.bytes()))));
    }

    private void bind(final UnaryOperator<Message> more) {
        endpoint.start();
        final byte[] discover = message(host.poll(0));
        final byte[] request = message(answer(discover, DhcpOption.OFFER, MAC, "10.7.0.9", more));
        answer(request, DhcpOption.ACK, MAC, "10.7.0.9", more);
        host.pollUntil(CHECKED);
    }

    /** Option 53, which comes first behind the magic cookie. */
    private static int type(final byte[] message) {
        return message[242];
    }

    private boolean hasAddress(final String address) {
        return host.stack().network().addresses().isLocal(0, IpAddress.parse(address).low());
    }

    @Test
    void shouldSendFromNoAddressToAll() {
        endpoint.start();
        final byte[] frame = host.poll(0).getFirst().bytes();
        assertThat(Arrays.copyOf(frame, 6)).containsOnly(0xFF);
        assertThat(Arrays.copyOfRange(frame, 26, 34)).containsExactly(0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF);
        assertThat(Frames.getShort(frame, 34)).isEqualTo(68);
        assertThat(Frames.getShort(frame, 36)).isEqualTo(67);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTakeAnswersToTheOfferedAddressAndToAll(final boolean unicast) {
        final String mac = unicast ? MAC : "ff:ff:ff:ff:ff:ff";
        final String address = unicast ? "10.7.0.9" : "255.255.255.255";
        endpoint.start();
        final byte[] discover = message(host.poll(0));
        final byte[] request = message(answer(discover, DhcpOption.OFFER, mac, address, m -> m));
        assertThat(hasAddress("10.7.0.9")).isFalse();
        answer(request, DhcpOption.ACK, mac, address, m -> m);
        host.pollUntil(CHECKED);
        assertThat(hasAddress("10.7.0.9")).isTrue();
        assertThat(host.stack().network().routes().all()).hasToString(
                "[Route[destination=0.0.0.0/0, gateway=10.7.0.1, metric=0, mtuBytes=0]]");
    }

    @Test
    void shouldTakeNothingElseToAForeignAddress() {
        endpoint.start();
        host.poll(0);
        for (final int port : new int[]{67, 69, 7}) {
            host.receive(Frames.ethernet(MAC, SERVER_MAC, 0x0800, Frames.ipv4("10.7.0.1", "10.7.0.9", Frames.UDP,
                    Frames.udp("10.7.0.1", "10.7.0.9", 67, port, new byte[300]))));
        }
        assertThat(host.count(Counter.IP_IN_ADDR_ERRORS)).isEqualTo(3);
    }

    @Test
    void shouldApplyTheMtuAndTakeEverythingBackAtTheEnd() {
        bind(m -> m.option(DhcpOption.INTERFACE_MTU, 1400 >>> 8, 1400 & 0xFF));
        assertThat(host.stack().network().mtuBytes()).isEqualTo(1400);
        endpoint.close();
        assertThat(lost).containsExactly("RELEASED");
        assertThat(hasAddress("10.7.0.9")).isFalse();
        assertThat(host.stack().network().routes().all()).isEmpty();
        assertThat(host.stack().network().mtuBytes()).isEqualTo(1500);
        assertThat(host.registrations()).doesNotContain("17/68");
    }

    @ParameterizedTest
    @ValueSource(ints = {68, 575, 9000})
    void shouldNotBelieveAnMtuThatIsTooSmallOrAboveTheLinks(final int mtuBytes) {
        bind(m -> m.option(DhcpOption.INTERFACE_MTU, mtuBytes >>> 8, mtuBytes & 0xFF));
        assertThat(hasAddress("10.7.0.9")).isTrue();
        assertThat(host.stack().network().mtuBytes()).isEqualTo(1500);
    }

    @Test
    void shouldRenewByTheStacksTimersAndLoseTheAddressWhenNobodyAnswers() {
        bind(m -> m);
        host.pollUntil(999 * S);
        assertThat(hasAddress("10.7.0.9")).isTrue();
        host.pollUntil(1001 * S);
        assertThat(lost).containsExactly("EXPIRED");
        assertThat(hasAddress("10.7.0.9")).isFalse();
        assertThat(endpoint.client().state()).isEqualTo(DhcpState.SELECTING);
    }

    @Test
    void shouldChangeWhatANewLeaseChangesAndKeepTheRest() {
        bind(m -> m);
        final DhcpLease before = endpoint.client().lease();
        configured.apply(new DhcpLease(before.address(), before.server(), List.of(), List.of(), null, List.of(), null,
                0, 0, 1, 2, 3));
        assertThat(host.stack().network().routes().all()).isEmpty();
        assertThat(hasAddress("10.7.0.9")).isTrue();
    }

    /** What somebody says who has an address, or wants it. */
    private List<Frame> arp(final int operation, final String sender, final String target) {
        return host.receive(Frames.ethernet("ff:ff:ff:ff:ff:ff", SERVER_MAC, 0x0806,
                Frames.arp(operation, SERVER_MAC, sender, "00:00:00:00:00:00", target)));
    }

    private static List<String> arpTargets(final List<Frame> frames, final String sender) {
        return frames.stream().map(Frame::bytes).filter(frame -> Frames.getShort(frame, 12) == 0x0806
                && Arrays.equals(Arrays.copyOfRange(frame, 28, 32), Frames.ip(sender)))
                .map(frame -> IpAddress.ofIpv4(Frames.getShort(frame, 38) << 16 | Frames.getShort(frame, 40))
                        .toString())
                .toList();
    }

    private byte[] requestOfAnOffer() {
        endpoint.start();
        final byte[] discover = message(host.poll(0));
        return message(answer(discover, DhcpOption.OFFER, MAC, "10.7.0.9", m -> m));
    }

    @Test
    void shouldProbeALeasedAddressThreeTimesAndAnnounceItTwice() {
        answer(requestOfAnOffer(), DhcpOption.ACK, MAC, "10.7.0.9", m -> m);
        assertThat(endpoint.client().state()).isEqualTo(DhcpState.CHECKING);
        final List<Frame> sent = host.pollUntil(12 * S);
        assertThat(arpTargets(sent, "0.0.0.0")).containsExactly("10.7.0.9", "10.7.0.9", "10.7.0.9");
        assertThat(arpTargets(sent, "10.7.0.9")).containsExactly("10.7.0.9", "10.7.0.9");
        assertThat(endpoint.client().state()).isEqualTo(DhcpState.BOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.7.0.9", "0.0.0.0"})
    void shouldDeclineAnAddressThatSomebodyHasOrWantsToo(final String sender) {
        answer(requestOfAnOffer(), DhcpOption.ACK, MAC, "10.7.0.9", m -> m);
        host.pollUntil(S);
        final byte[] decline = message(arp(1, sender, "10.7.0.9"));
        assertThat(type(decline)).isEqualTo(DhcpOption.DECLINE);
        assertThat(hasAddress("10.7.0.9")).isFalse();
        assertThat(endpoint.client().state()).isEqualTo(DhcpState.INIT);
        assertThat(lost).as("it was never ours").isEmpty();
        // RFC 2131, 3.1, step 5: ten seconds, then anew.
        assertThat(type(message(host.pollUntil(12 * S)))).isEqualTo(DhcpOption.DISCOVER);
    }

    @Test
    void shouldDefendALeaseOnceAndDeclineItAtTheNextConflict() {
        bind(m -> m);
        assertThat(arpTargets(arp(1, "10.7.0.9", "10.7.0.9"), "10.7.0.9")).as("RFC 5227, 2.4 (b)").hasSize(1);
        assertThat(hasAddress("10.7.0.9")).isTrue();
        assertThat(type(message(arp(1, "10.7.0.9", "10.7.0.9")))).isEqualTo(DhcpOption.DECLINE);
        assertThat(lost).containsExactly("CONFLICT");
        assertThat(hasAddress("10.7.0.9")).isFalse();
    }

    @Test
    void shouldTakeATentativeAddressBackWhenItEnds() {
        answer(requestOfAnOffer(), DhcpOption.ACK, MAC, "10.7.0.9", m -> m);
        assertThat(host.stack().network().addresses().count()).isEqualTo(1);
        endpoint.close();
        assertThat(host.stack().network().addresses().count()).isZero();
        assertThat(arpTargets(host.pollUntil(CHECKED), "0.0.0.0")).isEmpty();
    }
}
