package io.netchannel.virtio.net;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.cpu.OrderedMemory;

/**
 * Fills in the checksum of a frame with NEEDS_CSUM (VirtIO 1.3, 5.1.6.2): the sum from csum_start to the end of the
 * frame, in which the field itself counts with the pseudo header's sum that the sender has put there.
 *
 * <p>Threading: confined to one thread.
 */
final class ChecksumCompletion {

    private final Scratch field = new Scratch(Long.BYTES, Long.BYTES);
    private final OrderedMemory memory = field.memory();
    private final VirtioNetHeader finished = new VirtioNetHeader();

    int copy(final FrameView frame, final VirtioNetHeader header, final FrameTarget target) {
        final int total = frame.lengthBytes();
        final int answer = target.begin(total, finished);
        if (answer != FrameTarget.READY) {
            return answer;
        }
        final int start = header.checksumStart();
        final int fieldOffset = start + header.checksumOffset();
        final int sum = frame.sum(start, total - start, 0);
        frame.copy(0, fieldOffset, target);
        // The form for UDP, where 0 would mean "no checksum", is right for TCP as well: both are zero.
        memory.putShort(field.address(), Short.reverseBytes((short) InternetChecksum.udpChecksum(sum)));
        target.write(field.address(), Short.BYTES);
        frame.copy(fieldOffset + Short.BYTES, total - fieldOffset - Short.BYTES, target);
        target.end();
        return FrameTarget.READY;
    }
}
