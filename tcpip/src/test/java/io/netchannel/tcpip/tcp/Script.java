package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.flow.FlowKey;
import java.util.ArrayDeque;
import java.util.function.UnaryOperator;

/**
 * A stack under test and a peer that is played by the test, segment by segment, in virtual time.
 *
 * <p>Sequence numbers of the peer are absolute; those of the stack are compared relative to its ISN: the SYN is 0.
 */
final class Script implements AutoCloseable {

    static final long MS = 1_000_000;
    static final long SECOND = 1_000 * MS;
    /** Timers are up to one tick of the wheel late. */
    static final long TICK = 1 << 16;
    static final long LOCAL = FlowKey.v4Mapped(0x0A000001);
    static final long REMOTE = FlowKey.v4Mapped(0x0A000002);
    static final int PORT = 7;
    static final int PEER_PORT = 40_000;
    static final int PEER_ISN = 0xFFFF_FF00;

    final TestHost host;
    final TcpStack stack;
    final ArrayDeque<Seg> out = new ArrayDeque<>();
    final RecordingHandler handler = new RecordingHandler();
    long nowNs = SECOND;
    int isn;
    /** The next sequence number of the peer. */
    int peerSeq = PEER_ISN;
    int localPort = PORT;
    int remotePort = PEER_PORT;
    TcpFlow flow;
    TcpListener listener;
    /** Applied to each segment that is injected. */
    UnaryOperator<Seg> decorate = UnaryOperator.identity();

    Script(final TcpConfig config) {
        this(TestHost.Setup.plain(), config);
    }

    Script(final TestHost.Setup setup, final TcpConfig config) {
        this(new TestHost(setup, config, 0, LOCAL, 42));
    }

    Script(final TestHost host) {
        this.host = host;
        stack = host.stack;
        host.wire = (from, path, segment, gsoSize) -> out.add(Seg.parse(segment, gsoSize));
        host.turn(nowNs);
    }

    /** Without timestamps and window scaling, so that scripts are simple. */
    static TcpConfig simple() {
        return TcpConfig.defaults().with(TcpSetting.TIMESTAMPS, false).with(TcpSetting.WINDOW_SCALING, false)
                .with(TcpSetting.RECEIVE_BUFFER_BYTES, 65_535).with(TcpSetting.QUICK_ACKS, 0)
                .with(TcpSetting.SACK, false).with(TcpSetting.BUFFER_AUTOTUNING, false);
    }

    // -- time

    void turn() {
        host.turn(nowNs);
        host.complete();
    }

    /** Lets time pass, turn by turn at each deadline. */
    void advance(final long ns) {
        final long until = nowNs + ns;
        turn();
        while (host.timers.nextDeadlineNs() <= until) {
            nowNs = Math.max(nowNs, host.timers.nextDeadlineNs());
            turn();
        }
        nowNs = until;
        turn();
    }

    /** Lets time pass until something is sent. @return how long it took */
    long untilSent(final long limitNs) {
        final long start = nowNs;
        while (out.isEmpty() && host.timers.nextDeadlineNs() <= start + limitNs) {
            nowNs = Math.max(nowNs, host.timers.nextDeadlineNs());
            turn();
        }
        return nowNs - start;
    }

    // -- segments

    /** A segment comes in; what is due because of it goes out. */
    void in(final Seg seg) {
        inBurst(seg);
        turn();
    }

    /** A segment comes in, and others of its burst follow. */
    void inBurst(final Seg seg) {
        seg.sourcePort = remotePort;
        seg.destinationPort = localPort;
        assertThat(host.receive(decorate.apply(seg).bytes(), seg.gsoSize, 0, REMOTE, nowNs)).isTrue();
    }

    /**
     * The next segment sent, whose flags are these and whose numbers relative to the stack's ISN and absolute are
     * these.
     */
    Seg expect(final int flags, final int relativeSequence, final int acknowledgment, final int lengthBytes) {
        final Seg seg = next();
        assertThat(TcpHeader.flagsText(seg.flags & ~PSH)).as("flags of %s", seg).isEqualTo(TcpHeader.flagsText(flags));
        assertThat(seg.sequence - isn).as("sequence of %s", seg).isEqualTo(relativeSequence);
        if ((flags & ACK) != 0) {
            assertThat(seg.acknowledgment).as("acknowledgment of %s", seg).isEqualTo(acknowledgment);
        }
        assertThat(seg.payload.length).as("length of %s", seg).isEqualTo(lengthBytes);
        return seg;
    }

    Seg next() {
        assertThat(out).as("sent segments").isNotEmpty();
        return out.poll();
    }

    void expectNothing() {
        assertThat(out).as("sent segments").isEmpty();
    }

    /** ACK of the peer for what the stack has sent, relative to the stack's ISN. */
    Seg ack(final int relative) {
        return Seg.of(ACK, peerSeq, isn + relative);
    }

    /** ACK with SACK blocks, relative to the stack's ISN. */
    Seg sack(final int relative, final int... bounds) {
        final int[] absolute = new int[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            absolute[i] = isn + bounds[i];
        }
        return ack(relative).sack(absolute);
    }

    /** Data of the peer, next in order. */
    Seg data(final int lengthBytes) {
        final Seg seg = Seg.of(ACK, peerSeq, isn + 1).data(lengthBytes);
        peerSeq += lengthBytes;
        return seg;
    }

    // -- beginnings

    /** The stack listens, the peer connects. */
    Script accept() {
        return accept(syn -> syn.mss(1460));
    }

    Script accept(final UnaryOperator<Seg> synOptions) {
        listen();
        in(synOptions.apply(Seg.of(SYN, peerSeq, 0)));
        peerSeq++;
        final Seg synAck = next();
        isn = synAck.sequence;
        assertThat(synAck.acknowledgment).isEqualTo(peerSeq);
        in(ack(1));
        assertThat(handler.events).containsExactly("connected");
        flow = handler.flow;
        expectNothing();
        return this;
    }

    void listen() {
        listener = stack.listen(0, 0, PORT, 16, accepted -> handler);
    }

    /** The stack connects, the peer listens. */
    Script connect() {
        return connect(syn -> syn.mss(1460));
    }

    Script connect(final UnaryOperator<Seg> synAckOptions) {
        startConnect();
        in(synAckOptions.apply(Seg.of(SYN | ACK, peerSeq++, isn + 1)));
        expect(ACK, 1, peerSeq, 0);
        assertThat(handler.events).containsExactly("connected");
        return this;
    }

    Seg startConnect() {
        remotePort = 80;
        flow = stack.connect(0, REMOTE, remotePort, handler);
        turn();
        final Seg syn = next();
        assertThat(TcpHeader.flagsText(syn.flags & ~(ECE | CWR))).isEqualTo("S");
        isn = syn.sequence;
        localPort = syn.sourcePort;
        return syn;
    }

    /** Writes bytes whose values follow from their sequence numbers relative to the ISN. */
    int write(final int relativeSequence, final int lengthBytes) {
        final byte[] bytes = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            bytes[i] = Seg.pattern(relativeSequence + i);
        }
        return flow.write(bytes, 0, lengthBytes);
    }

    long count(final TcpCounter counter) {
        return stack.counters().get(counter);
    }

    TcpConnection connection() {
        return ((ApplicationFlow) flow).connection();
    }

    @Override
    public void close() {
        host.closeAndCheck();
        host.close();
    }
}
