package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.TestRegion;
import io.netchannel.tcpip.icmp.TransportError;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

/**
 * A stack whose application and whose peer do as {@code random} says: mostly near to what would be right, so that it
 * gets far. After each step it checks what must always hold.
 */
final class Hostile implements AutoCloseable {

    /** More turns than a second of virtual time can need: whoever takes them never rests. */
    private static final int MAX_TURNS = 20_000;
    private static final int MAX_WORK_TURNS = 1_000;
    /** Turns in which time stands still. */
    private static final int MAX_IDLE_TURNS = 4;

    private final Random random;
    private final Script s;
    private final Set<TcpState> seen = EnumSet.noneOf(TcpState.class);
    private final SentBytes sent = new SentBytes();
    private int checkedBytes;
    private boolean unreadDiscarded;

    /** @param host with nothing on it yet */
    static Hostile on(final TestHost.Setup setup, final TestRegion region, final Random random) {
        return new Hostile(new TestHost(setup, region, config(random), 0, LOCAL, 42), random);
    }

    private Hostile(final TestHost host, final Random random) {
        this.random = random;
        s = new Script(host);
        s.nowNs += random.nextInt(256) * 3_906_250L;
        if (random.nextBoolean()) {
            s.startConnect();
        } else {
            s.listen();
            if (random.nextInt(4) == 0) {
                s.listener.deferAcceptNs(SECOND);
            }
            s.in(options(Seg.of(SYN | (random.nextBoolean() ? ECE | CWR : 0), s.peerSeq, 0)));
            s.isn = s.next().sequence;
        }
    }

    private static TcpConfig config(final Random random) {
        final int bits = random.nextInt(256);
        return TcpConfig.defaults().with(TcpSetting.TIMESTAMPS, (bits & 1) != 0)
                .with(TcpSetting.WINDOW_SCALING, (bits & 2) != 0)
                .with(TcpSetting.SACK, (bits & 4) != 0)
                .with(TcpSetting.RFC1337, (bits & 8) != 0)
                .with(TcpSetting.ABORT_ON_OVERFLOW, (bits & 16) != 0)
                .with(TcpSetting.MAX_RECEIVE_BUFFERS, (bits & 32) != 0 ? 8 : 0)
                .with(TcpSetting.INVALID_REPLY_INTERVAL_NS, (bits & 64) != 0 ? 0 : 500 * MS)
                .with(TcpSetting.BUFFER_AUTOTUNING, (bits & 128) != 0)
                .with(TcpSetting.RECEIVE_BUFFER_BYTES, 4096 << random.nextInt(6))
                .with(TcpSetting.QUICK_ACKS, random.nextInt(3)).with(TcpSetting.RETRIES, 3)
                .with(TcpSetting.SYN_RETRIES, 2).with(TcpSetting.ECN, random.nextInt(3))
                .with(TcpSetting.SYN_COOKIES, random.nextInt(3)).with(TcpSetting.MTU_PROBING, random.nextInt(3));
    }

    Set<TcpState> seen() {
        return seen;
    }

    void step() {
        switch (random.nextInt(16)) {
            case 0, 1 -> application();
            case 2 -> advance(random.nextInt(256) * 4 * MS);
            case 3 -> advance(random.nextInt(256) * random.nextInt(256) * 10 * MS);
            case 4 -> {
                s.host.space = random.nextInt(3);
                s.turn();
                s.host.space = Integer.MAX_VALUE;
            }
            case 5 -> icmpError();
            default -> {
                s.host.ecn = random.nextInt(8) == 0 ? random.nextInt(4) : 0;
                s.inBurst(segment());
            }
        }
        if (random.nextBoolean()) {
            s.turn();
        }
        if (s.flow == null) {
            s.flow = s.handler.flow;
        }
        note();
        check();
    }

    private void note() {
        if (s.flow != null) {
            seen.add(s.flow.state());
        }
        if (s.stack.timeWaiting() > 0) {
            seen.add(TcpState.TIME_WAIT);
        }
    }

    // -- what must hold

