package io.netchannel.tcpip.icmp;

import io.netchannel.tcpip.Frame;
import io.netchannel.tcpip.Frames;
import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.TestRegion;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * ICMP messages about what the stack has sent, or about anything else.
 *
 * <pre>
 *  input: { how(8) | type(8) | code(8) | rest(32) | bytes(8) | bytes … } ...
 *  how: 0 IPv6 | 1 quotes what was sent last | 2 time passes | 3 the flow writes | 4-7 bytes of what was sent that are quoted
 * </pre>
 *
 * With a quotation the bytes are {@code offset(8) value(8)} and change it.
 */
public final class IcmpErrorFuzzTarget {

    private static final String US = "02:00:00:00:00:01";
    private static final String PEER = "02:00:00:00:00:02";
    private static final int HEAD_BYTES = 8;
    private static final int MAX_MESSAGES = 32;
    private static final long STEP_NS = 300_000_000;
    private static final TestRegion REGION = new TestRegion(64, 2048, 1, 16);
    private static final NetStackConfig CONFIG = NetStackConfig.of(InterfaceConfig.of(US, "10.7.0.1/24",
            "fd00::1/64").withGateway("10.7.0.254"));

    private final TestHost host;
    private final List<TcpFlow> flows = new ArrayList<>();
    private final List<UdpSocket> sockets = new ArrayList<>();
    private byte[] sent4 = new byte[64];
    private byte[] sent6 = new byte[64];

    private IcmpErrorFuzzTarget(final TestHost host) {
        this.host = host;
    }

    public static List<byte[]> seeds() {
        final List<byte[]> seeds = new ArrayList<>();
        for (final int code : new int[]{0, 1, 2, 3, 4, 9, 13}) {
            seeds.add(message(0xF2, 3, code, 1000));
            seeds.add(message(0xF3, 1, code, 0));
        }
        seeds.add(message(0xF3, 2, 0, 1280));
        seeds.add(message(0xF2, 11, 0, 0));
        seeds.add(message(0xF2, 12, 0, 0x0900_0000));
        seeds.add(message(0xF2, 5, 1, 0x0A07_0003));
        seeds.add(message(0xF3, 4, 1, 6));
        seeds.add(message(0xF3, 3, 1, 0));
        seeds.add(message(0x00, 8, 0, 1, 1, 2, 3, 4, 5));
        seeds.add(message(0x01, 128, 0, 1, 1, 2, 3, 4, 5));
        seeds.add(message(0xFE, 3, 4, 68, 9, 17, 0, 0x46));
        return seeds;
    }

