package io.netchannel.tcpip.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Bulk transfers both ways at once over bad networks: every byte arrives, everything closes, every buffer comes back.
 */
class TransferTest {

    private static final int SEEDS = 300;
    private static final long HOUR_NS = 3_600_000_000_000L;

    /** Sends its bytes, checks the peer's, closes in its own way. */
    private static final class Peer implements TcpHandler {
        private final Random random;
        private final long contentSeed;
        private final long peerContentSeed;
        private final int totalBytes;
        private final boolean slow;
        TcpFlow flow;
        int sent;
        int received;
        boolean peerFinished;
        TcpCloseReason reason;
        String trouble;
        private boolean hungry = true;
        // Has stopped writing of its own will: nobody will ask it to go on.
        private boolean resting;

        Peer(final long seed, final long contentSeed, final long peerContentSeed, final int totalBytes,
                final boolean slow) {
            this.random = new Random(seed);
            this.contentSeed = contentSeed;
            this.peerContentSeed = peerContentSeed;
            this.totalBytes = totalBytes;
            this.slow = slow;
        }

        private static byte content(final long seed, final int position) {
            final long mixed = (seed + position) * 0x9E37_79B9_7F4A_7C15L;
            return (byte) (mixed >>> 56);
        }

        @Override
        public void onConnected(final TcpFlow connected) {
            flow = connected;
            send();
        }

        private void send() {
            while (sent < totalBytes) {
                final int wanted = Math.min(1 + random.nextInt(20_000), totalBytes - sent);
                final int done = random.nextBoolean() ? sendInPlace(wanted) : sendCopy(wanted);
                sent += done;
                if (done < wanted && flow.contiguousWritableBytes() == 0) {
                    return;
                }
                if (random.nextInt(8) == 0 && sent < totalBytes) {
                    resting = true;
                    return;
                }
            }
            flow.shutdownOutput();
        }

        private int sendInPlace(final int wanted) {
            final int bytes = Math.min(wanted, flow.contiguousWritableBytes());
            if (bytes > 0) {
                final long address = flow.writeAddress();
                for (int i = 0; i < bytes; i++) {
                    HostMemory.INSTANCE.putByte(address + i, content(contentSeed, sent + i));
                }
                flow.commitWrite(bytes);
            }
            return bytes;
        }

        private int sendCopy(final int wanted) {
            final byte[] bytes = new byte[Math.min(wanted, flow.writableBytes() + 1)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = content(contentSeed, sent + i);
            }
            return flow.write(bytes, 0, bytes.length);
        }

        @Override
        public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
            if (!hungry) {
                trouble = "called while paused";
            }
            final int taken = slow && random.nextInt(4) == 0 ? random.nextInt(lengthBytes + 1) : lengthBytes;
            for (int i = 0; i < taken; i++) {
                if (HostMemory.INSTANCE.getByte(address + i) != content(peerContentSeed, received + i)) {
                    trouble = "wrong byte at " + (received + i);
                }
            }
            received += taken;
            hungry = taken == lengthBytes;
            return taken;
        }

        /** Called every now and then. */
        void poke() {
            if (flow == null || reason != null) {
                return;
            }
            if (!hungry && (!slow || random.nextInt(8) == 0)) {
                hungry = true;
                flow.resumeReceive();
            }
            if (resting) {
                resting = false;
                send();
            }
        }

        @Override
        public void onPeerFinished(final TcpFlow from) {
            peerFinished = true;
        }

        @Override
        public void onWritable(final TcpFlow to) {
            send();
        }

        @Override
        public void onClosed(final TcpFlow closed, final TcpCloseReason why) {
            reason = why;
        }

