package io.netchannel.tcpip.dhcp;

import static io.netchannel.kernel.sched.Poller.NO_DEADLINE;

import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import io.netchannel.tcpip.wire.MacAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What DHCP servers say, in each state of the client.
 *
 * <pre>
 *  input: { what(8) | argument } ...
 *  what: 0-127 a message: 0-2 type, 3 another transaction, 4 bytes from the op field on, not of the options; argument length(8) | bytes
 *        128-191 time passes; 192-223 the address is free, or not; 224-239 a conflict; 240-255 the next address is checked
 * </pre>
 */
public final class DhcpFuzzTarget {

    private static final long S = 1_000_000_000L;
    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:07");
    private static final int ADDRESS = IpAddress.parse("10.7.0.9").ipv4();
    private static final int MAX_STEPS = 64;
    private static final int MAX_ADVANCES = 100;
    /** Messages that may come at once. */
    private static final int FEW = 8;

    private final DhcpClient client;
    private byte[] last = new byte[DhcpLayout.OPTIONS];
    private boolean checks;
    private long now = 100 * S;

    private DhcpFuzzTarget(final boolean reboots) {
        final DhcpConfig config = DhcpConfig.of(MAC).withHostName("node");
        client = new DhcpClient(reboots ? config.withEarlierAddress(IpAddress.ofIpv4(ADDRESS)) : config,
                (message, source, destination) -> last = message, new DhcpEvents() {
                    @Override
                    public void onLease(final DhcpLease lease) {
                        require(lease.renewAtNs() <= lease.rebindAtNs() && lease.rebindAtNs() <= lease.expireAtNs(),
                                "times of " + lease);
                        require(lease.address().address().isIpv4() && lease.address().lengthBits() > 0,
                                "address of " + lease);
                    }

                    @Override
                    public void onLost(final DhcpLease lease, final LossReason reason) {
                        require(lease != null && reason != null, "a lease is lost that was not there");
                    }

                    @Override
                    public boolean check(final IpPrefix address) {
                        return checks;
                    }
                }, new SplittableRandom(7));
    }

    private static void require(final boolean holds, final String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    public static List<byte[]> seeds() {
        final byte[] settings = {51, 4, 0, 0, 3, (byte) 232, 54, 4, 10, 7, 0, 1, 1, 4, (byte) 255, (byte) 255,
            (byte) 255, 0};
        final byte[] more = {3, 4, 10, 7, 0, 1, 6, 8, 10, 7, 0, 1, 10, 7, 0, 2, 15, 4, 't', 'e', 's', 't', 26, 2, 5,
            (byte) 220, 119, 9, 1, 'a', 4, 't', 'e', 's', 't', 0, 0, 121, 9, 24, 10, 8, 0, 10, 7, 0, 1, 0, 58, 4, 0, 0,
            0,
            100, 59, 4, 0, 0, 0, (byte) 200, 28, 4, 10, 7, 0, (byte) 255};
        final byte[] overload = {52, 1, 3};
        final List<byte[]> seeds = new ArrayList<>();
        final byte[] bound = join(new byte[]{0}, message(2, settings), message(5, settings, more));
        seeds.add(bound);
        seeds.add(join(bound, new byte[]{(byte) 130, (byte) 150, (byte) 170}, message(5, settings)));
        seeds.add(join(bound, new byte[]{(byte) 131, (byte) 190}, message(6, settings)));
        seeds.add(join(bound, new byte[]{(byte) 224, (byte) 131, (byte) 191}));
        seeds.add(join(new byte[]{1}, message(5, settings), new byte[]{(byte) 190, (byte) 190}));
        seeds.add(join(new byte[]{0, (byte) 241}, message(2, settings), message(5, settings, more), new byte[]{
            (byte) 193}));
        seeds.add(join(new byte[]{0}, message(2, settings, overload), message(16 + 2, settings)));
        seeds.add(join(new byte[]{0}, message(8 + 2, settings), message(6, settings), message(1)));
        return seeds;
    }

    private static byte[] message(final int what, final byte[]... options) {
        final byte[] body = join(options);
        return join(new byte[]{(byte) what, (byte) body.length}, body);
    }

    private static byte[] join(final byte[]... parts) {
        final ByteBuffer all = ByteBuffer.allocate(2048);
        Arrays.stream(parts).forEach(all::put);
        return Arrays.copyOf(all.array(), all.position());
    }

    public static void fuzzerTestOneInput(final byte[] input) {
        final ByteBuffer in = ByteBuffer.wrap(input);
        final DhcpFuzzTarget fuzz = new DhcpFuzzTarget(in.hasRemaining() && (in.get() & 1) != 0);
        fuzz.client.start(fuzz.now);
        for (int i = 0; i < MAX_STEPS && in.hasRemaining(); i++) {
            fuzz.step(in);
            fuzz.check();
        }
        fuzz.client.close(fuzz.now);
        require(fuzz.client.nextDeadlineNs() == NO_DEADLINE && fuzz.client.lease() == null, "closed, but not over");
    }

    private void step(final ByteBuffer in) {
        final int what = in.get() & 0xFF;
        if (what < 128) {
            receive(what, in);
        } else if (what < 192) {
            pass(1L << (what - 128) % 40);
        } else if (what < 224) {
            client.checked(IpAddress.ofIpv4(ADDRESS), (what & 1) != 0, now);
        } else if (what < 240) {
            client.conflict(now);
        } else {
            checks = (what & 1) != 0;
        }
    }

    private void receive(final int what, final ByteBuffer in) {
        final byte[] bytes = new byte[Math.min(in.hasRemaining() ? in.get() & 0xFF : 0, in.remaining())];
        in.get(bytes);
        final byte[] answer = Message.answer(last, what & 7, ADDRESS).bytes();
        final byte[] message = (what & 16) != 0
                ? Arrays.copyOf(answer, Math.max(answer.length, bytes.length))
                : join(Arrays.copyOf(answer, answer.length - 1), bytes, new byte[]{(byte) DhcpOption.END});
        if ((what & 16) != 0) {
            System.arraycopy(bytes, 0, message, 0, bytes.length);
        }
        if ((what & 8) != 0) {
            message[DhcpLayout.XID] ^= 1;
        }
        client.receive((what & 32) != 0 ? Arrays.copyOf(message, bytes.length) : message, now);
    }

    private void pass(final long ms) {
        final long since = now;
        final long until = now + ms * 1_000_000;
        for (int i = 1; client.nextDeadlineNs() <= until && i <= MAX_ADVANCES; i++) {
            now = Math.max(now, client.nextDeadlineNs());
            client.advance(now);
            require(client.nextDeadlineNs() > now, "deadline=" + client.nextDeadlineNs() + " at " + now);
            require(i < FEW || now - since > i * S, "messages=" + i + " in ns=" + (now - since));
        }
        now = Math.max(now, Math.min(until, client.nextDeadlineNs() - 1));
    }

    private void check() {
        final boolean has = client.state() == DhcpState.BOUND || client.state() == DhcpState.RENEWING
                || client.state() == DhcpState.REBINDING;
        require(!has || client.lease() != null, client.state() + " without a lease");
        final boolean waits = client.state() == DhcpState.CHECKING
                || client.state() == DhcpState.BOUND && client.lease().renewAtNs() == DhcpLease.INFINITE;
        require(waits || client.nextDeadlineNs() != NO_DEADLINE, client.state() + " waits for nothing");
    }
}