    private static byte[] message(final int how, final int type, final int code, final int rest, final int... bytes) {
        final ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + bytes.length).put((byte) how).put((byte) type)
                .put((byte) code).putInt(rest).put((byte) bytes.length);
        for (final int b : bytes) {
            out.put((byte) b);
        }
        return out.array();
    }

    public static void fuzzerTestOneInput(final byte[] input) {
        final ByteBuffer in = ByteBuffer.wrap(input);
        try (TestHost host = new TestHost(CONFIG, REGION)) {
            final IcmpErrorFuzzTarget fuzz = new IcmpErrorFuzzTarget(host);
            fuzz.open("10.7.0.2");
            fuzz.open("fd00::2");
            fuzz.open("10.9.0.9");
            for (int i = 0; i < MAX_MESSAGES && in.remaining() >= HEAD_BYTES; i++) {
                fuzz.step(in);
            }
        }
    }

    private void open(final String peer) {
        final IpAddress address = IpAddress.parse(peer);
        final IpAddress hop = peer.startsWith("10.9") ? IpAddress.parse("10.7.0.254") : address;
        host.stack().neighbors().onSolicitationSource(host.stack().neighbors().findOrCreate(hop.high(), hop.low()),
                0x0200_0000_0002L, host.nowNs());
        final TcpFlow flow = host.stack().tcp().connect(address.high(), address.low(), 80, new TcpHandler() {
            @Override
            public int onReceive(final TcpFlow from, final long at, final int lengthBytes) {
                return lengthBytes;
            }

            @Override
            public void onPeerFinished(final TcpFlow from) {
                from.close();
            }

            @Override
            public void onClosed(final TcpFlow from, final TcpCloseReason reason) {
                flows.remove(from);
            }
        });
        flows.add(flow);
        sockets.add(host.stack().udp().connect(0, 0, 0, address.high(), address.low(), 9,
                (socket, high, low, port, at, length) -> {
                }));
        keep(host.poll(host.nowNs()));
        answerSyn(address.isIpv4());
    }

    private void keep(final List<Frame> frames) {
        for (final Frame frame : frames) {
            if (frame.type() == 0x0800) {
                sent4 = Frames.slice(frame.bytes(), 14, frame.bytes().length);
            } else if (frame.type() == 0x86DD) {
                sent6 = Frames.slice(frame.bytes(), 14, frame.bytes().length);
            }
        }
    }

    private void answerSyn(final boolean ipv4) {
        final byte[] syn = ipv4 ? sent4 : sent6;
        final int at = ipv4 ? 20 : 40;
        if (syn.length < at + 20) {
            return;
        }
        final byte[] segment = Frames.concat(Frames.slice(syn, at + 2, at + 4), Frames.slice(syn, at, at + 2),
                Frames.shorts(0, 1), new byte[4], Frames.shorts(0x5012, 65_535, 0, 0));
        ByteBuffer.wrap(segment).putInt(8, Frames.getInt(syn, at + 4) + 1);
        final String us = ipv4 ? "10.7.0.1" : "fd00::1";
        final String from = ipv4 ? IpAddress.ofIpv4(Frames.getInt(syn, 16)).toString() : "fd00::2";
        Frames.putShort(segment, 16, ~Frames.pseudoSum(from, us, Frames.TCP, segment) & 0xFFFF);
        keep(host.receive(Frames.ethernet(US, PEER, ipv4 ? 0x0800 : 0x86DD,
                ipv4 ? Frames.ipv4(from, us, Frames.TCP, segment) : Frames.ipv6(from, us, Frames.TCP, 64, segment))));
    }

    private void step(final ByteBuffer in) {
        final int how = in.get() & 0xFF;
        final int type = in.get() & 0xFF;
        final int code = in.get() & 0xFF;
        final int rest = in.getInt();
        final byte[] bytes = new byte[Math.min(in.get() & 0xFF, in.remaining())];
        in.get(bytes);
        if ((how & 8) != 0) {
            write();
        }
        final boolean ipv6 = (how & 1) != 0;
        final byte[] body = (how & 2) != 0 ? quoted(ipv6 ? sent6 : sent4, how >>> 4, bytes) : bytes;
        keep(host.receive(Frames.ethernet(US, PEER, ipv6 ? 0x86DD : 0x0800, ipv6
                ? Frames.ipv6("fd00::fe", "fd00::1", Frames.ICMPV6, 255, Frames.icmpv6("fd00::fe", "fd00::1", type,
                        code, rest, body))
                : Frames.ipv4("10.7.0.254", "10.7.0.1", Frames.ICMP, Frames.icmpv4(type, code, rest, body)))));
        if ((how & 4) != 0) {
            keep(host.pollUntil(host.nowNs() + STEP_NS));
        }
    }

    private void write() {
        for (final TcpFlow flow : List.copyOf(flows)) {
            flow.write(new byte[3000], 0, 3000);
        }
        for (final UdpSocket socket : sockets) {
            final long at = socket.reserve(900);
            if (at != 0) {
                socket.commit(900);
            }
        }
        keep(host.poll(host.nowNs()));
    }

    private static byte[] quoted(final byte[] packet, final int units, final byte[] changes) {
        final byte[] quoted = Frames.slice(packet, 0, Math.min(packet.length, 1200));
        for (int i = 0; i + 1 < changes.length; i += 2) {
            quoted[(changes[i] & 0xFF) % quoted.length] = changes[i + 1];
        }
        return units == 15 ? quoted : Frames.slice(quoted, 0, Math.min(quoted.length, units * 4));
    }
}
