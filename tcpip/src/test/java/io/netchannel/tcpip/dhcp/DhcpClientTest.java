package io.netchannel.tcpip.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.sched.Poller;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import io.netchannel.tcpip.wire.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DhcpClientTest {

    private static final long S = 1_000_000_000L;
    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:07");
    private static final int ADDRESS = IpAddress.parse("10.7.0.9").ipv4();
    private static final int SERVER = IpAddress.parse("10.7.0.1").ipv4();
    private static final int OTHER_SERVER = IpAddress.parse("10.7.0.3").ipv4();

    /** What the client sent, a line each: type, from, to. */
    private final List<String> sent = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private byte[] last;
    private boolean checks;
    private long now = 100 * S;
    private DhcpClient client = client(DhcpConfig.of(MAC).withHostName("node"));

    private DhcpClient client(final DhcpConfig config) {
        return new DhcpClient(config, this::record, new DhcpEvents() {
            @Override
            public void onLease(final DhcpLease lease) {
                events.add("lease " + lease.address());
            }

            @Override
            public void onLost(final DhcpLease lease, final LossReason reason) {
                events.add("lost " + lease.address() + " " + reason);
            }

            @Override
            public boolean check(final IpPrefix address) {
                return checks;
            }
        }, new SplittableRandom(7));
    }

    private void record(final byte[] message, final int source, final int destination) {
        final String[] types = {"", "DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE"};
        last = message;
        times.add(now);
        sent.add(types[Message.type(message)] + " " + IpAddress.ofIpv4(source) + " > "
                + IpAddress.ofIpv4(destination));
    }

    private Message offer() {
        return settings(Message.answer(last, DhcpOption.OFFER, ADDRESS));
    }

    private Message ack() {
        return settings(Message.answer(last, DhcpOption.ACK, ADDRESS));
    }

    private Message nak() {
        return Message.answer(last, DhcpOption.NAK, 0).word(DhcpOption.SERVER_ID, SERVER);
    }

    private static Message settings(final Message message) {
        return message.word(DhcpOption.SERVER_ID, SERVER).word(DhcpOption.LEASE_TIME, 1000)
                .word(DhcpOption.SUBNET_MASK, 0xFFFF_FF00);
    }

    private void receive(final Message message) {
        client.receive(message.bytes(), now);
    }

    /** Runs what is due until then. */
    private void until(final long timeNs) {
        while (client.nextDeadlineNs() <= timeNs) {
            now = Math.max(now, client.nextDeadlineNs());
            client.advance(now);
        }
        now = timeNs;
    }

    private void bind() {
        client.start(now);
        receive(offer());
        receive(ack());
        assertThat(client.state()).isEqualTo(DhcpState.BOUND);
        sent.clear();
        events.clear();
        times.clear();
    }

    // -- to an address

    @Test
    void shouldGetAnAddressByFourMessages() {
        client.start(now);
        assertThat(client.state()).isEqualTo(DhcpState.SELECTING);
        receive(offer());
        assertThat(client.state()).isEqualTo(DhcpState.REQUESTING);
        receive(ack());
        assertThat(sent).containsExactly("DISCOVER 0.0.0.0 > 255.255.255.255", "REQUEST 0.0.0.0 > 255.255.255.255");
        assertThat(events).containsExactly("lease 10.7.0.9/24");
    }

    @Test
    void shouldSayWhatTheRfcDemandsInARequestForAnOffer() {
        client.start(now);
        final byte[] discover = last;
        assertThat(Message.word(discover, DhcpOption.SERVER_ID)).isZero();
        receive(offer());
        assertThat(Message.word(last, DhcpOption.REQUESTED_ADDRESS)).isEqualTo(ADDRESS);
        assertThat(Message.word(last, DhcpOption.SERVER_ID)).isEqualTo(SERVER);
        assertThat(DhcpLayout.getInt(last, DhcpLayout.CIADDR)).isZero();
        assertThat(DhcpLayout.getInt(last, DhcpLayout.XID)).isEqualTo(DhcpLayout.getInt(discover, DhcpLayout.XID));
        assertThat(Message.option(last, DhcpOption.CLIENT_ID)).containsExactly(1, 2, 0, 0, 0, 0, 7);
        assertThat(new String(Message.option(last, DhcpOption.HOST_NAME))).isEqualTo("node");
        assertThat(last).hasSizeGreaterThanOrEqualTo(DhcpLayout.MIN_BYTES);
    }

    @Test
    void shouldRepeatDiscoverWithRandomisedExponentialBackoff() {
        client.start(now);
        until(now + 400 * S);
        assertThat(sent).hasSizeGreaterThan(6).containsOnly("DISCOVER 0.0.0.0 > 255.255.255.255");
        final long[] nominal = {4, 8, 16, 32, 64, 64};
        for (int i = 0; i < nominal.length; i++) {
            assertThat(times.get(i + 1) - times.get(i)).as("wait %s", i).isBetween((nominal[i] - 1) * S,
                    (nominal[i] + 1) * S);
        }
        assertThat(DhcpLayout.getInt(last, DhcpLayout.SECS) >>> 16).isPositive();
    }

    @Test
    void shouldGiveUpAnOfferThatIsNotAcknowledged() {
        client.start(now);
        receive(offer());
        until(now + 70 * S);
        assertThat(sent.stream().filter(line -> line.startsWith("REQUEST"))).hasSize(4);
        assertThat(sent.getLast()).startsWith("DISCOVER");
        assertThat(client.state()).isEqualTo(DhcpState.SELECTING);
    }

    @Test
    void shouldAskForAnEarlierAddressFirst() {
        client = client(DhcpConfig.of(MAC).withEarlierAddress(IpAddress.parse("10.7.0.9")));
        client.start(now);
        assertThat(Message.word(last, DhcpOption.REQUESTED_ADDRESS)).isEqualTo(ADDRESS);
        assertThat(Message.word(last, DhcpOption.SERVER_ID)).as("RFC 2131, 4.3.2: MUST NOT").isZero();
        receive(ack());
        assertThat(sent).containsExactly("REQUEST 0.0.0.0 > 255.255.255.255");
        assertThat(client.state()).isEqualTo(DhcpState.BOUND);
    }

    @Test
    void shouldDiscoverWhenTheEarlierAddressIsRefusedOrUnanswered() {
        client = client(DhcpConfig.of(MAC).withEarlierAddress(IpAddress.parse("10.7.0.9")));
        client.start(now);
        receive(nak());
        until(now + 2 * S);
        assertThat(client.state()).isEqualTo(DhcpState.SELECTING);
        client = client(DhcpConfig.of(MAC).withEarlierAddress(IpAddress.parse("10.7.0.9")));
        client.start(now);
        until(now + 6 * S);
        assertThat(client.state()).isEqualTo(DhcpState.SELECTING);
    }

    // -- to keep it

    @Test
    void shouldRenewAtT1ByUnicast() {
        bind();
        final long bound = now;
        until(now + 499 * S);
        assertThat(sent).isEmpty();
        until(bound + 500 * S);
        assertThat(sent).containsExactly("REQUEST 10.7.0.9 > 10.7.0.1");
        assertThat(DhcpLayout.getInt(last, DhcpLayout.CIADDR)).isEqualTo(ADDRESS);
        assertThat(Message.word(last, DhcpOption.REQUESTED_ADDRESS)).isZero();
        assertThat(Message.word(last, DhcpOption.SERVER_ID)).isZero();
        receive(ack());
        assertThat(client.state()).isEqualTo(DhcpState.BOUND);
        assertThat(events).containsExactly("lease 10.7.0.9/24");
        assertThat(client.nextDeadlineNs()).isEqualTo(bound + 1000 * S);
    }

    @Test
    void shouldRebindByBroadcastAfterT2AndExpireAtTheEnd() {
        bind();
        final long bound = now;
        until(bound + 999 * S);
        // T1 500, T2 875: half of what is left, a minute at least.
        assertThat(sent).containsExactly("REQUEST 10.7.0.9 > 10.7.0.1", "REQUEST 10.7.0.9 > 10.7.0.1",
                "REQUEST 10.7.0.9 > 10.7.0.1", "REQUEST 10.7.0.9 > 10.7.0.1", "REQUEST 10.7.0.9 > 255.255.255.255",
                "REQUEST 10.7.0.9 > 255.255.255.255", "REQUEST 10.7.0.9 > 255.255.255.255");
        assertThat(events).isEmpty();
        until(bound + 1000 * S);
        assertThat(events).containsExactly("lost 10.7.0.9/24 EXPIRED");
        assertThat(sent.getLast()).isEqualTo("DISCOVER 0.0.0.0 > 255.255.255.255");
        assertThat(client.count(DhcpCounter.EXPIRIES)).isOne();
    }

    @Test
    void shouldTakeTheAnswerOfAnotherServerWhenRebinding() {
        bind();
        until(now + 880 * S);
        assertThat(client.state()).isEqualTo(DhcpState.REBINDING);
        receive(Message.answer(last, DhcpOption.ACK, ADDRESS).word(DhcpOption.SERVER_ID, OTHER_SERVER)
                .word(DhcpOption.LEASE_TIME, 1000).word(DhcpOption.SUBNET_MASK, 0xFFFF_FF00));
        assertThat(client.state()).isEqualTo(DhcpState.BOUND);
        assertThat(client.lease().server()).isEqualTo(IpAddress.ofIpv4(OTHER_SERVER));
    }

    @Test
    void shouldStopUsingAnAddressWhoseRenewalIsRefused() {
        bind();
        until(now + 500 * S);
        receive(nak());
        assertThat(events).containsExactly("lost 10.7.0.9/24 REFUSED");
        until(now + 1 * S);
        assertThat(client.state()).isEqualTo(DhcpState.SELECTING);
    }

    @Test
    void shouldSlowDownWhenRefusedAgainAndAgain() {
        client.start(now);
        for (int i = 0; i < 4; i++) {
            receive(offer());
            receive(nak());
            assertThat(client.nextDeadlineNs() - now).isEqualTo((1L << i) * S);
            until(client.nextDeadlineNs());
        }
    }

    @Test
    void shouldNeverExpireAnInfiniteLease() {
        client.start(now);
        receive(offer());
        receive(Message.answer(last, DhcpOption.ACK, ADDRESS).word(DhcpOption.SERVER_ID, SERVER)
                .word(DhcpOption.LEASE_TIME, -1).word(DhcpOption.RENEWAL_TIME, 5));
        assertThat(client.nextDeadlineNs()).isEqualTo(Poller.NO_DEADLINE);
    }

    @Test
    void shouldFollowTheServersTimersUnlessTheyAreInDisorder() {
        client.start(now);
        receive(offer());
        receive(ack().word(DhcpOption.RENEWAL_TIME, 100).word(DhcpOption.REBINDING_TIME, 300));
        assertThat(client.lease().renewalNs()).isEqualTo(100 * S);
        assertThat(client.lease().rebindingNs()).isEqualTo(300 * S);
        until(now + 100 * S);
        receive(ack().word(DhcpOption.RENEWAL_TIME, 900).word(DhcpOption.REBINDING_TIME, 2000));
        assertThat(client.lease().renewalNs()).isEqualTo(500 * S);
        assertThat(client.lease().rebindingNs()).isEqualTo(875 * S);
    }

    @Test
    void shouldReleaseOnCloseAndSayNothingAfterwards() {
        bind();
        client.close(now);
        client.close(now);
        assertThat(sent).containsExactly("RELEASE 10.7.0.9 > 10.7.0.1");
        assertThat(Message.word(last, DhcpOption.SERVER_ID)).isEqualTo(SERVER);
        assertThat(Message.option(last, DhcpOption.PARAMETER_LIST)).as("RFC 2131, table 5: MUST NOT").isNull();
        assertThat(events).containsExactly("lost 10.7.0.9/24 RELEASED");
        receive(ack());
        until(now + 5000 * S);
        assertThat(client.state()).isEqualTo(DhcpState.STOPPED);
        assertThat(sent).hasSize(1);
    }

    // -- conflicts

    @Test
    void shouldUseAnAddressOnlyAfterItIsFoundFree() {
        checks = true;
        client.start(now);
        receive(offer());
        receive(ack());
        assertThat(client.state()).isEqualTo(DhcpState.CHECKING);
        assertThat(events).isEmpty();
        client.checked(IpAddress.parse("10.7.0.10"), true, now);
        client.checked(IpAddress.ofIpv4(ADDRESS), false, now);
        assertThat(events).containsExactly("lease 10.7.0.9/24");
    }

    @Test
    void shouldDeclineAnAddressThatSomebodyHasAndWaitTenSeconds() {
        checks = true;
        client.start(now);
        receive(offer());
        receive(ack());
        client.checked(IpAddress.ofIpv4(ADDRESS), true, now);
        assertThat(sent.getLast()).isEqualTo("DECLINE 0.0.0.0 > 255.255.255.255");
        assertThat(Message.word(last, DhcpOption.REQUESTED_ADDRESS)).isEqualTo(ADDRESS);
        assertThat(Message.word(last, DhcpOption.SERVER_ID)).isEqualTo(SERVER);
        final long declined = now;
        until(declined + 10 * S - 1);
        assertThat(sent.getLast()).startsWith("DECLINE");
        until(declined + 10 * S);
        assertThat(sent.getLast()).startsWith("DISCOVER");
        assertThat(events).isEmpty();
    }

    @Test
    void shouldGiveUpAnAddressInUseByAnother() {
        bind();
        client.conflict(now);
        assertThat(sent).containsExactly("DECLINE 0.0.0.0 > 255.255.255.255");
        assertThat(events).containsExactly("lost 10.7.0.9/24 CONFLICT");
        assertThat(client.count(DhcpCounter.CONFLICTS)).isOne();
    }

    // -- what is not for us, or not good

    @Test
    void shouldIgnoreWhatIsOfAnotherTransactionStationOrClient() {
        client.start(now);
        receive(offer().at(DhcpLayout.XID, 1, 2, 3, 4));
        receive(offer().at(DhcpLayout.CHADDR, 9));
        receive(offer().option(DhcpOption.CLIENT_ID, 1, 2, 3));
        receive(ack());
        receive(nak());
        assertThat(client.state()).isEqualTo(DhcpState.SELECTING);
        assertThat(client.count(DhcpCounter.IN_UNEXPECTED)).isEqualTo(5);
        receive(offer().option(DhcpOption.CLIENT_ID, 1, 2, 0, 0, 0, 0, 7));
        assertThat(client.state()).isEqualTo(DhcpState.REQUESTING);
        final byte[] request = last;
        receive(Message.answer(request, DhcpOption.NAK, 0).word(DhcpOption.SERVER_ID, OTHER_SERVER));
        receive(Message.answer(request, DhcpOption.ACK, ADDRESS).word(DhcpOption.SERVER_ID, OTHER_SERVER)
                .word(DhcpOption.LEASE_TIME, 1000));
        assertThat(client.state()).isEqualTo(DhcpState.REQUESTING);
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.1", "127.0.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "10.7.0.0", "10.7.0.255"})
    void shouldRefuseAnAddressThatNoHostCanHave(final String address) {
        client.start(now);
        receive(settings(Message.answer(last, DhcpOption.OFFER, IpAddress.parse(address).ipv4())));
        assertThat(client.state()).isEqualTo(DhcpState.SELECTING);
        assertThat(client.count(DhcpCounter.IN_ERRORS)).isOne();
    }

    @Test
    void shouldRefuseAnOfferWithoutServerOrTimeOrWithABadMask() {
        client.start(now);
        receive(Message.answer(last, DhcpOption.OFFER, ADDRESS).word(DhcpOption.LEASE_TIME, 10));
        receive(Message.answer(last, DhcpOption.OFFER, ADDRESS).word(DhcpOption.SERVER_ID, SERVER));
        receive(Message.answer(last, DhcpOption.OFFER, ADDRESS).word(DhcpOption.SERVER_ID, SERVER)
                .word(DhcpOption.LEASE_TIME, 10).word(DhcpOption.SUBNET_MASK, 0xFF00_FF00));
        assertThat(client.count(DhcpCounter.IN_ERRORS)).isEqualTo(3);
        assertThat(client.state()).isEqualTo(DhcpState.SELECTING);
    }

    @Test
    void shouldRefuseABadConfiguration() {
        assertThatThrownBy(() -> DhcpConfig.of(MAC).withHostName("no spaces"))
                .hasMessageContaining("hostName=\"no spaces\"");
        assertThatThrownBy(() -> DhcpConfig.of(MAC).withClientId(new byte[1])).hasMessageContaining("2..255");
        assertThatThrownBy(() -> DhcpConfig.of(MAC).withEarlierAddress(IpAddress.parse("fd00::1")))
                .hasMessageContaining("earlierAddress=fd00::1");
    }

    @Test
    void shouldFormAClientIdentifierOfADuid() {
        assertThat(DhcpConfig.duidId(0x01020304, MAC)).containsExactly(255, 1, 2, 3, 4, 0, 3, 0, 1, 2, 0, 0, 0, 0, 7);
    }
}