    private void check() {
        if (s.flow != null && s.flow.isOpen()) {
            final TcpSender sender = s.connection().sender();
            final boolean ordered = SeqNum.lessOrEqual(sender.una(), sender.nxt());
            if (!ordered || s.connection().receiver().unreadBytes() < 0 || sender.mssBytes() < 1) {
                throw new AssertionError("una=" + sender.una() + " nxt=" + sender.nxt()
                        + " mss=" + sender.mssBytes() + " unread=" + s.connection().receiver().unreadBytes());
            }
            checkReceived();
            if (connections() == 1) {
                for (final Seg segment : s.out) {
                    sent.check(segment);
                }
            }
        }
        if (s.handler.failure != null) {
            throw s.handler.failure;
        }
        assertThat(s.stack.receiveBudget().heldBuffers()).isBetween(0, s.host.pool.capacity());
        s.out.clear();
    }

    private int connections() {
        return Collections.frequency(s.handler.events, "connected");
    }

    /** Bytes of the peer stand for their sequence numbers. */
    private void checkReceived() {
        if (s.handler.received.size() == checkedBytes) {
            return;
        }
        final TcpReceiver receiver = s.connection().receiver();
        final byte[] received = s.handler.received.toByteArray();
        final boolean only = connections() == 1;
        final int last = receiver.next() - receiver.unreadBytes() - (receiver.finPassed() ? 1 : 0);
        for (int i = checkedBytes; i < received.length && only && !unreadDiscarded; i++) {
            if (received[i] != Seg.pattern(last - received.length + i)) {
                throw new AssertionError("byte " + i + " of " + received.length + " is not what the peer has sent");
            }
        }
        checkedBytes = received.length;
    }

    /** Lets time pass, turn by turn; each turn brings the next deadline nearer. */
    private void advance(final long ns) {
        final long until = s.nowNs + ns;
        rest();
        int turns = 0;
        int idle = 0;
        for (long next = s.host.timers.nextDeadlineNs(); next <= until; next = s.host.timers.nextDeadlineNs()) {
            s.nowNs = Math.max(s.nowNs, next);
            rest();
            final long left = s.host.timers.nextDeadlineNs();
            idle = left <= s.nowNs ? idle + 1 : 0;
            if (idle > MAX_IDLE_TURNS || ++turns > MAX_TURNS * (1 + ns / SECOND)) {
                throw new AssertionError("at " + s.nowNs + " the next deadline is " + left + ", after turns=" + turns
                        + describe());
            }
            note();
        }
        s.nowNs = until;
        rest();
    }

    private String describe() {
        final StringBuilder text = new StringBuilder();
        s.stack.describe(entry -> text.append(' ').append(entry));
        return text.toString();
    }

    /** Turns until all that is due is done. */
    private void rest() {
        s.turn();
        for (int turns = 0; s.stack.hasWork(); turns++) {
            if (turns > MAX_WORK_TURNS) {
                throw new AssertionError("there is always more work");
            }
            s.turn();
        }
    }

    // -- the application

    private void application() {
        if (s.flow == null || !s.flow.isOpen()) {
            return;
        }
        switch (random.nextInt(16)) {
            case 0 -> s.flow.shutdownOutput();
            case 1 -> {
                if (random.nextInt(4) == 0) {
                    s.flow.close();
                }
            }
            case 2 -> s.flow.keepAlive(random.nextBoolean());
            case 3 -> s.handler.appetite = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(3000);
            case 4 -> s.flow.resumeReceive();
            case 5 -> s.flow.lingerNs(random.nextInt(3) - 1);
            case 6 -> s.flow.finWait2Ns(random.nextInt(3) - 1 > 0 ? SECOND : random.nextInt(2) - 1);
            case 7 -> {
                unreadDiscarded = true;
                s.flow.shutdownInput();
            }
            case 8 -> s.flow.maxSegmentBytes(random.nextInt(1460));
            case 9 -> s.flow.userTimeoutNs(random.nextInt(4) * SECOND);
            case 10 -> s.flow.cork(random.nextBoolean());
            default -> s.write(1, random.nextInt(16) * 333);
        }
    }

    // -- the network

    private void icmpError() {
        final TcpConnection connection = s.flow == null || !s.flow.isOpen() ? null : s.connection();
        final int una = connection == null ? s.isn : connection.sender().una();
        final TransportError[] errors = TransportError.values();
        s.stack.onTransportError(errors[random.nextInt(errors.length)], 0, LOCAL, s.localPort, 0, REMOTE, s.remotePort,
                una + random.nextInt(4) * 1000 - 1000, random.nextInt(65_536), s.nowNs);
    }

