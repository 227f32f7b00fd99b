package io.netchannel.tcpip.dns;

import io.netchannel.tcpip.NetStackConfig;
import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.TestNetwork;
import io.netchannel.tcpip.TestRegion;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.wire.IpAddress;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * What a server answers, by UDP and TCP: each question is answered in the end, once.
 *
 * <pre>
 *  input: { how(8) | flags(16) | length(8) | bytes … } for each query
 *  how: 0 the query's id | 1 its question | 2 a section count of 1 for answers, 3 for authority | 4 nothing is sent
 *       5 by TCP: in two parts | 6 the connection is closed behind it | 7 the length before it is another
 * </pre>
 */
public final class DnsFuzzTarget {

    private static final int HEADER_BYTES = 12;
    private static final long STEP_NS = 250_000_000;
    private static final int MAX_STEPS = 400;
    private static final TestRegion CLIENT = new TestRegion(64, 2048, 1, 16);
    private static final TestRegion SERVER = new TestRegion(64, 2048, 1, 16);
    private static final long SCRATCH = Arena.global().allocate(2048, 8).address();
    private static final List<String> NAMES = List.of("a.test", "b.test");

    private final ByteBuffer in;
    private final List<String> results = new ArrayList<>();

    private DnsFuzzTarget(final byte[] input) {
        in = ByteBuffer.wrap(input);
    }

    public static List<byte[]> seeds() {
        final byte[] address = {(byte) 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 1};
        final byte[] address6 = {(byte) 0xC0, 12, 0, 28, 0, 1, 0, 0, 0, 60, 0, 16, (byte) 0xFD, 0, 0, 0, 0, 0, 0, 0, 0,
            0,
            0, 0, 0, 0, 0, 1};
        final byte[] alias = {(byte) 0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 4, 1, 'b', (byte) 0xC0, 14};
        final byte[] loop = {(byte) 0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 2, (byte) 0xC0, 12};
        final byte[] zone = {(byte) 0xC0, 14, 0, 6, 0, 1, 0, 0, 0, 60, 0, 26, 2, 'n', 's', (byte) 0xC0, 14, 0, 0, 0, 0,
            1, 0,
            0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 60};
        return List.of(both(answer(7, 0x8000, address), answer(7, 0x8000, address6)), answer(7, 0x8000, alias),
                answer(7, 0x8000, loop), answer(11, 0x8003, zone), answer(3, 0x8001), answer(3, 0x8004),
                both(answer(3, 0x8200), answer(7, 0x8000, address)),
                both(answer(3, 0x8200), answer(32 + 7, 0x8000, alias)),
                both(answer(3, 0x8200), answer(64 + 7, 0x8000, alias)),
                both(answer(3, 0x8200), answer(128 + 7, 0x8000)),
                answer(16, 0), answer(4, 0x8000, address));
    }

    private static byte[] answer(final int how, final int flags, final byte... bytes) {
        return ByteBuffer.allocate(4 + bytes.length).put((byte) how).putShort((short) flags).put((byte) bytes.length)
                .put(bytes).array();
    }

    private static byte[] both(final byte[] first, final byte[] second) {
        return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
    }

    public static void fuzzerTestOneInput(final byte[] input) {
        try (TestHost client = host(CLIENT, "02:00:00:00:00:01", "10.7.0.1/24");
                TestHost server = host(SERVER, "02:00:00:00:00:53", "10.7.0.53/24")) {
            new DnsFuzzTarget(input).run(client, server);
        }
    }

    private static TestHost host(final TestRegion region, final String mac, final String address) {
        return new TestHost(NetStackConfig.of(InterfaceConfig.of(mac, address)), region);
    }

    private void run(final TestHost client, final TestHost server) {
        final TestNetwork network = new TestNetwork(client, server);
        serve(server);
        try (Resolver resolver = new Resolver(client.stack(), ResolverConfig.of(List.of(IpAddress.parse("10.7.0.53"))),
                HostsFile.EMPTY, UnaryOperator.identity(), new SplittableRandom(5))) {
            for (final String name : NAMES) {
                resolver.resolve(name, AddressFamily.ANY, new Result());
            }
            for (int i = 1; results.size() < NAMES.size(); i++) {
                if (i > MAX_STEPS) {
                    throw new AssertionError("no answer, but " + results);
                }
                network.settle();
                client.time(i * STEP_NS);
                server.time(i * STEP_NS);
            }
        }
        network.settle();
        if (results.size() != NAMES.size()) {
            throw new AssertionError(results.toString());
        }
    }

    private final class Result implements DnsCallback {

        @Override
        public void onResolved(final String resolved, final List<IpAddress> addresses) {
            if (addresses.isEmpty()) {
                throw new AssertionError("resolved to nothing");
            }
            results.add(resolved);
        }

        @Override
        public void onFailed(final String failed, final DnsFailure failure) {
            results.add(failed);
        }
    }

    // -- the server

    private void serve(final TestHost host) {
        host.stack().udp().bind(0, 0, 53, (socket, high, low, port, address, lengthBytes) -> {
            final byte[] answer = answer(copy(host, address, lengthBytes));
            if (answer.length > 0) {
                host.pool().packets().memory().copyFromArray(answer, 0, SCRATCH, answer.length);
                socket.send(high, low, port, SCRATCH, answer.length);
            }
        });
        host.stack().tcp().listen(0, 0, 53, 16, flow -> new TcpHandler() {
            @Override
            public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
                answerByTcp(from, copy(host, address + 2, Math.max(0, lengthBytes - 2)));
                return lengthBytes;
            }

            @Override
            public void onPeerFinished(final TcpFlow from) {
                from.close();
            }

            @Override
            public void onClosed(final TcpFlow from, final TcpCloseReason reason) {
                // Nothing is left to do.
            }
        });
    }

    private static byte[] copy(final TestHost host, final long address, final int lengthBytes) {
        final byte[] bytes = new byte[lengthBytes];
        host.pool().packets().memory().copyToArray(address, bytes, 0, lengthBytes);
        return bytes;
    }

    private void answerByTcp(final TcpFlow to, final byte[] query) {
        final int how = in.hasRemaining() ? in.get(in.position()) : 0;
        final byte[] answer = answer(query);
        final int length = (how & 128) != 0 ? answer.length ^ 1 << (how & 15) : answer.length;
        final byte[] message = ByteBuffer.allocate(2 + answer.length).putShort((short) length).put(answer).array();
        final int first = (how & 32) != 0 ? message.length / 2 : message.length;
        to.write(message, 0, first);
        to.write(message, first, message.length - first);
        if ((how & 64) != 0) {
            to.close();
        }
    }

    private byte[] answer(final byte[] query) {
        if (in.remaining() < 4 || query.length < HEADER_BYTES + 12) {
            return new byte[0];
        }
        final int how = in.get() & 0xFF;
        final short flags = in.getShort();
        final byte[] bytes = new byte[Math.min(in.get() & 0xFF, in.remaining())];
        in.get(bytes);
        if ((how & 16) != 0) {
            return new byte[0];
        }
        final int questionBytes = (how & 2) != 0 ? 12 : 0;
        final ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + questionBytes + bytes.length);
        out.put(query[0]).put((how & 1) != 0 ? query[1] : (byte) ~query[1]).putShort(flags);
        out.putShort((short) (questionBytes == 0 ? 0 : 1)).putShort((short) (how >>> 2 & 1));
        out.putShort((short) (how >>> 3 & 1)).putShort((short) 0);
        out.put(Arrays.copyOfRange(query, HEADER_BYTES, HEADER_BYTES + questionBytes)).put(bytes);
        return out.array();
    }
}
