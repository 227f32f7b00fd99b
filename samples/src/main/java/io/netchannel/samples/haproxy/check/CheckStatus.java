package io.netchannel.samples.haproxy.check;

/** What a check came to, by haproxy's names (management manual, check_status). */
public enum CheckStatus {

    UNKNOWN(0, Result.UNKNOWN, "UNK", "Unknown"), INITIALIZING(1, Result.UNKNOWN, "INI", "Initializing"), CHECKED(3,
            Result.NEUTRAL, "CHECKED", "No status change"), HANA(4, Result.FAILED, "HANA", "Health analyze"), SOCKERR(5,
                    Result.FAILED, "SOCKERR",
                    "Socket error"), L4OK(6, Result.PASSED, "L4OK", "Layer4 check passed"), L4TOUT(7, Result.FAILED,
                            "L4TOUT",
                            "Layer4 timeout"), L4CON(8, Result.FAILED, "L4CON", "Layer4 connection problem"), L6OK(9,
                                    Result.PASSED, "L6OK", "Layer6 check passed"), L6TOUT(10, Result.FAILED, "L6TOUT",
                                            "Layer6 timeout"), L6RSP(11, Result.FAILED, "L6RSP",
                                                    "Layer6 invalid response"), L7TOUT(12, Result.FAILED, "L7TOUT",
                                                            "Layer7 timeout"), L7RSP(13, Result.FAILED, "L7RSP",
                                                                    "Layer7 invalid response"), L7OK(15, Result.PASSED,
                                                                            "L7OK", "Layer7 check passed"), L7OKC(16,
                                                                                    Result.CONDITIONALLY_PASSED,
                                                                                    "L7OKC",
                                                                                    "Layer7 check conditionally passed"), L7STS(
                                                                                            17, Result.FAILED, "L7STS",
                                                                                            "Layer7 wrong status"), PROCERR(
                                                                                                    18, Result.FAILED,
                                                                                                    "PROCERR",
                                                                                                    "External check error"), PROCTOUT(
                                                                                                            19,
                                                                                                            Result.FAILED,
                                                                                                            "PROCTOUT",
                                                                                                            "External check timeout"), PROCOK(
                                                                                                                    20,
                                                                                                                    Result.PASSED,
                                                                                                                    "PROCOK",
                                                                                                                    "External check passed");

    /** What follows from it, in the order of haproxy's numbers. */
    enum Result {
        UNKNOWN, NEUTRAL, FAILED, PASSED, CONDITIONALLY_PASSED
    }

    private final int number;
    private final Result result;
    private final String text;
    private final String description;

    CheckStatus(final int number, final Result result, final String text, final String description) {
        this.number = number;
        this.result = result;
        this.text = text;
        this.description = description;
    }

    Result result() {
        return result;
    }

    /** As statistics show it. */
    public String text() {
        return text;
    }

    public String description() {
        return description;
    }

    /** Whether a code of the protocol (HTTP's status) goes with it. */
    public boolean hasCode() {
        return ordinal() >= L7OK.ordinal();
    }

    /** As server state files have it: haproxy's own number. */
    public int number() {
        return number;
    }

    /** So, of what follows from it. */
    public int resultNumber() {
        return result.ordinal();
    }

    /** @return null if rules can't name it */
    static CheckStatus named(final String name) {
        return switch (name) {
            case "L7OK", "L7OKC", "L6OK", "L4OK", "L7RSP", "L7STS", "L6RSP", "L4CON", "L7TOUT", "L6TOUT", "L4TOUT" ->
                valueOf(name);
            default -> null;
        };
    }
}
