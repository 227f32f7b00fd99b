package io.netchannel.virtio.net;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.Region;

/**
 * Fills in the checksum of a frame with NEEDS_CSUM (VirtIO 1.3, 5.1.6.2): the sum from csum_start to the end of the frame,
 * in which the field itself counts with the pseudo header's sum that the sender has put there.
 *
 * <p>Threading: confined to one thread.
 */
final class ChecksumCompletion {

    private final OrderedMemory memory;
    private final long scratch;
    private final VirtioNetHeader finished = new VirtioNetHeader();

    ChecksumCompletion(final Region region) {
        memory = region.memory();
        scratch = region.allocate(Long.BYTES, Long.BYTES);
    }

    int copy(final FrameView frame, final VirtioNetHeader header, final FrameTarget target) {
        final int total = frame.lengthBytes();
        final int answer = target.begin(total, finished);
        if (answer != FrameTarget.READY) {
            return answer;
        }
        final int start = header.checksumStart();
        final int field = start + header.checksumOffset();
        final int sum = frame.sum(start, total - start, 0);
        frame.copy(0, field, target);
        // The form for UDP, where 0 would mean "no checksum", is right for TCP as well: both are zero.
        memory.putShort(scratch, Short.reverseBytes((short) InternetChecksum.udpChecksum(sum)));
        target.write(scratch, Short.BYTES);
        frame.copy(field + Short.BYTES, total - field - Short.BYTES, target);
        target.end();
        return FrameTarget.READY;
    }
}
