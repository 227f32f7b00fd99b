package io.netchannel.samples.haproxy.check;

/**
 * An agent's first frame (SPOE.txt, 3.2): AGENT-HELLO with a version and a size that go with what was offered, or
 * AGENT-DISCONNECT.
 */
final class SpopAnswer {

    /** The length, of four bytes. */
    static final int HEADER = 4;
    /** tune.bufsize without the length. */
    static final int MAX_FRAME_SIZE = 16_380;

    private static final int MIN_FRAME_SIZE = 256;
    private static final int AGENT_HELLO = 101;
    private static final int AGENT_DISCONNECT = 102;
    /** Type, flags, stream-id, frame-id. */
    private static final int METADATA = 7;
    private static final int FINAL = 1;

    private static final String UNSUPPORTED_VERSION = "unsupported version";
    private static final String BAD_FRAME_SIZE = "max-frame-size too big or too small";

    /** An agent says bye with one of these (3.2.9). */
    private static final String[] REASONS = {"normal", "I/O error", "a timeout occurred", "frame is too big",
        "invalid frame received", "version value not found", "max-frame-size value not found",
        "capabilities value not found", UNSUPPORTED_VERSION, BAD_FRAME_SIZE, "fragmentation not supported",
        "invalid interlaced frames", "frame-id not found", "resource allocation error"};
    private static final int FRAME_SIZE_MISSING = 6;
    private static final int VERSION_MISSING = 5;
    private static final int FRAGMENTED = 10;

    private SpopAnswer() {
    }

    static Step.Outcome read(final String data, final boolean last) {
        if (data.length() < HEADER) {
            return last ? failed(SpopItems.INVALID) : null;
        }
        final long lengthBytes = SpopItems.int32(data, 0);
        if (data.length() < HEADER + lengthBytes) {
            return last ? failed(SpopItems.INVALID) : null;
        }
        final String frame = data.substring(HEADER, (int) (HEADER + lengthBytes));
        final String reason;
        try {
            reason = !frame.isEmpty() && frame.charAt(0) == AGENT_DISCONNECT ? disconnect(frame) : hello(frame);
        } catch (final SpopItems.InvalidException e) {
            return failed(SpopItems.INVALID);
        }
        return reason == null ? new Step.Outcome(CheckStatus.L7OK, 0, "SPOA server is ok") : failed(reason);
    }

    private static Step.Outcome failed(final String reason) {
        return new Step.Outcome(CheckStatus.L7RSP, 0, reason);
    }

    /** @return what is wrong with it, or null */
    private static String hello(final String frame) throws SpopItems.InvalidException {
        if (frame.length() < METADATA || frame.charAt(0) != AGENT_HELLO) {
            return SpopItems.INVALID;
        }
        final SpopItems items = items(frame);
        if (items == null) {
            return REASONS[FRAGMENTED];
        }
        boolean hasVersion = false;
        boolean hasFrameSize = false;
        while (items.hasNext()) {
            final String key = items.key();
            if (key.startsWith("version")) {
                if (!isVersion2(items.text())) {
                    return UNSUPPORTED_VERSION;
                }
                hasVersion = true;
            } else if (key.startsWith("max-frame-size")) {
                final long size = items.integer();
                if (size < MIN_FRAME_SIZE || size > MAX_FRAME_SIZE) {
                    return BAD_FRAME_SIZE;
                }
                hasFrameSize = true;
            } else if (key.startsWith("capabilities")) {
                items.text();
            } else {
                items.skip();
            }
        }
        if (!hasVersion) {
            return REASONS[VERSION_MISSING];
        }
        return hasFrameSize ? null : REASONS[FRAME_SIZE_MISSING];
    }

    private static boolean isVersion2(final String version) {
        return version.strip().matches("0*2\\.0+");
    }

    /** @return why the agent doesn't want to talk */
    private static String disconnect(final String frame) throws SpopItems.InvalidException {
        if (frame.length() < METADATA) {
            return SpopItems.INVALID;
        }
        final SpopItems items = items(frame);
        if (items == null) {
            return REASONS[FRAGMENTED];
        }
        long code = 0;
        while (items.hasNext()) {
            final String key = items.key();
            if (key.startsWith("status-code")) {
                code = items.integer();
            } else if (key.startsWith("message")) {
                items.text();
            } else {
                items.skip();
            }
        }
        return code >= 0 && code < REASONS.length ? REASONS[(int) code] : "an unknown error occurred";
    }

    /** @return null if it is only a fragment, which these frames can't be (3.2.4) */
    private static SpopItems items(final String frame) throws SpopItems.InvalidException {
        if ((SpopItems.int32(frame, 1) & FINAL) == 0) {
            return null;
        }
        if (frame.charAt(METADATA - 2) != 0 || frame.charAt(METADATA - 1) != 0) {
            throw new SpopItems.InvalidException();
        }
        return new SpopItems(frame, METADATA);
    }
}