        @Override
        public void onFailure(final TcpFlow from, final RuntimeException failure) {
            throw failure;
        }
    }

    @Test
    void shouldDeliverEveryByteOverBadNetworks() {
        for (long seed = 0; seed < SEEDS; seed++) {
            transfer(seed, true);
        }
    }

    @Test
    void shouldDeliverEveryByteWithoutSelectiveAcknowledgments() {
        for (long seed = 0; seed < SEEDS; seed++) {
            transfer(seed, false);
        }
    }

    private static void transfer(final long seed, final boolean sack) {
        final Random random = new Random(seed * 7919 + 13);
        final boolean slow = random.nextInt(3) == 0;
        try (TestNet net = new TestNet(seed, setup(random), config(random, sack), setup(random),
                config(random, sack), random.nextInt(4) == 0)) {
            net.impairment = TestNet.Impairment.random(random, 100);
            net.cut = random.nextInt(3) != 0;
            net.burst = 1 + random.nextInt(64);
            if (random.nextInt(4) == 0) {
                net.a.space = 1 + random.nextInt(8);
            }
            net.a.hints = random.nextBoolean();
            final Peer client = new Peer(seed, 1, 2, random.nextInt(200_000), slow && random.nextBoolean());
            final Peer server = new Peer(seed + 1, 2, 1, random.nextInt(200_000), slow);
            net.b.stack.listen(0, 0, 80, 4, accepted -> server);
            client.flow = net.a.stack.connect(net.b.addressHigh, net.b.addressLow, 80, client);
            run(net, client, server);
            final String state = "seed " + seed + ": " + describe("client", client, net.a) + ", "
                    + describe("server", server, net.b) + " at " + net.nowNs / 1e9 + " s, " + net.impairment;
            assertThat(client.trouble).as(state).isNull();
            assertThat(server.trouble).as(state).isNull();
            if (client.reason == TcpCloseReason.TIMED_OUT && server.flow == null) {
                // No SYN came through.
                return;
            }
            assertThat(server.received).as(state).isEqualTo(client.totalBytes);
            assertThat(client.received).as(state).isEqualTo(server.totalBytes);
            assertThat(client.peerFinished && server.peerFinished).as(state).isTrue();
            assertThat(client.reason).as(state).isEqualTo(TcpCloseReason.FINISHED);
            assertThat(server.reason).as(state).isEqualTo(TcpCloseReason.FINISHED);
            if (!slow) {
                // With nobody dawdling, a minute means that somebody waited for what could not come.
                assertThat(net.nowNs).as(state).isLessThan(60_000_000_000L);
            }
            net.a.complete();
            net.b.complete();
            net.a.pool.checkNoLeaks();
            net.b.pool.checkNoLeaks();
            assertThat(net.a.stack.connections() + net.b.stack.connections()).as(state).isZero();
            net.closeAndCheck();
        } catch (final RuntimeException | AssertionError failed) {
            throw new AssertionError("seed " + seed + ": " + failed.getMessage(), failed);
        }
    }

    private static void run(final TestNet net, final Peer client, final Peer server) {
        final long until = net.nowNs + HOUR_NS;
        while (net.nowNs < until && (client.reason == null || server.reason == null)) {
            final boolean alive = net.step();
            client.poke();
            server.poke();
            if (!alive) {
                // Time goes on for applications that dawdle.
                net.nowNs += 1_000_000;
            }
        }
    }

    private static TestHost.Setup setup(final Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> TestHost.Setup.offloading();
            case 1 -> TestHost.Setup.offloading().withBuffers(512, 8192);
            case 2 -> TestHost.Setup.plain().withBuffers(256 + random.nextInt(1000), 2048);
            default -> TestHost.Setup.plain();
        };
    }

    private static TcpConfig config(final Random random, final boolean sack) {
        TcpConfig config = TcpConfig.defaults().with(TcpSetting.TIMESTAMPS, random.nextInt(3) != 0)
                .with(TcpSetting.WINDOW_SCALING, random.nextInt(4) != 0).with(TcpSetting.NAGLE, random.nextBoolean());
        if (random.nextInt(3) == 0) {
            config = config.with(TcpSetting.RECEIVE_BUFFER_BYTES, 4096 << random.nextInt(5));
        }
        if (random.nextInt(3) == 0) {
            config = config.with(TcpSetting.SEND_BUFFER_BYTES, 4096 << random.nextInt(5));
        }
        if (random.nextInt(6) == 0) {
            config = config.with(TcpSetting.MAX_RECEIVE_BUFFERS, 20);
        }
        return config.with(TcpSetting.SACK, sack).with(TcpSetting.PACING, random.nextInt(4) == 0);
    }

    private static String describe(final String name, final Peer application, final TestHost host) {
        return name + " sent " + application.sent + "/" + application.totalBytes + " received " + application.received
                + " finished=" + application.peerFinished + " closed=" + application.reason + " state="
                + (application.flow == null ? null : application.flow.state()) + " " + host.stack.counters();
    }
}
