package io.netchannel.tcpip.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.SharedPages;
import io.netchannel.tcpip.tcp.TestNet.Impairment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Parts of pages on a bad network, among other bytes: they arrive as they were shown, and whatever ends the flow gives them back. */
final class PageTransferTest {

    private static final int PORT = 80;
    private static final int PAGES = 64;
    private static final int TOTAL_BYTES = 200_000;
    private static final int SEEDS = 25;
    private static final long SECOND_NS = 1_000_000_000L;

    private enum End {
        CLOSE, ABORT, PEER_ABORT, STACK_CLOSE
    }

    /** Writes until there is no room, by turns pages and bytes. */
    private static final class Writer extends RecordingHandler {

        private final SharedPages pages;
        private final TestHost host;
        private final Random random;
        private final byte[] content = new byte[TOTAL_BYTES];
        private int written;
        // The page being shown, which has come from somebody who no longer needs it: the flow alone holds what it has taken.
        private int page = SharedPages.NONE;
        private int offset;
        private int left;

        private Writer(final TestHost host, final Random random) {
            this.host = host;
            this.pages = host.packets.sharedPages();
            this.random = random;
            random.nextBytes(content);
        }

        private void begin() {
            left = Math.min(1 + random.nextInt(random.nextBoolean() ? 40 : pages.pageBytes()), TOTAL_BYTES - written);
            page = random.nextInt(4) == 0 ? SharedPages.NONE : pages.allocate();
            if (page != SharedPages.NONE) {
                offset = random.nextInt(pages.pageBytes() - left + 1);
                host.packets.memory().copyFromArray(content, written, pages.address(page) + offset, left);
            }
        }

        private void releasePage() {
            if (page != SharedPages.NONE) {
                pages.release(page);
                page = SharedPages.NONE;
            }
        }

        void pump() {
            while (flow.isOpen() && written < TOTAL_BYTES) {
                if (left == 0) {
                    begin();
                }
                final int taken = page == SharedPages.NONE
                        ? flow.write(content, written, left)
                        : flow.writePage(PacketHandle.of(page, offset, left));
                written += taken;
                offset += taken;
                left -= taken;
                if (left > 0) {
                    return;
                }
                releasePage();
            }
        }

        @Override
        public void onWritable(final TcpFlow to) {
            pump();
        }
    }

    private static TestHost.Setup setup(final Random random) {
        return new TestHost.Setup(4096, 2048, random.nextBoolean(), random.nextBoolean() ? PacketLayout.MAX_SLICES : 2,
                1, 0);
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void shouldArriveAsShownAndComeBack(final End end) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                transfer(end, new Random(seed), seed);
            } catch (final RuntimeException | AssertionError failed) {
                throw new AssertionError("seed " + seed + ", " + end + ": " + failed.getMessage(), failed);
            }
        }
    }

    private static void transfer(final End end, final Random random, final long seed) {
        try (TestNet net = new TestNet(seed, setup(random), TcpConfig.defaults(), 1024, PAGES)) {
            net.cut = random.nextBoolean();
            final RecordingHandler receiver = new RecordingHandler();
            net.b.stack.listen(0, 0, PORT, 8, flow -> receiver);
            final Writer writer = new Writer(net.a, random);
            writer.flow = net.a.stack.connect(net.b.addressHigh, net.b.addressLow, PORT, writer);
            net.run(SECOND_NS / 10);
            net.impairment = Impairment.random(random, 100);
            writer.pump();
            if (end == End.CLOSE) {
                for (int i = 0; i < 1_000 && receiver.received.size() < TOTAL_BYTES; i++) {
                    net.run(SECOND_NS);
                }
                writer.flow.close();
                net.run(600 * SECOND_NS);
                assertThat(Arrays.equals(receiver.received.toByteArray(), writer.content)).as("what came").isTrue();
            } else {
                net.run(random.nextLong(SECOND_NS));
                if (end == End.ABORT) {
                    writer.flow.abort();
                } else if (end == End.PEER_ABORT) {
                    receiver.flow.abort();
                    net.run(600 * SECOND_NS);
                }
                assertThat(Arrays.mismatch(receiver.received.toByteArray(), writer.content))
                        .isIn(-1, receiver.received.size());
            }
            writer.releasePage();
            // Closes the stack; frames that were sent may still show pages until the device has read them.
            net.a.closeAndCheck();
            writer.pages.checkNoLeaks();
        }
    }

    @Test
    void shouldRefuseWhatIsNoPartOfASharedPage() {
        try (TestNet net = new TestNet(1, TestHost.Setup.plain(), TcpConfig.defaults(), 1024, PAGES)) {
            net.b.stack.listen(0, 0, PORT, 8, flow -> new RecordingHandler());
            final RecordingHandler writer = new RecordingHandler();
            final TcpFlow flow = net.a.stack.connect(net.b.addressHigh, net.b.addressLow, PORT, writer);
            final SharedPages pages = flow.sharedPages();
            final int page = pages.allocate();
            final int own = net.a.pool.allocate();
            assertThatThrownBy(() -> flow.writePage(PacketHandle.of(own, 0, 10))).hasMessageContaining("shared pages");
            assertThatThrownBy(() -> flow.writePage(PacketHandle.NONE)).hasMessageContaining("shared pages");
            assertThatThrownBy(() -> flow.writePage(PacketHandle.of(page, 1, pages.pageBytes())))
                    .hasMessageContaining("shared pages");
            assertThat(flow.unacknowledgedBytes()).isZero();
            net.a.pool.release(own);
            pages.release(page);
        }
    }
}
