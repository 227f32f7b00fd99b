package io.netchannel.virtio.net;

/**
 * Copies frames to a {@link FrameTarget}, once, and finishes on the way what its receiver has not agreed to finish
 * itself: super-frames are cut, partial checksums completed.
 *
 * <p>A super-frame that finds room for only some of its segments goes on where it stopped, when it is offered again.
 *
 * <p>Threading: confined to one thread.
 */
public final class FrameCopier {

    /** A super-frame whose headers are not those of its GSO type; beside what {@link FrameTarget#begin} answers. */
    public static final int BAD_GSO = 4;

    private final SoftwareSegmentation segmentation = new SoftwareSegmentation();
    private final ChecksumCompletion completion = new ChecksumCompletion();

    /** Whether a frame must be cut for a receiver that accepts these GUEST_ features. */
    public static boolean needsSegmentation(final VirtioNetHeader header, final long accepted) {
        if (!header.isGso()) {
            return false;
        }
        return !header.isGsoTypeIn(accepted) || header.hasEcn() && !VirtioFeature.GUEST_ECN.in(accepted);
    }

    /** Whether a frame's checksum must be completed for a receiver that accepts these GUEST_ features. */
    public static boolean needsCompletion(final VirtioNetHeader header, final long accepted) {
        return header.needsChecksum() && !VirtioFeature.GUEST_CSUM.in(accepted);
    }

    /**
     * @param header valid for the frame, see {@link VirtioNetHeader#fault}
     * @param accepted GUEST_ features of the receiver; 0 for finished frames only
     * @return {@link FrameTarget#READY} when the frame is there, else what the target answered, or {@link #BAD_GSO}
     */
    public int copy(final FrameView frame, final VirtioNetHeader header, final long accepted,
            final FrameTarget target) {
        if (needsSegmentation(header, accepted)) {
            return segmentation.copy(frame, header, target);
        }
        if (needsCompletion(header, accepted)) {
            return completion.copy(frame, header, target);
        }
        final int answer = target.begin(frame.lengthBytes(), header);
        if (answer == FrameTarget.READY) {
            frame.copy(0, frame.lengthBytes(), target);
            target.end();
        }
        return answer;
    }

    /** The frame that was offered last won't be offered again. */
    public void forget() {
        segmentation.forget();
    }
}
