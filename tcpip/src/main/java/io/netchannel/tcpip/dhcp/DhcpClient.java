package io.netchannel.tcpip.dhcp;

import static io.netchannel.kernel.sched.Poller.NO_DEADLINE;

import io.netchannel.channels.OwnedLongs;
import io.netchannel.tcpip.dhcp.DhcpEvents.LossReason;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A DHCPv4 client of one interface (RFC 2131, 4.4). No I/O, no clock: it is handed messages and the time.
 *
 * <p>Where the RFC leaves a choice it does what Linux clients do: it begins without a delay, takes the first good offer,
 * and gives up on an earlier address after one unanswered request.
 *
 * <p>Threading: confined to the thread of its stack; {@link #count} may be called by any.
 */
public final class DhcpClient {

    private static final long SECOND_NS = 1_000_000_000L;
    /** RFC 2131, 4.4.1: of a REQUEST for an offer, about a minute in all. */
    private static final int MAX_REQUESTS = 4;
    /** RFC 2131, 3.1, step 5. */
    private static final long AFTER_DECLINE_NS = 10 * SECOND_NS;
    /** So that a client and a server that disagree don't fill the link. */
    private static final long MIN_AFTER_NAK_NS = SECOND_NS;
    private static final long MAX_AFTER_NAK_NS = 1800 * SECOND_NS;
    private static final int BROADCAST = -1;
    private static final DhcpCounter[] COUNTERS = DhcpCounter.values();

    private final DhcpConfig config;
    private final DhcpOutput output;
    private final DhcpEvents events;
    private final RandomGenerator random;
    private final DhcpRequestWriter writer;
    private final DhcpBackoff backoff;
    private final OwnedLongs counts = new OwnedLongs(COUNTERS.length);
    private DhcpState state = DhcpState.INIT;
    private int xid;
    private long startedNs;
    private long requestedNs;
    private int requests;
    private long deadlineNs = NO_DEADLINE;
    private long afterNakNs = MIN_AFTER_NAK_NS;
    /** The chosen offer, or what is being checked. */
    private DhcpLease offer;
    /** What the interface has. */
    private DhcpLease lease;

    /** @param random of transactions and delays; a cryptographic source, except in simulations */
    public DhcpClient(final DhcpConfig config, final DhcpOutput output, final DhcpEvents events,
            final RandomGenerator random) {
        this.config = config;
        this.output = output;
        this.events = events;
        this.random = random;
        this.writer = new DhcpRequestWriter(config);
        this.backoff = new DhcpBackoff(random);
    }

    public DhcpState state() {
        return state;
    }

    /** What the interface has, or null. */
    public DhcpLease lease() {
        return lease;
    }

    public long count(final DhcpCounter counter) {
        return counts.read(counter.ordinal());
    }

    /** When {@link #advance} is to be called. */
    public long nextDeadlineNs() {
        return deadlineNs;
    }

    // -- life

    public void start(final long nowNs) {
        if (state != DhcpState.INIT || deadlineNs != NO_DEADLINE) {
            throw new IllegalStateException("the client is " + state + " already");
        }
        if (config.earlierAddress() == null) {
            discover(nowNs);
        } else {
            newTransaction(nowNs);
            enter(DhcpState.REBOOTING, nowNs);
            sendRequest(nowNs);
        }
    }

    /** Gives the address back (RFC 2131, 4.4.6) and ends. Idempotent. */
    public void close(final long nowNs) {
        if (state == DhcpState.STOPPED) {
            return;
        }
        final DhcpLease had = lease;
        state = DhcpState.STOPPED;
        deadlineNs = NO_DEADLINE;
        if (had != null) {
            final int own = had.address().address().ipv4();
            count1(DhcpCounter.OUT_RELEASES);
            output.send(writer.begin(DhcpOption.RELEASE, random.nextInt(), 0, own)
                    .address(DhcpOption.SERVER_ID, had.server().ipv4()).end(), own, had.server().ipv4());
            lose(LossReason.RELEASED);
        }
    }

    /** Does what is due. */
    public void advance(final long nowNs) {
        if (nowNs < deadlineNs) {
            return;
        }
        switch (state) {
            case INIT -> discover(nowNs);
            case SELECTING -> sendDiscover(nowNs);
            case REBOOTING -> discover(nowNs);
            case REQUESTING -> {
                if (requests < MAX_REQUESTS) {
                    sendRequest(nowNs);
                } else {
                    discover(nowNs);
                }
            }
            case BOUND -> renew(nowNs);
            case RENEWING, REBINDING -> whileRenewing(nowNs);
            case CHECKING, STOPPED -> deadlineNs = NO_DEADLINE;
        }
    }

    private void enter(final DhcpState next, final long nowNs) {
        state = next;
        requests = 0;
        deadlineNs = nowNs;
        backoff.reset();
    }

    private void newTransaction(final long nowNs) {
        xid = random.nextInt();
        startedNs = nowNs;
    }

    private int seconds(final long nowNs) {
        return (int) Math.min(0xFFFF, (nowNs - startedNs) / SECOND_NS);
    }

    // -- to get an address

    private void discover(final long nowNs) {
        newTransaction(nowNs);
        offer = null;
        enter(DhcpState.SELECTING, nowNs);
        sendDiscover(nowNs);
    }

    private void sendDiscover(final long nowNs) {
        count1(DhcpCounter.OUT_DISCOVERS);
        deadlineNs = nowNs + backoff.nextNs();
        requestedNs = nowNs;
        output.send(writer.begin(DhcpOption.DISCOVER, xid, seconds(nowNs), 0).wishes().end(), 0, BROADCAST);
    }

    /** Of states without an address: RFC 2131, 4.3.2 and table 4 say what it holds in which. */
    private void sendRequest(final long nowNs) {
        requests++;
        count1(DhcpCounter.OUT_REQUESTS);
        // RFC 2131, 4.4.1: the lease runs from the first request that the ACK may answer.
        requestedNs = requests == 1 ? nowNs : requestedNs;
        deadlineNs = nowNs + backoff.nextNs();
        final boolean rebooting = state == DhcpState.REBOOTING;
        final int wanted = rebooting ? config.earlierAddress().ipv4() : offer.address().address().ipv4();
        output.send(writer.begin(DhcpOption.REQUEST, xid, seconds(nowNs), 0)
                .address(DhcpOption.REQUESTED_ADDRESS, wanted)
                .address(DhcpOption.SERVER_ID, rebooting ? 0 : offer.server().ipv4()).wishes().end(), 0, BROADCAST);
    }

    // -- to keep it

    private void renew(final long nowNs) {
        newTransaction(nowNs);
        enter(DhcpState.RENEWING, nowNs);
        whileRenewing(nowNs);
    }

    private void whileRenewing(final long nowNs) {
        if (nowNs >= lease.expireAtNs()) {
            count1(DhcpCounter.EXPIRIES);
            lose(LossReason.EXPIRED);
            if (state != DhcpState.STOPPED) {
                discover(nowNs);
            }
            return;
        }
        if (state == DhcpState.RENEWING && nowNs >= lease.rebindAtNs()) {
            enter(DhcpState.REBINDING, nowNs);
        }
        final boolean rebinding = state == DhcpState.REBINDING;
        final int own = lease.address().address().ipv4();
        requests++;
        requestedNs = requests == 1 ? nowNs : requestedNs;
        count1(DhcpCounter.OUT_REQUESTS);
        deadlineNs = DhcpBackoff.nextRenewalNs(nowNs, rebinding ? lease.expireAtNs() : lease.rebindAtNs());
        output.send(writer.begin(DhcpOption.REQUEST, xid, seconds(nowNs), own).wishes().end(), own,
                rebinding ? BROADCAST : lease.server().ipv4());
    }

    // -- what servers say

    /** A datagram from port 67 to port 68. */
    public void receive(final byte[] message, final long nowNs) {
        final DhcpReply reply = DhcpReply.parse(message);
        if (reply == null) {
            count1(DhcpCounter.IN_ERRORS);
            return;
        }
        if (reply.xid() != xid || !reply.isFor(config.mac().value()) || !isOurClientId(reply)) {
            count1(DhcpCounter.IN_UNEXPECTED);
            return;
        }
        switch (reply.type()) {
            case DhcpOption.OFFER -> onOffer(reply, nowNs);
            case DhcpOption.ACK -> onAck(reply, nowNs);
            case DhcpOption.NAK -> onNak(reply, nowNs);
            default -> count1(DhcpCounter.IN_UNEXPECTED);
        }
    }

    /** RFC 6842, 3: what is echoed must be ours; older servers echo nothing. */
    private boolean isOurClientId(final DhcpReply reply) {
        final byte[] echoed = reply.option(DhcpOption.CLIENT_ID);
        return echoed == null || Arrays.equals(echoed, config.clientId());
    }

    private void onOffer(final DhcpReply reply, final long nowNs) {
        if (state != DhcpState.SELECTING) {
            count1(DhcpCounter.IN_UNEXPECTED);
            return;
        }
        final DhcpLease offered = DhcpLeaseReader.read(reply, requestedNs);
        if (offered == null) {
            count1(DhcpCounter.IN_ERRORS);
            return;
        }
        count1(DhcpCounter.IN_OFFERS);
        offer = offered;
        enter(DhcpState.REQUESTING, nowNs);
        sendRequest(nowNs);
    }

    private boolean isRequesting() {
        return state == DhcpState.REQUESTING || state == DhcpState.REBOOTING || state == DhcpState.RENEWING
                || state == DhcpState.REBINDING;
    }

    private void onAck(final DhcpReply reply, final long nowNs) {
        if (!isRequesting()) {
            count1(DhcpCounter.IN_UNEXPECTED);
            return;
        }
        final DhcpLease given = DhcpLeaseReader.read(reply, requestedNs);
        if (given == null) {
            count1(DhcpCounter.IN_ERRORS);
            return;
        }
        // The answer to a request that named one server comes from that server.
        if (state == DhcpState.REQUESTING && !given.server().equals(offer.server())) {
            count1(DhcpCounter.IN_UNEXPECTED);
            return;
        }
        count1(DhcpCounter.IN_ACKS);
        afterNakNs = MIN_AFTER_NAK_NS;
        final boolean isNew = lease == null || !lease.address().address().equals(given.address().address());
        if (isNew) {
            offer = given;
            state = DhcpState.CHECKING;
            deadlineNs = NO_DEADLINE;
            if (events.check(given.address())) {
                return;
            }
        }
        bind(given);
    }

    private void bind(final DhcpLease given) {
        state = DhcpState.BOUND;
        lease = given;
        offer = null;
        deadlineNs = given.renewAtNs();
        events.onLease(given);
    }

    /** RFC 2131, 3.1, step 3 and 3.2: begin anew; what we had must not be used any more. */
    private void onNak(final DhcpReply reply, final long nowNs) {
        final int server = reply.intOption(DhcpOption.SERVER_ID);
        if (!isRequesting() || state == DhcpState.REQUESTING && server != offer.server().ipv4()) {
            count1(DhcpCounter.IN_UNEXPECTED);
            return;
        }
        count1(DhcpCounter.IN_NAKS);
        enter(DhcpState.INIT, nowNs);
        deadlineNs = nowNs + afterNakNs;
        afterNakNs = Math.min(2 * afterNakNs, MAX_AFTER_NAK_NS);
        lose(LossReason.REFUSED);
    }

    // -- conflicts

    /** The answer to {@link DhcpEvents#check}. Ignored if the client doesn't wait for it any more. */
    public void checked(final IpAddress address, final boolean inUse, final long nowNs) {
        if (state != DhcpState.CHECKING || !offer.address().address().equals(address)) {
            return;
        }
        if (inUse) {
            decline(offer, nowNs);
        } else {
            bind(offer);
        }
    }

    /** Another station uses our address, and we don't defend it (RFC 5227, 2.4 (a)). */
    public void conflict(final long nowNs) {
        if (lease != null) {
            decline(lease, nowNs);
        }
    }

    private void decline(final DhcpLease declined, final long nowNs) {
        count1(DhcpCounter.CONFLICTS);
        count1(DhcpCounter.OUT_DECLINES);
        newTransaction(nowNs);
        output.send(writer.begin(DhcpOption.DECLINE, xid, 0, 0)
                .address(DhcpOption.REQUESTED_ADDRESS, declined.address().address().ipv4())
                .address(DhcpOption.SERVER_ID, declined.server().ipv4()).end(), 0, BROADCAST);
        enter(DhcpState.INIT, nowNs);
        deadlineNs = nowNs + AFTER_DECLINE_NS;
        lose(LossReason.CONFLICT);
    }

    /** Last in what it is part of: a callback may close the client. */
    private void lose(final LossReason reason) {
        final DhcpLease lost = lease;
        lease = null;
        if (lost != null) {
            events.onLost(lost, reason);
        }
    }

    private void count1(final DhcpCounter counter) {
        counts.add(counter.ordinal(), 1);
    }
}
