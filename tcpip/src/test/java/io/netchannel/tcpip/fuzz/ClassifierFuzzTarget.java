package io.netchannel.tcpip.fuzz;

import io.netchannel.channels.DropCounters;
import io.netchannel.channels.flow.FlowClassifier;
import io.netchannel.channels.flow.FlowFilter;
import io.netchannel.channels.flow.ListenerTable;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.channels.flow.RssIndirection;
import io.netchannel.channels.flow.Verdict;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.tcpip.NetStackFuzzTest;
import io.netchannel.tcpip.TestRegion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Any frame with any metadata into the classifier. What lies around the frame must make no difference, and what the
 * metadata say must lie within it.
 *
 * <pre>
 *  input: flags(8) | GSO type(4), header checksum made right(1) | GSO size(8) | bytes in the first buffer(8), 0 for all | frame
 * </pre>
 */
public final class ClassifierFuzzTarget {

    private static final int HEAD_BYTES = 4;
    private static final int MAX_FRAME_BYTES = 1500;
    private static final int OFFSET = 128;
    private static final int PORT = 80;
    private static final TestRegion REGION = new TestRegion(16, 2048, 1, 16);
    private static final PacketPool POOL = REGION.newPool();
    private static final FlowClassifier CLASSIFIER = classifier();

    private ClassifierFuzzTarget() {
    }

    private static FlowClassifier classifier() {
        final ListenerTable listeners = new ListenerTable();
        listeners.listen(6, 0, 0, PORT, ListenerTable.ANY_VLAN, 0);
        listeners.listen(17, 0, 0, 7, ListenerTable.ANY_VLAN, 0);
        return new FlowClassifier(POOL.packets(), new RssHash(new byte[RssHash.KEY_BYTES]), new RssIndirection(1),
                listeners, REGION.newTables(), FlowFilter.PERMIT_ALL, new DropCounters());
    }

    static List<byte[]> seeds() {
        final List<byte[]> seeds = new ArrayList<>();
        for (final byte[] frame : NetStackFuzzTest.seeds()) {
            seeds.add(seed(PacketLayout.FLAG_CHECKSUM_VALID, frame));
            final byte[] tagged = Arrays.copyOf(frame, frame.length + 4);
            System.arraycopy(frame, 12, tagged, 16, frame.length - 12);
            System.arraycopy(new byte[]{(byte) 0x81, 0, 0, 5}, 0, tagged, 12, 4);
            seeds.add(seed(0, tagged));
        }
        return seeds;
    }

    private static byte[] seed(final int flags, final byte[] frame) {
        return ByteBuffer.allocate(HEAD_BYTES + frame.length).put((byte) flags).put((byte) 0x10).put((byte) 0)
                .put((byte) 0).put(frame).array();
    }

    public static void fuzzerTestOneInput(final byte[] input) {
        if (input.length < HEAD_BYTES) {
            return;
        }
        final byte[] frame = Arrays.copyOfRange(input, HEAD_BYTES,
                Math.min(input.length, HEAD_BYTES + MAX_FRAME_BYTES));
        if ((input[1] & 0x10) != 0) {
            NetStackFuzzTest.fixIpv4Checksum(frame);
        }
        final String first = classify(input, frame, (byte) 0);
        final String second = classify(input, frame, (byte) 0xFF);
        if (!first.equals(second)) {
            throw new AssertionError("bytes around the frame make a difference: " + first + ", " + second);
        }
    }

    private static String classify(final byte[] input, final byte[] frame, final byte around) {
        final PacketMemory packets = POOL.packets();
        final int head = POOL.allocate();
        final int headBytes = input[3] == 0 ? frame.length : Math.min(frame.length, input[3] & 0xFF);
        final long packet = PacketHandle.of(head, OFFSET, headBytes);
        put(packets, packet, frame, 0, around);
        if (headBytes < frame.length) {
            final long rest = PacketHandle.of(POOL.allocate(), OFFSET, frame.length - headBytes);
            put(packets, rest, frame, headBytes, around);
            packets.addSlice(head, rest);
        }
        packets.flags(head, input[0] & 0xFF & ~PacketLayout.FLAG_CLASSIFIED);
        packets.gso(head, input[1] & 0xF, (input[2] & 0xFF) * 16);
        final int verdict = CLASSIFIER.classify(packet);
        final String result = verdict == Verdict.DROP
                ? CLASSIFIER.dropReason().name()
                : described(packets, packet, verdict);
        POOL.releasePacket(packet);
        POOL.checkNoLeaks();
        return result;
    }

    private static void put(final PacketMemory packets, final long part, final byte[] frame, final int from,
            final byte around) {
        packets.memory().fill(packets.bufferAddress(PacketHandle.index(part)), packets.bufferBytes(), around);
        packets.memory().copyFromArray(frame, from, packets.address(part), PacketHandle.lengthBytes(part));
    }

    private static String described(final PacketMemory packets, final long packet, final int verdict) {
        final int index = PacketHandle.index(packet);
        final int end = packets.networkOffset(index) + packets.networkLengthBytes(index);
        final boolean transport = verdict == Verdict.DELIVER;
        final String text = Verdict.toString(verdict) + " flags=" + packets.flags(index) + " network="
                + packets.networkOffset(index) + ".." + end + " transport=" + packets.transportOffset(index)
                + " payload=" + packets.payloadOffset(index) + " hash=" + packets.flowHash(index) + " vlan="
                + packets.vlanTag(index);
        if (end > packets.frameBytes(packet) || packets.transportOffset(index) > end
                || packets.payloadOffset(index) > Math.min(end, PacketHandle.lengthBytes(packet))
                || transport && packets.payloadOffset(index) < packets.transportOffset(index) + 8) {
            throw new AssertionError(text + " goes beyond the frame of " + packets.frameBytes(packet) + " bytes");
        }
        return text;
    }
}
