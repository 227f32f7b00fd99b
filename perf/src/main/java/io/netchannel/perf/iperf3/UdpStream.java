package io.netchannel.perf.iperf3;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.sched.Timer;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.udp.UdpHandler;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.NetworkOrder;
import java.util.function.Consumer;

/**
 * A stream of datagrams. Each begins with its time and number:
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------------------------------+
 *   |                            seconds                            |
 *   +---------------------------------------------------------------+
 *   |                         microseconds                          |
 *   +---------------------------------------------------------------+
 *   |           number, from 1; eight bytes if so agreed            |
 *   +---------------------------------------------------------------+
 * </pre>
 *
 * <p>Threading: on its socket's loop.
 */
final class UdpStream extends DataStream implements UdpHandler {

    private static final int MICROSECONDS_OFFSET = 4;
    private static final int NUMBER_OFFSET = 8;
    private static final int HEADER_BYTES = 12;
    private static final int WIDE_HEADER_BYTES = 16;
    private static final int MAX_BATCH = 64;
    private static final long RETRY_NS = 50_000L;
    /** A client's greeting that is not answered is repeated; iperf3 waits 30 s in all. */
    private static final long GREETING_NS = 1_000_000_000L;
    private static final int GREETINGS = 30;
    private static final double NS_PER_SECOND = 1e9;
    private static final double JITTER_GAIN = 1 / 16.0;

    private final Pacer pacer;
    private final Timer wake = new Wake();
    private final Consumer<UdpStream> whenConnected;
    private UdpSocket socket;
    private int greetings;
    private boolean connected;

    private long packets;
    private long packetsBefore;
    private long lost;
    private long outOfOrder;
    private double jitterSeconds;
    private double lastTransitSeconds;
    private boolean any;

    /** @param whenConnected of a client: given the stream when the server has answered, or null if it has not */
    UdpStream(final LoopContext loop, final TestRun run, final Consumer<UdpStream> whenConnected) {
        super(loop, run);
        this.pacer = new Pacer(parameters.bitsPerSecond(), parameters.burst());
        this.whenConnected = whenConnected;
    }

    /** @throws RuntimeException if there is no route or no port */
    void connect(final long localHigh, final long localLow, final int localPort, final long remoteHigh,
            final long remoteLow, final int remotePort) {
        socket = loop.stack().udp().connect(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort, this);
        socket.coalescing(true);
        socket.trafficClass(parameters.trafficClass());
        ends = new Ends(socket.localHigh(), socket.localLow(), socket.localPort(), remoteHigh, remoteLow, remotePort);
    }

    /** A client's first word. */
    void greet() {
        if (greetings++ == GREETINGS) {
            whenConnected.accept(null);
            return;
        }
        say(State.UDP_CONNECT);
        loop.timers().schedule(wake, loop.nowNs() + GREETING_NS);
    }

    /** A server's answer. */
    void answer() {
        say(State.UDP_REPLY);
    }

    private void say(final int word) {
        NetworkOrder.putInt(HostMemory.INSTANCE, payload(), word);
        socket.send(payload(), Integer.BYTES);
    }

    @Override
    void begin() {
        running = true;
        if (sends) {
            restart();
            pump();
        }
    }

    @Override
    void restart() {
        bytes = 0;
        lost = 0;
        outOfOrder = 0;
        packetsBefore = packets;
        pacer.start(loop.nowNs());
    }

    // -- out

