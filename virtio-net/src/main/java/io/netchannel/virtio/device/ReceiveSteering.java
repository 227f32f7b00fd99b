package io.netchannel.virtio.device;

import io.netchannel.channels.flow.FlowKey;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.channels.flow.RssIndirection;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.virtio.net.FrameView;
import io.netchannel.virtio.net.Scratch;

/**
 * Finds the flow of a frame, to spread flows over queue pairs (VirtIO 1.3, 5.1.6.5.6 and .7). It validates no more than
 * it reads: a frame that is not what it seems goes to some queue pair, and the driver's classifier has the last word.
 *
 * <p>Threading: confined to one thread.
 */
final class ReceiveSteering {

    private static final int MAX_HEADERS_BYTES = 128;

    private final Scratch scratch = new Scratch(MAX_HEADERS_BYTES, 128);
    private final OrderedMemory memory = scratch.memory();
    private final long headers = scratch.address();
    private final FlowKey key = new FlowKey();

    /** @return 0 for what is neither IPv4 nor IPv6 */
    int queuePair(final FrameView frame, final RssHash hash, final RssIndirection indirection) {
        final int copied = Math.min(frame.lengthBytes(), MAX_HEADERS_BYTES);
        frame.copy(0, copied, headers);
        int network = 14;
        int etherType = getShort(12);
        while ((etherType == 0x8100 || etherType == 0x88A8) && network < 22) {
            etherType = getShort(network + 2);
            network += 4;
        }
        final boolean found = etherType == 0x0800
                ? parseIpv4(network, copied)
                : etherType == 0x86DD && parseIpv6(network, copied);
        return found ? indirection.loopOf(hash.hash(key)) : 0;
    }

    private boolean parseIpv4(final int network, final int copied) {
        if (network + 20 > copied) {
            return false;
        }
        final int transport = network + (getByte(network) & 0xF) * 4;
        final boolean fragment = (getShort(network + 6) & 0x3FFF) != 0;
        final boolean ports = !fragment && transport + 4 <= copied;
        key.protocol(ports ? getByte(network + 9) : 0);
        key.remoteV4(getInt(network + 12), ports ? getShort(transport) : 0);
        key.localV4(getInt(network + 16), ports ? getShort(transport + 2) : 0);
        return true;
    }

    private boolean parseIpv6(final int network, final int copied) {
        if (network + 44 > copied) {
            return false;
        }
        final int transport = network + 40;
        key.protocol(getByte(network + 6));
        key.remote(getLong(network + 8), getLong(network + 16), getShort(transport));
        key.local(getLong(network + 24), getLong(network + 32), getShort(transport + 2));
        return true;
    }

    private int getByte(final int offset) {
        return memory.getByte(headers + offset) & 0xFF;
    }

    private int getShort(final int offset) {
        return Short.reverseBytes(memory.getShort(headers + offset)) & 0xFFFF;
    }

    private int getInt(final int offset) {
        return Integer.reverseBytes(memory.getInt(headers + offset));
    }

    private long getLong(final int offset) {
        return Long.reverseBytes(memory.getLong(headers + offset));
    }
}