    private Seg segment() {
        final TcpConnection connection = s.flow == null ? null : s.connection();
        final int next = connection == null ? s.peerSeq + 1 : connection.receiver().next();
        final int una = connection == null ? s.isn + 1 : connection.sender().una();
        final int max = connection == null ? s.isn + 1 : connection.sender().nxt();
        final int how = random.nextInt(256);
        final int sequence = switch (how & 7) {
            case 0 -> next + random.nextInt(8192) - 3000;
            case 1 -> next + random.nextInt(16) * 500 - 1000;
            case 2 -> how == 2 ? random.nextInt() : next - 1;
            default -> next;
        };
        final int ack = switch (how >>> 3 & 7) {
            case 0 -> una + random.nextInt(16_384) - 5000;
            case 1 -> una + random.nextInt(Math.max(1, max - una) + 1);
            case 2, 3 -> max;
            case 4 -> how >>> 6 == 0 ? random.nextInt() : una - 1;
            default -> una;
        };
        final int flags = switch (how >>> 6) {
            case 0 -> random.nextInt(256);
            case 1 -> random.nextInt(4) == 0 ? FIN | ACK : random.nextInt(8) == 0 ? RST : ACK | PSH;
            default -> ACK;
        };
        return decorated(Seg.of(flags, sequence, ack), una, max);
    }

    private Seg decorated(final Seg seg, final int una, final int max) {
        final int how = random.nextInt(256);
        if ((how & 1) != 0 && !seg.has(SYN)) {
            seg.data((how & 2) != 0 ? 500 : random.nextInt(1400));
            if ((how & 0xE0) == 0) {
                seg.gsoSize = 1 + random.nextInt(65_535);
            }
        }
        seg.window(switch (how >>> 2 & 3) {
            case 0 -> random.nextInt(65_536);
            case 1 -> random.nextInt(4) == 0 ? 0 : random.nextInt(256);
            default -> 65_535;
        });
        if ((how & 0x10) != 0) {
            seg.timestamps(1000 + random.nextInt(4), random.nextInt(8) == 0 ? random.nextInt() : 0);
        }
        if (seg.has(SYN)) {
            return options(seg);
        }
        if ((how & 0x60) == 0x60) {
            sack(seg, una, max);
        } else if ((how & 0x60) == 0x40 && random.nextInt(4) == 0) {
            final int[] junk = new int[random.nextInt(6) * 4];
            for (int i = 0; i < junk.length; i++) {
                junk[i] = random.nextInt(256);
            }
            seg.option(junk);
        }
        return seg;
    }

    private Seg options(final Seg syn) {
        final int which = random.nextInt(256);
        if ((which & 1) != 0) {
            syn.mss(random.nextInt(65_536));
        }
        if ((which & 2) != 0) {
            syn.scale(random.nextInt(16));
        }
        if ((which & 4) != 0) {
            syn.option(1, 1, OPTION_SACK_PERMITTED, 2);
        }
        return (which & 8) != 0 && !syn.timestamps ? syn.timestamps(1000, 0) : syn;
    }

    private void sack(final Seg seg, final int una, final int max) {
        final int blocks = 1 + random.nextInt(3);
        seg.option(1, 1, OPTION_SACK, 2 + 8 * blocks);
        int start = una;
        for (int i = 0; i < blocks; i++) {
            start = switch (random.nextInt(8)) {
                case 0 -> una + random.nextInt(16_384) - 2000;
                case 1 -> una - 500;
                case 2 -> max - random.nextInt(1500);
                default -> start + random.nextInt(4) * 730;
            };
            final int end = switch (random.nextInt(8)) {
                case 0 -> random.nextInt();
                case 1 -> max;
                default -> start + random.nextInt(4) * 730;
            };
            number(seg, start);
            number(seg, end);
            start = end;
        }
    }

    private static void number(final Seg seg, final int value) {
        seg.option(value >>> 24, value >>> 16 & 0xFF, value >>> 8 & 0xFF, value & 0xFF);
    }

    /** Closes the stack, and fails if a buffer is left. */
    @Override
    public void close() {
        s.host.closeAndCheck();
        check();
    }
}