    private void pump() {
        if (!running || !socket.isOpen()) {
            return;
        }
        final int length = parameters.blockBytes();
        final int batch = socket.isConnected() && length <= socket.maxUnfragmentedBytes()
                ? Math.clamp(PAYLOAD_BYTES / length, 1, MAX_BATCH)
                : 1;
        int count = 0;
        while (count < batch && !run.quota().isExhausted()
                && pacer.permits(bytes + (long) count * length, loop.nowNs())) {
            stamp(payload() + (long) count * length, packets + count + 1);
            count++;
        }
        if (count > 0) {
            final int sent = batch == 1
                    ? socket.send(payload(), length)
                    : socket.sendSegmented(payload(), count * length, length);
            if (sent < 0) {
                loop.timers().schedule(wake, loop.nowNs() + RETRY_NS);
                return;
            }
            bytes += sent;
            packets += sent / length;
            run.used(sent);
        }
        if (run.quota().isExhausted()) {
            return;
        }
        if (count == 0 || pacer.isLimited()) {
            loop.timers().schedule(wake, pacer.nextNs(bytes, loop.nowNs()));
        } else {
            // Without limit; but what has come goes first.
            loop.execute(this::pump);
        }
    }

    private void stamp(final long address, final long number) {
        final long nowNs = loop.nowNs();
        final OrderedMemory memory = HostMemory.INSTANCE;
        NetworkOrder.putInt(memory, address, (int) (nowNs / 1_000_000_000L));
        NetworkOrder.putInt(memory, address + MICROSECONDS_OFFSET, (int) (nowNs % 1_000_000_000L / 1_000));
        if (parameters.wideCounters()) {
            NetworkOrder.putInt(memory, address + NUMBER_OFFSET, (int) (number >>> Integer.SIZE));
            NetworkOrder.putInt(memory, address + NUMBER_OFFSET + Integer.BYTES, (int) number);
        } else {
            NetworkOrder.putInt(memory, address + NUMBER_OFFSET, (int) number);
        }
    }

    // -- in

    @Override
    public void onDatagram(final UdpSocket from, final long remoteHigh, final long remoteLow, final int remotePort,
            final long address, final int lengthBytes) {
        if (!connected && whenConnected != null && lengthBytes == Integer.BYTES) {
            final int word = NetworkOrder.getInt(HostMemory.INSTANCE, address);
            if (word == State.UDP_REPLY || word == State.UDP_REPLY_LEGACY) {
                connected = true;
                loop.timers().cancel(wake);
                whenConnected.accept(this);
            }
            return;
        }
        if (counts()) {
            bytes += lengthBytes;
            run.used(lengthBytes);
            if (lengthBytes >= (parameters.wideCounters() ? WIDE_HEADER_BYTES : HEADER_BYTES)) {
                count(address);
            }
        }
    }

    private void count(final long address) {
        final OrderedMemory memory = HostMemory.INSTANCE;
        final long word = Integer.toUnsignedLong(NetworkOrder.getInt(memory, address + NUMBER_OFFSET));
        final long number = parameters.wideCounters()
                ? word << Integer.SIZE
                        | Integer.toUnsignedLong(NetworkOrder.getInt(memory, address + NUMBER_OFFSET + Integer.BYTES))
                : word;
        if (number > packets) {
            lost += number - packets - 1;
            packets = number;
        } else {
            outOfOrder++;
            lost = Math.max(0, lost - 1);
        }
        final double sentSeconds = Integer.toUnsignedLong(NetworkOrder.getInt(memory, address))
                + Integer.toUnsignedLong(NetworkOrder.getInt(memory, address + MICROSECONDS_OFFSET)) / 1e6;
        // RFC 1889, A.8: the clocks need not agree.
        final double transit = loop.nowNs() / NS_PER_SECOND - sentSeconds;
        if (any) {
            jitterSeconds += (Math.abs(transit - lastTransitSeconds) - jitterSeconds) * JITTER_GAIN;
        }
        any = true;
        lastTransitSeconds = transit;
    }

    @Override
    StreamSample sample() {
        return running
                ? new StreamSample(bytes, 0, 0, 0, 0, 0, 0, packets - packetsBefore, lost, outOfOrder, jitterSeconds)
                : latest;
    }

    @Override
    void close() {
        loop.timers().cancel(wake);
        if (socket != null) {
            socket.close();
        }
    }

    @Override
    void abort() {
        close();
    }

    private final class Wake extends Timer {

        @Override
        protected void expire(final long nowNs) {
            if (whenConnected != null && !connected) {
                greet();
            } else {
                pump();
            }
        }
    }
}
