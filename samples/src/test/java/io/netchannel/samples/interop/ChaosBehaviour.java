package io.netchannel.samples.interop;

import java.util.SplittableRandom;

/** What a server does with a request, and how the transfer may end then: by the configuration manual, 8.5. */
enum ChaosBehaviour {

    LENGTH(14, "--"), CHUNKED(8, "--"), LARGE(4, "--"), SAYS_CLOSE(4, "--"), CLOSES_UNSAID(6, "--"), TO_THE_END(3,
            "--"), DRIP(3, "--"), THINK(4, "--"), ERROR_500(3, "--"), EARLY_HINTS(2, "--"), TOO_MUCH(2,
                    "--"), EARLY_ANSWER(2, "--"), SILENT(1, "sH"), RESET_BEFORE(2, "SH"), CLOSE_BEFORE(2,
                            "SH"), RESET_IN_HEAD(2, "SH"), CLOSE_IN_HEAD(2, "SH"), RESET_IN_BODY(2, "SD"), CUT_LENGTH(2,
                                    "SD"), CUT_CHUNK(2, "SD"), JUNK(2, "PH"), BAD_CHUNK(1, "SD"), STALLS(1, "sD");

    private static final int ALL;

    static {
        int all = 0;
        for (final ChaosBehaviour each : values()) {
            all += each.share;
        }
        ALL = all;
    }

    private final int share;
    private final String flags;

    ChaosBehaviour(final int share, final String flags) {
        this.share = share;
        this.flags = flags;
    }

    /** Cause and phase in the log, unless the server was disturbed. */
    String flags() {
        return flags;
    }

    boolean answersWhole() {
        return "--".equals(flags);
    }

    /** Depends on the run's seed, the request and the attempt only. */
    static ChaosBehaviour of(final long seed, final long id, final int attempt) {
        int left = new SplittableRandom(seed * 1_000_003 + id * 31 + attempt).nextInt(ALL);
        for (final ChaosBehaviour each : values()) {
            left -= each.share;
            if (left < 0) {
                return each;
            }
        }
        throw new AssertionError();
    }
}
